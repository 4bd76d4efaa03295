/* What reading and writing of files have in common: compression, and errors of the system. */
#ifndef KITH_IO_FILE_H
#define KITH_IO_FILE_H

#include "core/base.h"

#include <errno.h>
#include <string.h>

typedef enum kith_i_codec { KITH_I_PLAIN, KITH_I_GZIP, KITH_I_ZSTD } kith_i_codec;

/** Whether the first `length` bytes of a name have that ending. */
static inline bool kith_i_has_ending(const char *name, size_t length, const char *ending)
{
    const size_t size = strlen(ending);

    return length > size && !memcmp(name + length - size, ending, size);
}

/** The compression that a name's ending stands for. `stem`: the length of the name without it. */
static inline kith_i_codec kith_i_codec_of_name(const char *name, size_t *stem)
{
    const size_t length = strlen(name);
    const bool gzip = kith_i_has_ending(name, length, ".gz");
    const bool zstd = kith_i_has_ending(name, length, ".zst");

    *stem = length - (gzip ? 3 : zstd ? 4 : 0);
    return gzip ? KITH_I_GZIP : zstd ? KITH_I_ZSTD : KITH_I_PLAIN;
}

/** Fails with KITH_E_IO, "NAME: WHAT (the reason in errno)". */
static inline kith_status kith_i_system_fail(kith_error *err, const char *name, const char *what)
{
    char text[128];

    return kith_i_fail(err, KITH_E_IO, "%s: %s (%s)", name, what,
                       strerror_r(errno, text, sizeof text));
}

#endif
