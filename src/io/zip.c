/* Reading zip archives from memory, and writing uncompressed ones. */
#include "io/zip.h"

#include "io/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    LOCAL = 0x04034b50, /* signatures */
    ENTRY = 0x02014b50,
    END = 0x06054b50,
    END64 = 0x06064b50,
    LOCATOR64 = 0x07064b50,

    LOCAL_SIZE = 30, /* without the variable parts */
    ENTRY_SIZE = 46,
    END_SIZE = 22,
    END64_SIZE = 56,
    LOCATOR64_SIZE = 20,

    EXTRA_ZIP64 = 0x0001,
    EXTRA_ALIGNMENT = 0xd935, /* as Android's zipalign marks its padding */

    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1, /* a flag */

    MAX_COMMENT = 0xffff,
    MAX_RATIO = 1032, /* deflate makes no more than that of a byte */
    MEBI = 1 << 20
};

#define MAX32 UINT64_C(0xffffffff) /* "look in the zip64 field" */
#define MAX16 UINT64_C(0xffff)

kith_status kith_i_zip_fail(const kith_i_zip *zip, const char *member, kith_error *err,
                            const char *format, ...)
{
    char    text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return kith_i_fail(err, KITH_E_INPUT, "%s: %s%s%s", zip->path, member, *member ? ": " : "",
                       text);
}

/* ---- Reading ---- */

/* The bytes from `offset` on, when there are at least `count` of them before `end`. */
static const uint8_t *span(const kith_i_zip *zip, uint64_t offset, uint64_t count, int64_t end)
{
    if (offset > (uint64_t)end || count > (uint64_t)end - offset) return NULL;
    return zip->bytes + offset;
}

/* The end record closes the file, but for a comment of known length. */
static const uint8_t *find_end(const kith_i_zip *zip)
{
    const int64_t first = zip->size - END_SIZE - MAX_COMMENT;

    for (int64_t at = zip->size - END_SIZE; at >= 0 && at >= first; at--) {
        const uint8_t *end = zip->bytes + at;
        if (kith_i_get(end, 4) == END &&
            (int64_t)kith_i_get(end + 20, 2) == zip->size - END_SIZE - at)
            return end;
    }
    return NULL;
}

/* Replaces size and offset of the directory by those of the zip64 end record. */
static bool read_end64(const kith_i_zip *zip, int64_t before, uint64_t *size, uint64_t *offset)
{
    const uint8_t *locator, *end64;

    if (before < LOCATOR64_SIZE) return false;
    locator = zip->bytes + before - LOCATOR64_SIZE;
    if (kith_i_get(locator, 4) != LOCATOR64) return false;
    end64 = span(zip, kith_i_get(locator + 8, 8), END64_SIZE, before);
    if (!end64 || kith_i_get(end64, 4) != END64) return false;
    *size = kith_i_get(end64 + 40, 8);
    *offset = kith_i_get(end64 + 48, 8);
    return true;
}

kith_status kith_i_zip_open(kith_i_zip *zip, const char *path, const void *bytes, int64_t size,
                            kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint8_t *end;
    uint64_t length, offset;
    bool saturated;

    *zip = (kith_i_zip){ .path = path, .bytes = bytes, .size = size, .poll = poll };
    end = find_end(zip);
    KITH_CHECK(end, KITH_E_INPUT, "%s: is no npz file, or a part of one (expected a zip archive)",
               path);
    length = kith_i_get(end + 12, 4);
    offset = kith_i_get(end + 16, 4);
    saturated = kith_i_get(end + 10, 2) == MAX16 || length == MAX32 || offset == MAX32;
    KITH_CHECK(!saturated || read_end64(zip, end - zip->bytes, &length, &offset), KITH_E_INPUT,
               "%s: the zip64 end record is missing or damaged", path);
    KITH_CHECK(span(zip, offset, length, end - zip->bytes), KITH_E_INPUT,
               "%s: the archive's directory lies outside the file", path);
    zip->directory = (int64_t)offset;
    zip->directory_end = (int64_t)(offset + length);

done:
    return status;
}

/* Sizes and offset of an entry, those in its zip64 field where 32 bits do not hold them. */
static bool read_numbers(const uint8_t *entry, uint64_t numbers[3])
{
    const uint8_t *extra = entry + ENTRY_SIZE + kith_i_get(entry + 28, 2);
    const uint8_t *end = extra + kith_i_get(entry + 30, 2);
    const uint8_t *wide = NULL, *wide_end = NULL;

    numbers[0] = kith_i_get(entry + 24, 4); /* the order in which the zip64 field has them */
    numbers[1] = kith_i_get(entry + 20, 4);
    numbers[2] = kith_i_get(entry + 42, 4);
    while (end - extra >= 4) {
        const int64_t length = (int64_t)kith_i_get(extra + 2, 2);
        if (end - extra - 4 < length) break;
        if (kith_i_get(extra, 2) == EXTRA_ZIP64) {
            wide = extra + 4;
            wide_end = wide + length;
        }
        extra += 4 + length;
    }
    for (int i = 0; i < 3; i++) {
        if (numbers[i] != MAX32) continue;
        if (!wide || wide_end - wide < 8) return false;
        numbers[i] = kith_i_get(wide, 8);
        wide += 8;
    }
    return true;
}

