/* Zip archives and NumPy arrays made by hand. */
#include "support/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void test_patch(uint8_t *bytes, int64_t offset, int width, uint64_t value)
{
    for (int i = 0; i < width; i++) bytes[offset + i] = (uint8_t)(value >> (8 * i));
}

static void append(uint8_t **to, int64_t *size, const void *bytes, int64_t count)
{
    *to = realloc(*to, (size_t)(*size + count + 1));
    if (bytes) memcpy(*to + *size, bytes, (size_t)count);
    else memset(*to + *size, 0, (size_t)count);
    *size += count;
}

static void append_number(uint8_t **to, int64_t *size, int width, uint64_t value)
{
    uint8_t bytes[8];

    test_patch(bytes, 0, width, value);
    append(to, size, bytes, width);
}

static uint8_t *deflated(const void *bytes, int64_t size, int64_t *packed_size)
{
    z_stream stream = { 0 };
    uint8_t *out;

    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    const uLong room = deflateBound(&stream, (uLong)size);
    out = malloc(room);
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    deflate(&stream, Z_FINISH);
    *packed_size = (int64_t)stream.total_out;
    deflateEnd(&stream);
    return out;
}

/* From the version that is needed to the length of the name: both headers have it. */
static void append_common(uint8_t **to, int64_t *at, const char *name, int64_t size, int64_t packed,
                          uint32_t crc, int packing)
{
    const bool wide = packing & TEST_ZIP64;

    append_number(to, at, 2, 45);
    append_number(to, at, 2, 0); /* flags */
    append_number(to, at, 2, packing & TEST_DEFLATED ? 8 : 0);
    append_number(to, at, 4, 0x210000); /* time and date */
    append_number(to, at, 4, crc);
    append_number(to, at, 4, wide ? 0xffffffff : (uint64_t)packed);
    append_number(to, at, 4, wide ? 0xffffffff : (uint64_t)size);
    append_number(to, at, 2, strlen(name));
}

void test_archive_add(test_archive *a, const char *name, const void *bytes, int64_t size,
                      int packing)
{
    const uint32_t crc = (uint32_t)crc32(0, bytes, (uInt)size);
    const int64_t length = (int64_t)strlen(name);
    int64_t packed_size = size;
    uint8_t *packed = packing & TEST_DEFLATED ? deflated(bytes, size, &packed_size) : NULL;

    a->local = a->size;
    append_number(&a->bytes, &a->size, 4, 0x04034b50);
    append_common(&a->bytes, &a->size, name, size, packed_size, crc, packing);
    const int64_t start = a->size + 2 + length + 4;
    const int64_t padding = (64 - start % 64) % 64 + (packing & TEST_SHIFTED ? 1 : 0);
    append_number(&a->bytes, &a->size, 2, (uint64_t)padding + 4);
    append(&a->bytes, &a->size, name, length);
    append_number(&a->bytes, &a->size, 2, 0xcafe); /* an extra field of no known kind */
    append_number(&a->bytes, &a->size, 2, (uint64_t)padding);
    append(&a->bytes, &a->size, NULL, padding);
    append(&a->bytes, &a->size, packed ? packed : bytes, packed_size);
    free(packed);

    const bool wide = packing & TEST_ZIP64;
    a->entry = a->directory_size;
    append_number(&a->directory, &a->directory_size, 4, 0x02014b50);
    append_number(&a->directory, &a->directory_size, 2, 45);
    append_common(&a->directory, &a->directory_size, name, size, packed_size, crc, packing);
    append_number(&a->directory, &a->directory_size, 2, wide ? 5 + 28 : 5);
    append(&a->directory, &a->directory_size, NULL, 10); /* comment, disk, attributes */
    append_number(&a->directory, &a->directory_size, 4, wide ? 0xffffffff : (uint64_t)a->local);
    append(&a->directory, &a->directory_size, name, length);
    append_number(&a->directory, &a->directory_size, 4, 0x1cafe);
    append_number(&a->directory, &a->directory_size, 1, 7);
    if (wide) {
        append_number(&a->directory, &a->directory_size, 4, 24 << 16 | 1);
        append_number(&a->directory, &a->directory_size, 8, (uint64_t)size);
        append_number(&a->directory, &a->directory_size, 8, (uint64_t)packed_size);
        append_number(&a->directory, &a->directory_size, 8, (uint64_t)a->local);
    }
    a->members++;
}

void test_archive_array(test_archive *archive, const char *name, const char *type,
                        const char *shape, const void *elements, int64_t size, int packing)
{
    uint8_t *bytes = malloc((size_t)size + 128);
    char header[256];

    snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }%*s",
             type, shape, 128, "");
    memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
    memcpy(bytes + 10, header, 118);
    bytes[127] = '\n';
    if (size) memcpy(bytes + 128, elements, (size_t)size);
    test_archive_add(archive, name, bytes, size + 128, packing);
    free(bytes);
}

void test_archive_finish(test_archive *a, bool zip64)
{
    const int64_t offset = a->size, length = a->directory_size;

    append(&a->bytes, &a->size, a->directory, length);
    if (zip64) {
        append_number(&a->bytes, &a->size, 4, 0x06064b50);
        append_number(&a->bytes, &a->size, 8, 44);
        append(&a->bytes, &a->size, NULL, 12); /* versions, disks */
        append_number(&a->bytes, &a->size, 8, (uint64_t)a->members);
        append_number(&a->bytes, &a->size, 8, (uint64_t)a->members);
        append_number(&a->bytes, &a->size, 8, (uint64_t)length);
        append_number(&a->bytes, &a->size, 8, (uint64_t)offset);
        append_number(&a->bytes, &a->size, 8, 0x07064b50); /* and its disk */
        append_number(&a->bytes, &a->size, 8, (uint64_t)(offset + length));
        append_number(&a->bytes, &a->size, 4, 1);
    }
    append_number(&a->bytes, &a->size, 8, 0x06054b50); /* and two disks */
    append_number(&a->bytes, &a->size, 2, zip64 ? 0xffff : (uint64_t)a->members);
    append_number(&a->bytes, &a->size, 2, zip64 ? 0xffff : (uint64_t)a->members);
    append_number(&a->bytes, &a->size, 4, zip64 ? 0xffffffff : (uint64_t)length);
    append_number(&a->bytes, &a->size, 4, zip64 ? 0xffffffff : (uint64_t)offset);
    append_number(&a->bytes, &a->size, 2, 0);
}

void test_archive_clear(test_archive *archive)
{
    free(archive->bytes);
    free(archive->directory);
    memset(archive, 0, sizeof *archive);
}

uint8_t *test_file_bytes(const char *path, int64_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;

    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    bytes = malloc((size_t)*size + 1);
    *size = (int64_t)fread(bytes, 1, (size_t)*size, file);
    bytes[*size] = 0;
    fclose(file);
    return bytes;
}
