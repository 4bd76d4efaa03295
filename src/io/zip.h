/* Zip archives, as far as NumPy uses them: members stored or deflated, zip64 where it is needed.
 *
 * Reading works on an archive in memory (a mapped file, or one that was read) and trusts nothing in
 * it. Writing stores every member uncompressed, its bytes starting at a multiple of 64, so that the
 * file can be mapped. APPNOTE.TXT 6.3.10 is the description of the format. */
#ifndef KITH_IO_ZIP_H
#define KITH_IO_ZIP_H

#include "kith/io.h"

#include "core/base.h"

#define ZLIB_CONST
#include <zlib.h>

enum { KITH_I_ZIP_ALIGNMENT = 64 };

typedef struct kith_i_zip {
    const char    *path; /* for messages; borrowed */
    const uint8_t *bytes;
    int64_t        size;
    int64_t        directory; /* offset of the central directory */
    int64_t        directory_end;
    kith_i_poll   *poll;
} kith_i_zip;

typedef struct kith_i_zip_member {
    const char    *name; /* NULL: there is no such member */
    const uint8_t *packed;
    int64_t        packed_size;
    int64_t        size;
    bool           deflated;
    bool           summed; /* there is a checksum, crc */
    uint32_t       crc;
} kith_i_zip_member;

/** Finds the central directory of an archive of `size` bytes. `path`, `bytes` and `poll` are
 *  borrowed. Nothing needs closing. */
kith_status kith_i_zip_open(kith_i_zip *zip, const char *path, const void *bytes, int64_t size,
                            kith_i_poll *poll, kith_error *err);

/** Fails with "PATH: MEMBER: ...", or "PATH: ..." when the member is called "". */
__attribute__((format(printf, 4, 5), cold)) kith_status
kith_i_zip_fail(const kith_i_zip *zip, const char *member, kith_error *err, const char *format,
                ...);

/** The member of that name (borrowed); member->name is NULL when there is none. */
kith_status kith_i_zip_find(const kith_i_zip *zip, const char *name, kith_i_zip_member *member,
                            kith_error *err);

/** The bytes of a member from its first to its last. */
typedef struct kith_i_zip_reader {
    const kith_i_zip *zip;
    kith_i_zip_member member;
    int64_t           taken;  /* of the packed bytes */
    int64_t           given;  /* of the bytes */
    uint32_t          crc;    /* of those given */
    z_stream          stream; /* when deflated */
} kith_i_zip_reader;

kith_status kith_i_zip_reader_open(kith_i_zip_reader *reader, const kith_i_zip *zip,
                                   const kith_i_zip_member *member, kith_error *err);
void        kith_i_zip_reader_close(kith_i_zip_reader *reader);

/** The next `count` bytes; fails when there are fewer. With the last byte the checksum is
 *  compared. */
kith_status kith_i_zip_read(kith_i_zip_reader *reader, void *out, int64_t count, kith_error *err);

/** Compares the checksum of a member that is stored, where it lies. */
kith_status kith_i_zip_verify(const kith_i_zip *zip, const kith_i_zip_member *member,
                              kith_error *err);

typedef struct kith_i_zip_writer {
    kith_output *output; /* borrowed */
    int64_t      written;
    int64_t      members;
    uint8_t     *directory;
    int64_t      directory_size, directory_capacity;
    bool         always_zip64; /* also where 32 bits would do */
} kith_i_zip_writer;

/** Begins a member of `size` bytes with that checksum; they follow by kith_i_zip_write(). */
kith_status kith_i_zip_begin(kith_i_zip_writer *writer, const char *name, int64_t size,
                             uint32_t crc, kith_error *err);
kith_status kith_i_zip_write(kith_i_zip_writer *writer, const void *bytes, int64_t size,
                             kith_error *err);

/** Writes the central directory. */
kith_status kith_i_zip_finish(kith_i_zip_writer *writer, kith_error *err);
void        kith_i_zip_writer_clear(kith_i_zip_writer *writer);

#endif
