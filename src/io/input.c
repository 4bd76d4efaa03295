/* Opening files, mapping them, and decompression. */
#include "io/input.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 18,
    STEP = 1 << 20, /* bytes between two polls */
    WAIT = 50,      /* milliseconds for a pipe to give something */
    GZIP_WINDOW = 15 + 16
};

void kith_i_bytes_clear(kith_i_bytes *bytes)
{
    if (bytes->mapped) {
        munmap((void *)(uintptr_t)bytes->at, (size_t)bytes->mapped);
        if (bytes->fd >= 0) close(bytes->fd);
    } else {
        kith_i_free(bytes->at);
    }
    *bytes = (kith_i_bytes){ 0 };
}

void kith_i_bytes_scattered(const kith_i_bytes *bytes, bool scattered)
{
    if (!bytes->mapped) return;
    (void)posix_madvise((void *)(uintptr_t)bytes->at, (size_t)bytes->mapped,
                        scattered ? POSIX_MADV_RANDOM : POSIX_MADV_NORMAL);
}

/* ---- Raw bytes ---- */

/* Maps a regular file that is read from its beginning. Zeros follow it: the mapping is one page
 * longer, of anonymous memory. Where that fails the file is read. */
static void map_file(kith_i_input *in)
{
    const int64_t page = sysconf(_SC_PAGESIZE);
    struct stat   file;
    int64_t       length;
    void         *at;

    if (fstat(in->fd, &file) || !S_ISREG(file.st_mode) || file.st_size <= 0) return;
    if (lseek(in->fd, 0, SEEK_CUR) != 0) return;
    length = (file.st_size + page - 1) / page * page + page;
    at = mmap(NULL, (size_t)length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return;
    if (mmap(at, (size_t)file.st_size, PROT_READ, MAP_PRIVATE | MAP_FIXED, in->fd, 0) ==
        MAP_FAILED) {
        munmap(at, (size_t)length);
        return;
    }
    in->file = (kith_i_bytes){ at, file.st_size, length, fcntl(in->fd, F_DUPFD_CLOEXEC, 0) };
    kith_i_bytes_scattered(&in->file, true); /* for the head */
    in->raw = at;
    in->raw_left = file.st_size;
    in->raw_ended = true;
}

/* Waits a moment for more raw bytes. May add none. */
static kith_status read_raw(kith_i_input *in, kith_error *err)
{
    struct pollfd ready = { .fd = in->fd, .events = POLLIN };
    const int answer = poll(&ready, 1, WAIT);

    if (answer == 0 || (answer < 0 && errno == EINTR)) return KITH_OK;
    if (in->raw_left) memmove(in->buffer, in->raw, (size_t)in->raw_left);
    in->raw = in->buffer;
    const ssize_t got = read(in->fd, in->buffer + in->raw_left, (size_t)(BUFFER - in->raw_left));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return KITH_OK;
    if (got < 0) return kith_i_system_fail(err, in->name, "cannot be read");
    in->raw_left += got;
    in->raw_ended = got == 0;
    return KITH_OK;
}

static void take_raw(kith_i_input *in, int64_t count)
{
    in->raw += count;
    in->raw_left -= count;
    in->raw_taken += count;
}

/* ---- Decompression: each takes raw bytes, of which there are some, and gives at most `room` ----
 */

static kith_status fail_damaged(const kith_i_input *in, const char *detail, kith_error *err)
{
    return kith_i_fail(err, KITH_E_INPUT, "%s: its compressed data are damaged (%s)", in->name,
                       detail);
}

static int64_t step_plain(kith_i_input *in, uint8_t *out, int64_t room)
{
    const int64_t count = in->raw_left < room ? in->raw_left : room;

    memcpy(out, in->raw, (size_t)count);
    take_raw(in, count);
    return count;
}

/* Members follow one another; zeros may fill up the last block of a tape. */
static kith_status step_gzip(kith_i_input *in, uint8_t *out, int64_t room, int64_t *got,
                             kith_error *err)
{
    z_stream *z = &in->inflate;
    uInt piece;
    int  answer;

    while (!in->inside && in->raw_left && !*in->raw) take_raw(in, 1);
    if (!in->raw_left && !in->inside) return KITH_OK;
    if (!in->inside && inflateReset(z) != Z_OK) return fail_damaged(in, "no stream", err);
    in->inside = true;
    piece = (uInt)(in->raw_left < STEP ? in->raw_left : STEP);
    z->next_in = in->raw;
    z->avail_in = piece;
    z->next_out = out;
    z->avail_out = (uInt)room;
    answer = inflate(z, Z_NO_FLUSH);
    take_raw(in, piece - z->avail_in);
    *got = room - z->avail_out;
    if (answer == Z_STREAM_END) in->inside = false;
    if (answer == Z_MEM_ERROR)
        return kith_i_fail(err, KITH_E_MEMORY, "%s: out of memory for its compression", in->name);
    if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR)
        return fail_damaged(in, z->msg ? z->msg : "not gzip", err);
    return KITH_OK;
}