/* Fills `member` from its entry in the directory and its local header. */
static kith_status read_entry(const kith_i_zip *zip, const uint8_t *entry, const char *name,
                              kith_i_zip_member *member, kith_error *err)
{
    const uint64_t method = kith_i_get(entry + 10, 2);
    const uint8_t *local, *data;
    uint64_t numbers[3], start;

    if (kith_i_get(entry + 8, 2) & ENCRYPTED)
        return kith_i_zip_fail(zip, name, err, "is encrypted");
    if (method != STORED && method != DEFLATED)
        return kith_i_zip_fail(zip, name, err, "is compressed by method %d (expected stored or "
                               "deflated)", (int)method);
    if (!read_numbers(entry, numbers))
        return kith_i_zip_fail(zip, name, err, "its zip64 field is missing or damaged");
    local = span(zip, numbers[2], LOCAL_SIZE, zip->directory);
    if (!local || kith_i_get(local, 4) != LOCAL)
        return kith_i_zip_fail(zip, name, err, "its header is missing or damaged");
    start = numbers[2] + LOCAL_SIZE + kith_i_get(local + 26, 2) + kith_i_get(local + 28, 2);
    data = span(zip, start, numbers[1], zip->directory);
    if (!data) return kith_i_zip_fail(zip, name, err, "reaches past the end of the archive's data");
    if (method == STORED ? numbers[0] != numbers[1] : numbers[0] / MAX_RATIO > numbers[1])
        return kith_i_zip_fail(zip, name, err, "its sizes contradict each other (%llu bytes, %llu "
                               "packed)", (unsigned long long)numbers[0],
                               (unsigned long long)numbers[1]);
    *member = (kith_i_zip_member){
        .name = name,
        .packed = data,
        .packed_size = (int64_t)numbers[1],
        .size = (int64_t)numbers[0],
        .deflated = method == DEFLATED,
        .summed = true,
        .crc = (uint32_t)kith_i_get(entry + 16, 4),
    };
    return KITH_OK;
}

kith_status kith_i_zip_find(const kith_i_zip *zip, const char *name, kith_i_zip_member *member,
                            kith_error *err)
{
    const size_t wanted = strlen(name);
    uint64_t at = (uint64_t)zip->directory;

    *member = (kith_i_zip_member){ 0 };
    while (at < (uint64_t)zip->directory_end) {
        const uint8_t *entry = span(zip, at, ENTRY_SIZE, zip->directory_end);
        uint64_t length, rest;

        if (!entry || kith_i_get(entry, 4) != ENTRY) break;
        length = kith_i_get(entry + 28, 2);
        rest = length + kith_i_get(entry + 30, 2) + kith_i_get(entry + 32, 2);
        if (!span(zip, at + ENTRY_SIZE, rest, zip->directory_end)) break;
        if (length == wanted && !memcmp(entry + ENTRY_SIZE, name, wanted))
            return read_entry(zip, entry, name, member, err);
        at += ENTRY_SIZE + rest;
    }
    if (at != (uint64_t)zip->directory_end)
        return kith_i_fail(err, KITH_E_INPUT, "%s: the archive's directory is damaged", zip->path);
    return KITH_OK;
}

kith_status kith_i_zip_reader_open(kith_i_zip_reader *reader, const kith_i_zip *zip,
                                   const kith_i_zip_member *member, kith_error *err)
{
    *reader = (kith_i_zip_reader){ .zip = zip, .member = *member };
    reader->crc = (uint32_t)crc32(0, NULL, 0);
    if (member->deflated && inflateInit2(&reader->stream, -MAX_WBITS) != Z_OK)
        return kith_i_fail(err, KITH_E_MEMORY, "%s: out of memory", zip->path);
    return KITH_OK;
}

void kith_i_zip_reader_close(kith_i_zip_reader *reader)
{
    if (reader->stream.state) inflateEnd(&reader->stream);
}

