/* libFuzzer's changes to zip archives, after which the checksums are right again: otherwise hardly
 * an input would come further than to them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

enum { ENTRY_SIZE = 46, LOCAL_SIZE = 30, LARGEST = 1 << 20 };

static uint32_t number(const uint8_t *at, int width)
{
    uint32_t value = 0;

    for (int i = 0; i < width; i++) value |= (uint32_t)at[i] << (8 * i);
    return value;
}

/* The checksum of a member's bytes, of those that come out of it when it is deflated. */
static uint32_t checksum(const uint8_t *packed, uint32_t packed_size, int method)
{
    static uint8_t bytes[LARGEST];
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)packed, .avail_in = packed_size,
                        .next_out = bytes, .avail_out = LARGEST };

    if (method == 0) return (uint32_t)crc32(0, packed, packed_size);
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 0;
    inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return (uint32_t)crc32(0, bytes, (uInt)stream.total_out);
}

/* Puts right the checksum of an entry of the directory. */
static void mend(uint8_t *data, size_t size, uint8_t *entry)
{
    const uint32_t packed_size = number(entry + 20, 4), offset = number(entry + 42, 4);
    size_t start;
    uint32_t crc;

    if (offset > size || size - offset < LOCAL_SIZE) return;
    start = offset + LOCAL_SIZE + number(data + offset + 26, 2) + number(data + offset + 28, 2);
    if (start > size || packed_size > size - start) return;
    crc = checksum(data + start, packed_size, (int)number(entry + 10, 2));
    for (int i = 0; i < 4; i++) entry[16 + i] = (uint8_t)(crc >> (8 * i));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    (void)seed;
    size = LLVMFuzzerMutate(data, size, room);
    for (size_t at = 0; at + ENTRY_SIZE <= size; at++)
        if (!memcmp(data + at, "PK\001\002", 4)) mend(data, size, data + at);
    return size;
}