static kith_status step_zstd(kith_i_input *in, uint8_t *out, int64_t room, int64_t *got,
                             kith_error *err)
{
    ZSTD_inBuffer from = { in->raw, (size_t)(in->raw_left < STEP ? in->raw_left : STEP), 0 };
    ZSTD_outBuffer to = { out, (size_t)room, 0 };
    const size_t left = ZSTD_decompressStream(in->zstd, &to, &from);

    if (ZSTD_isError(left)) return fail_damaged(in, ZSTD_getErrorName(left), err);
    take_raw(in, (int64_t)from.pos);
    *got = (int64_t)to.pos;
    in->inside = left != 0;
    return KITH_OK;
}

/* One step of decompression, or of waiting. `*ended` when there is no more. */
static kith_status step(kith_i_input *in, uint8_t *out, int64_t room, int64_t *got, bool *ended,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const bool  drained = in->codec == KITH_I_PLAIN || !in->inside;

    *got = 0;
    *ended = false;
    if (!in->raw_left && !in->raw_ended) return read_raw(in, err);
    if (!in->raw_left && drained) {
        *ended = true;
        return KITH_OK;
    }
    switch (in->codec) {
    case KITH_I_PLAIN: *got = step_plain(in, out, room); break;
    case KITH_I_GZIP: KITH_TRY(step_gzip(in, out, room, got, err)); break;
    case KITH_I_ZSTD: KITH_TRY(step_zstd(in, out, room, got, err)); break;
    }
    KITH_CHECK(in->raw_left || !in->raw_ended || !in->inside || *got, KITH_E_INPUT,
               "%s: ends in the middle of its compressed data", in->name);

done:
    return status;
}

static kith_status fail_too_large(const kith_i_input *in, kith_error *err)
{
    if (in->codec == KITH_I_PLAIN)
        return kith_i_fail(err, KITH_E_INPUT, "%s: is too large (expected at most %" PRId64
                           " bytes)", in->name, in->max_bytes);
    return kith_i_fail(err, KITH_E_INPUT, "%s: is too large when decompressed (expected at most "
                       "%" PRId64 " bytes)", in->name, in->max_bytes);
}

kith_status kith_i_input_read(kith_i_input *in, uint8_t *out, int64_t room, int64_t *got,
                              bool *ended, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t allowed = in->max_bytes - in->given + 1; /* one more tells that there is more */

    *got = in->head_left < room ? in->head_left : room;
    memcpy(out, in->head + in->head_size - in->head_left, (size_t)*got);
    in->head_left -= *got;
    *ended = in->ended && !in->head_left;
    if (*got || *ended) return KITH_OK;
    if (room > STEP) room = STEP;
    KITH_TRY(step(in, out, room < allowed ? room : allowed, got, &in->ended, err));
    in->given += *got;
    *ended = in->ended;
    if (in->given > in->max_bytes) status = fail_too_large(in, err);

done:
    return status;
}

/* ---- Opening ---- */

static int64_t physical_memory(void)
{
    return (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
}

/* Which compression the file has, by its first bytes, of which a pipe may give one at a time. */
static kith_status detect_codec(kith_i_input *in, kith_error *err)
{
    static const uint8_t gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
    kith_status status = KITH_OK;
    bool ready = true;

    while (in->raw_left < (int64_t)sizeof zstd && !in->raw_ended) {
        KITH_TRY(read_raw(in, err));
        KITH_TRY(kith_i_poll_check(in->poll, "reading", -1, err));
    }
    if (in->raw_left >= (int64_t)sizeof gzip && !memcmp(in->raw, gzip, sizeof gzip)) {
        in->codec = KITH_I_GZIP;
        ready = inflateInit2(&in->inflate, GZIP_WINDOW) == Z_OK;
    } else if (in->raw_left >= (int64_t)sizeof zstd && !memcmp(in->raw, zstd, sizeof zstd)) {
        in->codec = KITH_I_ZSTD;
        in->zstd = ZSTD_createDCtx();
        ready = in->zstd != NULL;
    }
    KITH_CHECK(ready, KITH_E_MEMORY, "%s: out of memory for its compression", in->name);

done:
    return status;
}

static kith_status read_head(kith_i_input *in, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t got;
    bool ended = false;

    while (!ended && in->head_size < (int64_t)sizeof in->head) {
        KITH_TRY(kith_i_input_read(in, in->head + in->head_size,
                                   (int64_t)sizeof in->head - in->head_size, &got, &ended, err));
        in->head_size += got;
        KITH_TRY(kith_i_poll_check(in->poll, "reading", -1, err));
    }
    in->head_left = in->head_size;

done:
    return status;
}

static bool is_archive(const kith_i_input *in)
{
    return !memcmp(in->head, "PK\003\004", 4);
}

kith_status kith_i_input_open(kith_i_input *in, const char *path, int64_t max_bytes,
                              kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool  standard = !strcmp(path, "-");

    *in = (kith_i_input){ .name = standard ? "standard input" : path, .poll = poll };
    in->standard = standard;
    in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0) return kith_i_system_fail(err, in->name, "cannot be opened");
    map_file(in);
    if (!in->file.at) KITH_TRY(kith_i_alloc(&in->buffer, BUFFER, 1, err));
    in->max_bytes = INT64_MAX - 1;
    KITH_TRY(detect_codec(in, err));
    if (max_bytes > 0)
        in->max_bytes = max_bytes;
    else if (!in->file.at || in->codec != KITH_I_PLAIN)
        in->max_bytes = physical_memory();
    if (in->file.at && in->codec == KITH_I_PLAIN && in->file.size > in->max_bytes)
        KITH_TRY(fail_too_large(in, err));
    KITH_TRY(read_head(in, err));
    if (in->codec != KITH_I_PLAIN || !is_archive(in)) kith_i_bytes_scattered(&in->file, false);

done:
    if (status != KITH_OK) kith_i_input_close(in);
    return status;
}

