/* Writing files: bytes pass a buffer and a compressor into a file beside the target, which takes
 * the target's name when it is whole. Standard output and targets that are no regular files (a
 * pipe, /dev/null) are written directly. */
#include "io/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_LEVEL = 6, GZIP_MEMORY = 8, ZSTD_LEVEL = 3, ATTEMPTS = 1000 };

/* ---- The target and the file beside it ---- */

/* Creates "DIRECTORY/.kith-PID-I" for the first I that is free. */
static kith_status open_beside(kith_output *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *slash = strrchr(o->path, '/');
    const int   directory = slash ? (int)(slash + 1 - o->path) : 0;
    const int64_t size = directory + 48;

    KITH_TRY(kith_i_alloc(&o->temporary, size, 1, err));
    for (int i = 0; i < ATTEMPTS && o->fd < 0; i++) {
        snprintf(o->temporary, (size_t)size, "%.*s.kith-%ld-%d", directory, o->path,
                 (long)getpid(), i);
        o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (o->fd < 0 && errno != EEXIST) break;
    }
    if (o->fd < 0) {
        status = kith_i_system_fail(err, o->name, "cannot be created");
        kith_i_free(o->temporary);
        o->temporary = NULL;
    }

done:
    return status;
}

/* A link stays a link: what it leads to is replaced. */
static kith_status resolve(kith_output *o, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    char *real = realpath(path, NULL); /* NULL when there is no such file yet */

    KITH_TRY(kith_i_copy_text(&o->path, real ? real : path, err));

done:
    free(real);
    return status;
}

static kith_status open_target(kith_output *o, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    struct stat target;
    bool exists;

    KITH_TRY(resolve(o, path, err));
    exists = !stat(o->path, &target);
    if (exists && S_ISDIR(target.st_mode)) {
        errno = EISDIR;
        return kith_i_system_fail(err, o->name, "cannot be written");
    }
    if (exists && !S_ISREG(target.st_mode)) {
        o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
        return o->fd < 0 ? kith_i_system_fail(err, o->name, "cannot be written") : KITH_OK;
    }
    if (exists && access(o->path, W_OK)) /* renaming would not ask */
        return kith_i_system_fail(err, o->name, "cannot be written");
    KITH_TRY(open_beside(o, err));
    if (exists) (void)fchmod(o->fd, target.st_mode & 07777); /* as it was, where that is allowed */

done:
    return status;
}

/* ---- Bytes ---- */

static kith_status put_raw(kith_output *o, const uint8_t *bytes, size_t size, kith_error *err)
{
    while (size) {
        const ssize_t written = write(o->fd, bytes, size);

        if (written < 0 && errno != EINTR)
            return kith_i_system_fail(err, o->name, "cannot be written");
        if (written < 0) { /* a signal: it may mean to cancel */
            const kith_status status = kith_i_output_poll(o, err);
            if (status != KITH_OK) return status;
            continue;
        }
        bytes += written;
        size -= (size_t)written;
    }
    return KITH_OK;
}

static kith_status put_gzip(kith_output *o, const uint8_t *bytes, size_t size, bool last,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    z_stream *z = &o->deflate;

    z->next_in = (Bytef *)(uintptr_t)bytes;
    z->avail_in = (uInt)size;
    do {
        z->next_out = o->packed;
        z->avail_out = KITH_I_OUTPUT_BUFFER;
        deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
        KITH_TRY(put_raw(o, o->packed, KITH_I_OUTPUT_BUFFER - z->avail_out, err));
    } while (!z->avail_out);

done:
    return status;
}