/* Exactly `count` bytes, at most 1 MiB. */
static bool inflate_some(kith_i_zip_reader *reader, uint8_t *out, uInt count)
{
    z_stream *stream = &reader->stream;
    int answer = Z_OK;

    stream->next_out = out;
    stream->avail_out = count;
    while (stream->avail_out && answer == Z_OK) {
        const int64_t left = reader->member.packed_size - reader->taken;
        const uInt    piece = (uInt)(left < MEBI ? left : MEBI);

        stream->next_in = reader->member.packed + reader->taken;
        stream->avail_in = piece;
        answer = inflate(stream, Z_SYNC_FLUSH);
        reader->taken += piece - stream->avail_in;
    }
    return !stream->avail_out;
}

static kith_status compare_checksum(const kith_i_zip *zip, const kith_i_zip_member *member,
                                    uint32_t crc, kith_error *err)
{
    if (!member->summed || crc == member->crc) return KITH_OK;
    return kith_i_zip_fail(zip, member->name, err, "is damaged (its checksum is %08x, expected "
                           "%08x)", crc, member->crc);
}

static kith_status poll_reading(const kith_i_zip *zip, const kith_i_zip_member *member,
                                int64_t done, kith_error *err)
{
    return kith_i_poll_check(zip->poll, "reading", (double)done / (double)member->size, err);
}

kith_status kith_i_zip_read(kith_i_zip_reader *reader, void *out, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_zip *zip = reader->zip;
    const kith_i_zip_member *member = &reader->member;
    uint8_t *to = out;

    if (count > member->size - reader->given)
        return kith_i_zip_fail(zip, member->name, err, "ends after %lld bytes (expected more)",
                               (long long)member->size);
    while (count > 0) {
        const int64_t piece = count < MEBI ? count : MEBI;

        if (!member->deflated)
            memcpy(to, member->packed + reader->given, (size_t)piece);
        else if (!inflate_some(reader, to, (uInt)piece))
            return kith_i_zip_fail(zip, member->name, err, "its compressed data are damaged");
        reader->crc = (uint32_t)crc32(reader->crc, to, (uInt)piece);
        reader->given += piece;
        to += piece;
        count -= piece;
        KITH_TRY(poll_reading(zip, member, reader->given, err));
    }
    if (reader->given == member->size)
        KITH_TRY(compare_checksum(zip, member, reader->crc, err));

done:
    return status;
}

kith_status kith_i_zip_verify(const kith_i_zip *zip, const kith_i_zip_member *member,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    uLong crc = crc32(0, NULL, 0);

    for (int64_t at = 0; at < member->size; at += MEBI) {
        const int64_t left = member->size - at;

        crc = crc32(crc, member->packed + at, (uInt)(left < MEBI ? left : MEBI));
        KITH_TRY(poll_reading(zip, member, at, err));
    }
    KITH_TRY(compare_checksum(zip, member, (uint32_t)crc, err));

done:
    return status;
}

/* ---- Writing ---- */

enum { DOS_DATE = 0x21 }; /* 1 January 1980: the same graph gives the same bytes */

static uint64_t saturate(uint64_t value, bool wide)
{
    return wide ? MAX32 : value;
}

/* What a local header and an entry have in common, from the version to the length of the name. */
static uint8_t *put_common(uint8_t *at, const char *name, uint64_t size, uint32_t crc, bool wide)
{
    at = kith_i_put(at, 2, wide ? 45 : 20); /* version needed */
    at = kith_i_put(at, 2, 0);              /* flags */
    at = kith_i_put(at, 2, STORED);
    at = kith_i_put(at, 2, 0); /* time */
    at = kith_i_put(at, 2, DOS_DATE);
    at = kith_i_put(at, 4, crc);
    at = kith_i_put(at, 4, saturate(size, wide)); /* packed */
    at = kith_i_put(at, 4, saturate(size, wide));
    return kith_i_put(at, 2, strlen(name));
}

/* The field that holds the numbers in 64 bits; the local header has no offset. */
static uint8_t *put_zip64(uint8_t *at, uint64_t size, const uint64_t *offset)
{
    at = kith_i_put(at, 2, EXTRA_ZIP64);
    at = kith_i_put(at, 2, offset ? 24 : 16);
    at = kith_i_put(at, 8, size);
    at = kith_i_put(at, 8, size);
    return offset ? kith_i_put(at, 8, *offset) : at;
}

static uint8_t *put_text(uint8_t *at, const char *text)
{
    const size_t length = strlen(text);

    memcpy(at, text, length);
    return at + length;
}

