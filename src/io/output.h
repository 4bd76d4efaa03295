/* A file in the making, and the buffer that writers format their text into. */
#ifndef KITH_IO_OUTPUT_H
#define KITH_IO_OUTPUT_H

#include "kith/io.h"

#include "io/file.h"

#include <zlib.h>
#include <zstd.h>

enum { KITH_I_OUTPUT_BUFFER = 1 << 18 };

struct kith_output {
    char        *name;      /* of the target as it was given, for messages */
    char        *path;      /* of the target, symbolic links resolved; NULL: standard output */
    char        *temporary; /* the file that is written; NULL: the target itself */
    int          fd;
    kith_i_codec codec;
    z_stream     deflate;
    ZSTD_CCtx   *zstd;
    uint8_t     *packed; /* KITH_I_OUTPUT_BUFFER bytes on their way from the compressor */
    uint8_t     *buffer; /* KITH_I_OUTPUT_BUFFER bytes */
    size_t       filled;
    kith_error   failed; /* the first error: it stays, so that no later call hides it */
    kith_i_poll *poll;   /* asked whenever the buffer is emptied; borrowed, NULL: nobody */
    double fraction;     /* what to tell it */
};

/** kith_output_open() of a file that is written in a call that polls. */
kith_status kith_i_output_open(const char *path, kith_i_poll *poll, kith_output **out,
                               kith_error *err);

/** Asks the poll. */
static inline kith_status kith_i_output_poll(kith_output *output, kith_error *err)
{
    if (!output->poll) return KITH_OK;
    return kith_i_poll_check(output->poll, "writing", output->fraction, err);
}

/** Empties the buffer into the file. */
kith_status kith_i_output_flush(kith_output *output, kith_error *err);

/** Points *at to room for `size` bytes, at most 4096; kith_i_output_used() takes what was written.
 */
static inline kith_status kith_i_output_reserve(kith_output *output, size_t size, char **at,
                                                kith_error *err)
{
    kith_status status = KITH_OK;

    if (output->filled + size > KITH_I_OUTPUT_BUFFER) status = kith_i_output_flush(output, err);
    *at = (char *)output->buffer + output->filled;
    return status;
}

static inline void kith_i_output_used(kith_output *output, const char *end)
{
    output->filled = (size_t)(end - (const char *)output->buffer);
}

#endif