void kith_i_input_close(kith_i_input *in)
{
    if (in->fd >= 0 && !in->standard) close(in->fd);
    if (in->inflate.state) inflateEnd(&in->inflate);
    ZSTD_freeDCtx(in->zstd);
    kith_i_bytes_clear(&in->file);
    kith_i_free(in->buffer);
    *in = (kith_i_input){ .fd = -1 };
}

bool kith_i_bytes_vast(const kith_i_bytes *bytes)
{
    return bytes->size > physical_memory() / 2;
}

/* ---- All at once ---- */

/* The rest of a file that is not plain and mapped. */
static kith_status read_all(kith_i_input *in, uint8_t **bytes, int64_t *size, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t capacity = 0, got;
    bool ended = false;

    while (!ended) {
        KITH_TRY(kith_i_grow(bytes, *size + KITH_I_PADDING, &capacity, 1, err));
        if (capacity - *size <= KITH_I_PADDING) continue;
        KITH_TRY(kith_i_input_read(in, *bytes + *size, capacity - KITH_I_PADDING - *size, &got,
                                   &ended, err));
        *size += got;
        KITH_TRY(kith_i_poll_check(in->poll, "reading", kith_i_input_fraction(in), err));
    }
    memset(*bytes + *size, 0, KITH_I_PADDING);
    KITH_TRY(kith_i_resize(bytes, *size + KITH_I_PADDING, 1, err));

done:
    return status;
}

kith_status kith_i_input_whole(kith_i_input *in, kith_i_bytes *out, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t *bytes = NULL;
    int64_t  size = 0, half = physical_memory() / 2;

    *out = (kith_i_bytes){ 0 };
    if (in->file.at && in->codec == KITH_I_PLAIN) {
        *out = in->file;
        in->file = (kith_i_bytes){ 0 };
        return KITH_OK;
    }
    if (in->max_bytes > half) in->max_bytes = half;
    KITH_TRY(read_all(in, &bytes, &size, err));
    *out = (kith_i_bytes){ .at = bytes, .size = size };
    bytes = NULL;

done:
    kith_i_free(bytes);
    return status;
}

/* ---- What it is ---- */

double kith_i_input_fraction(const kith_i_input *in)
{
    if (!in->file.at || !in->file.size) return -1;
    return (double)in->raw_taken / (double)in->file.size;
}

kith_format kith_i_input_format(const kith_i_input *in)
{
    size_t stem;

    if (!strncasecmp((const char *)in->head, "%%MatrixMarket", 14))
        return KITH_FORMAT_MATRIX_MARKET;
    if (is_archive(in)) return KITH_FORMAT_NPZ;
    (void)kith_i_codec_of_name(in->name, &stem);
    if (kith_i_has_ending(in->name, stem, ".mtx")) return KITH_FORMAT_MATRIX_MARKET;
    if (kith_i_has_ending(in->name, stem, ".npz")) return KITH_FORMAT_NPZ;
    return KITH_FORMAT_EDGE_LIST;
}

kith_status kith_i_in_file(const char *name, kith_status status, kith_error *err)
{
    kith_error inner;

    if (status != KITH_E_INPUT || !err) return status;
    inner = *err;
    return kith_i_fail(err, status, "%s: %s", name, inner.message);
}