/* Adds the member that starts at the present place to the directory. */
static kith_status add_entry(kith_i_zip_writer *w, const char *name, uint64_t size, uint32_t crc,
                             bool wide, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t offset = (uint64_t)w->written;
    const int64_t  most = ENTRY_SIZE + (int64_t)strlen(name) + 28;
    uint8_t *at;

    while (w->directory_capacity < w->directory_size + most)
        KITH_TRY(kith_i_grow(&w->directory, w->directory_capacity, &w->directory_capacity, 1, err));
    at = w->directory + w->directory_size;
    at = kith_i_put(at, 4, ENTRY);
    at = kith_i_put(at, 2, 3 << 8 | 45); /* made on Unix */
    at = put_common(at, name, size, crc, wide);
    at = kith_i_put(at, 2, wide ? 28 : 0); /* extra */
    at = kith_i_put(at, 6, 0);             /* comment, disk, internal attributes */
    at = kith_i_put(at, 4, UINT64_C(0100644) << 16);
    at = kith_i_put(at, 4, saturate(offset, wide));
    at = put_text(at, name);
    if (wide) at = put_zip64(at, size, &offset);
    w->directory_size = at - w->directory;
    w->members++;

done:
    return status;
}

kith_status kith_i_zip_begin(kith_i_zip_writer *w, const char *name, int64_t size, uint32_t crc,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const bool wide = w->always_zip64 || size >= (int64_t)MAX32 || w->written >= (int64_t)MAX32;
    uint8_t header[512] = { 0 };
    uint8_t *at = header;
    int64_t extra, padding, start;

    /* The padding is a field of its own: 4 bytes of header, the alignment in 2, zeros. */
    extra = wide ? 20 : 0;
    start = w->written + LOCAL_SIZE + (int64_t)strlen(name) + extra + 6;
    padding = (KITH_I_ZIP_ALIGNMENT - start % KITH_I_ZIP_ALIGNMENT) % KITH_I_ZIP_ALIGNMENT;
    KITH_TRY(add_entry(w, name, (uint64_t)size, crc, wide, err));
    at = kith_i_put(at, 4, LOCAL);
    at = put_common(at, name, (uint64_t)size, crc, wide);
    at = kith_i_put(at, 2, (uint64_t)(extra + 6 + padding));
    at = put_text(at, name);
    if (wide) at = put_zip64(at, (uint64_t)size, NULL);
    at = kith_i_put(at, 2, EXTRA_ALIGNMENT);
    at = kith_i_put(at, 2, (uint64_t)(2 + padding));
    at = kith_i_put(at, 2, KITH_I_ZIP_ALIGNMENT);
    KITH_TRY(kith_i_zip_write(w, header, at - header + padding, err));

done:
    return status;
}

kith_status kith_i_zip_write(kith_i_zip_writer *w, const void *bytes, int64_t size, kith_error *err)
{
    w->written += size;
    return kith_output_write(w->output, bytes, (size_t)size, err);
}

/* The zip64 end record and its locator. */
static uint8_t *put_end64(uint8_t *at, const kith_i_zip_writer *w, uint64_t offset, uint64_t size)
{
    at = kith_i_put(at, 4, END64);
    at = kith_i_put(at, 8, END64_SIZE - 12);
    at = kith_i_put(at, 2, 3 << 8 | 45);
    at = kith_i_put(at, 2, 45);
    at = kith_i_put(at, 8, 0); /* disks */
    at = kith_i_put(at, 8, (uint64_t)w->members);
    at = kith_i_put(at, 8, (uint64_t)w->members);
    at = kith_i_put(at, 8, size);
    at = kith_i_put(at, 8, offset);
    at = kith_i_put(at, 4, LOCATOR64);
    at = kith_i_put(at, 4, 0);
    at = kith_i_put(at, 8, offset + size);
    return kith_i_put(at, 4, 1); /* number of disks */
}

kith_status kith_i_zip_finish(kith_i_zip_writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t offset = (uint64_t)w->written, size = (uint64_t)w->directory_size;
    const bool wide = w->always_zip64 || offset >= MAX32;
    uint8_t records[END64_SIZE + LOCATOR64_SIZE + END_SIZE];
    uint8_t *at = records;

    KITH_TRY(kith_i_zip_write(w, w->directory, w->directory_size, err));
    if (wide) at = put_end64(at, w, offset, size);
    at = kith_i_put(at, 4, END);
    at = kith_i_put(at, 4, 0); /* disks */
    at = kith_i_put(at, 2, (uint64_t)w->members);
    at = kith_i_put(at, 2, (uint64_t)w->members);
    at = kith_i_put(at, 4, size);
    at = kith_i_put(at, 4, saturate(offset, wide));
    at = kith_i_put(at, 2, 0); /* comment */
    KITH_TRY(kith_i_zip_write(w, records, at - records, err));

done:
    return status;
}

void kith_i_zip_writer_clear(kith_i_zip_writer *w)
{
    kith_i_free(w->directory);
}