static kith_status put_zstd(kith_output *o, const uint8_t *bytes, size_t size, bool last,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    ZSTD_inBuffer in = { bytes, size, 0 };
    size_t left;

    do {
        ZSTD_outBuffer out = { o->packed, KITH_I_OUTPUT_BUFFER, 0 };

        left = ZSTD_compressStream2(o->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        KITH_CHECK(!ZSTD_isError(left), KITH_E_MEMORY, "%s: cannot be compressed (%s)", o->name,
                   ZSTD_getErrorName(left));
        KITH_TRY(put_raw(o, o->packed, out.pos, err));
    } while (last ? left > 0 : in.pos < in.size);

done:
    return status;
}

/* At most KITH_I_OUTPUT_BUFFER bytes when there is a compressor. */
static kith_status put(kith_output *o, const uint8_t *bytes, size_t size, bool last,
                       kith_error *err)
{
    kith_error error = o->failed;
    kith_status status = error.status;

    if (status == KITH_OK) status = kith_i_output_poll(o, &error);
    if (status == KITH_OK) {
        switch (o->codec) {
        case KITH_I_PLAIN: status = put_raw(o, bytes, size, &error); break;
        case KITH_I_GZIP: status = put_gzip(o, bytes, size, last, &error); break;
        case KITH_I_ZSTD: status = put_zstd(o, bytes, size, last, &error); break;
        }
    }
    if (status == KITH_OK) return KITH_OK;
    o->failed = error;
    return kith_i_fail(err, status, "%s", error.message);
}

kith_status kith_i_output_flush(kith_output *o, kith_error *err)
{
    const size_t filled = o->filled;

    o->filled = 0;
    return put(o, o->buffer, filled, false, err);
}

/* ---- The interface ---- */

static kith_status start_compressor(kith_output *o, kith_error *err)
{
    kith_status status = KITH_OK;
    bool ready = true;

    if (o->codec == KITH_I_PLAIN) return KITH_OK;
    KITH_TRY(kith_i_alloc(&o->packed, KITH_I_OUTPUT_BUFFER, 1, err));
    if (o->codec == KITH_I_GZIP) {
        ready = deflateInit2(&o->deflate, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                             Z_DEFAULT_STRATEGY) == Z_OK;
    } else {
        o->zstd = ZSTD_createCCtx();
        ready = o->zstd &&
                !ZSTD_isError(ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_compressionLevel,
                                                     ZSTD_LEVEL)) &&
                !ZSTD_isError(ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_checksumFlag, 1));
    }
    KITH_CHECK(ready, KITH_E_MEMORY, "%s: out of memory for its compression", o->name);

done:
    return status;
}

kith_status kith_output_open(const char *path, kith_output **out, kith_error *err)
{
    return kith_i_output_open(path, NULL, out, err);
}

kith_status kith_i_output_open(const char *path, kith_i_poll *poll, kith_output **out,
                               kith_error *err)
{
    kith_status  status = KITH_OK;
    kith_output *o = NULL;
    size_t       stem;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(path && *path, KITH_E_ARGUMENT, "path must not be empty");
    KITH_TRY(kith_i_zeroed(&o, 1, sizeof *o, err));
    o->fd = -1;
    o->poll = poll;
    o->fraction = -1;
    o->codec = kith_i_codec_of_name(path, &stem);
    KITH_TRY(kith_i_alloc(&o->buffer, KITH_I_OUTPUT_BUFFER, 1, err));
    if (!strcmp(path, "-")) {
        KITH_TRY(kith_i_copy_text(&o->name, "standard output", err));
        o->fd = STDOUT_FILENO;
    } else {
        KITH_TRY(kith_i_copy_text(&o->name, path, err));
        KITH_TRY(start_compressor(o, err));
        KITH_TRY(open_target(o, path, err));
    }
    *out = o;
    o = NULL;

done:
    kith_output_abandon(o);
    return status;
}

kith_status kith_output_write(kith_output *output, const void *bytes, size_t size, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint8_t *from = bytes;

    KITH_CHECK(output && (bytes || !size), KITH_E_ARGUMENT, "output and bytes must not be NULL");
    while (size) {
        const size_t room = KITH_I_OUTPUT_BUFFER - output->filled;
        const size_t piece = size < room ? size : room;

        if (!output->filled && output->codec == KITH_I_PLAIN && size >= room)
            return put(output, from, size, false, err);
        memcpy(output->buffer + output->filled, from, piece);
        output->filled += piece;
        from += piece;
        size -= piece;
        if (output->filled == KITH_I_OUTPUT_BUFFER) KITH_TRY(kith_i_output_flush(output, err));
    }

done:
    return status;
}

/* Closing may report what writing did not (a full disk behind a network). */
static kith_status finish_file(kith_output *o, kith_error *err)
{
    const int failed = close(o->fd);

    o->fd = -1;
    if (failed) return kith_i_system_fail(err, o->name, "cannot be written");
    if (!o->temporary) return KITH_OK;
    if (rename(o->temporary, o->path))
        return kith_i_system_fail(err, o->name, "cannot be replaced");
    kith_i_free(o->temporary);
    o->temporary = NULL;
    return KITH_OK;
}

kith_status kith_output_commit(kith_output *output, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(output, KITH_E_ARGUMENT, "output must not be NULL");
    KITH_TRY(put(output, output->buffer, output->filled, true, err));
    if (output->path) KITH_TRY(finish_file(output, err));

done:
    kith_output_abandon(output);
    return status;
}

void kith_output_abandon(kith_output *output)
{
    if (!output) return;
    if (output->fd >= 0 && output->path) close(output->fd);
    if (output->temporary) unlink(output->temporary);
    if (output->deflate.state) deflateEnd(&output->deflate);
    ZSTD_freeCCtx(output->zstd);
    kith_i_free(output->name);
    kith_i_free(output->path);
    kith_i_free(output->temporary);
    kith_i_free(output->packed);
    kith_i_free(output->buffer);
    kith_i_free(output);
}
