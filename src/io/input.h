/* Opening a file to read: standard input for "-", plain, gzip or zstd by its first bytes, mapped
 * where it can be. Bytes leave it in one of two ways: all at once by kith_i_input_whole(), or in
 * order by kith_i_input_read(), on which io/lines.h builds blocks of whole lines.
 *
 * A mapped file that somebody else shortens while it is read kills the process (SIGBUS), as with
 * every program that maps files. */
#ifndef KITH_IO_INPUT_H
#define KITH_IO_INPUT_H

#include "kith/io.h"

#include "io/file.h"

#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

/** So many bytes behind the end of every span of bytes may be read; those behind the last are zero.
 */
enum { KITH_I_PADDING = 64 };

/** Bytes that are mapped or in memory. */
typedef struct kith_i_bytes {
    const uint8_t *at;
    int64_t        size;
    int64_t        mapped; /* the length of the mapping; 0: in memory */
    int            fd;     /* the mapped file, to read from it; -1: it is not at hand */
} kith_i_bytes;

void kith_i_bytes_clear(kith_i_bytes *bytes);

/** Whether what is mapped is looked at here and there: the system then reads pages that are touched
 *  alone, where it would read megabytes around them. */
void kith_i_bytes_scattered(const kith_i_bytes *bytes, bool scattered);

/** Whether the bytes are so many that what is read for nothing would push other things out of the
 *  machine's memory. */
bool kith_i_bytes_vast(const kith_i_bytes *bytes);

typedef struct kith_i_input {
    const char  *name;      /* for messages: the path, or "standard input"; borrowed */
    kith_i_poll *poll;      /* borrowed */
    kith_i_codec codec;
    int64_t      max_bytes; /* that may be given; 0: what the machine's memory can hold */
    uint8_t      head[16];  /* the first bytes, decompressed, zeros behind the end */

    kith_i_bytes   file; /* the mapped file, at NULL: read from fd */
    int            fd;
    bool           standard; /* fd is standard input */
    uint8_t       *buffer; /* what fd gives */
    const uint8_t *raw;    /* bytes that are not decompressed yet */
    int64_t        raw_left, raw_taken;
    bool           raw_ended;
    z_stream       inflate;
    ZSTD_DCtx     *zstd;
    bool           inside;    /* a compressed frame has begun and not ended */
    int64_t        given;     /* bytes, the head included */
    int64_t        head_size; /* bytes in the head */
    int64_t        head_left; /* of them, those that are still to be given */
    bool           ended;     /* nothing follows the head */
} kith_i_input;

/** Opens a file and reads its head. `path` and `poll` are borrowed.
 *
 *  max_bytes  of the decompressed contents; 0: what the machine's memory can hold
 *  returns    KITH_OK, KITH_E_IO, KITH_E_INPUT (too large, damaged), KITH_E_MEMORY, and what
 *  polling returns
 */
kith_status kith_i_input_open(kith_i_input *input, const char *path, int64_t max_bytes,
                              kith_i_poll *poll, kith_error *err);
void        kith_i_input_close(kith_i_input *input);

/** All bytes, to be freed with kith_i_bytes_clear(), also after the input is closed. A plain file
 *  is not read but mapped, an archive so that its headers may be looked at here and there. */
kith_status kith_i_input_whole(kith_i_input *input, kith_i_bytes *out, kith_error *err);

/** The next bytes, at most `room`: `*got` of them, possibly none while a pipe has none. `*ended`
 * after the last. Does not poll, so that any one thread may call it; returns at least every 100 ms.
 */
kith_status kith_i_input_read(kith_i_input *input, uint8_t *out, int64_t room, int64_t *got,
                              bool *ended, kith_error *err);

/** How much of the file was taken, 0 to 1, or -1 where that is unknown. */
double kith_i_input_fraction(const kith_i_input *input);

/** The format of a graph or a matrix: what the head says, else the ending of the name. */
kith_format kith_i_input_format(const kith_i_input *input);

/** Puts a file's name before a message about what is in it; gives the status back. */
kith_status kith_i_in_file(const char *name, kith_status status, kith_error *err);

#endif
