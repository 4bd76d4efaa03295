/* Zip archives and NumPy arrays made by hand, so that tests can make them wrong. */
#ifndef KITH_TESTS_SUPPORT_ARCHIVE_H
#define KITH_TESTS_SUPPORT_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum test_packing {
    TEST_STORED = 0,
    TEST_DEFLATED = 1,
    TEST_ZIP64 = 2, /* sizes and offset stand in the zip64 field */
    TEST_SHIFTED = 4 /* the bytes start one past a multiple of 64 */
} test_packing;

typedef struct test_archive {
    uint8_t *bytes;
    int64_t  size;
    uint8_t *directory;
    int64_t  directory_size;
    int64_t  members;
    int64_t  local, entry; /* offsets of the last member's headers, the entry's in `directory` */
} test_archive;

/** Adds a member. Its bytes start at a multiple of 64 unless they are TEST_SHIFTED. */
void test_archive_add(test_archive *archive, const char *name, const void *bytes, int64_t size,
                      int packing);

/** Adds an array: its header has 128 bytes. `type` is "<i4", `shape` is "(3,)". */
void test_archive_array(test_archive *archive, const char *name, const char *type,
                        const char *shape, const void *elements, int64_t size, int packing);

/** Adds the directory and the end record (with those of zip64 when asked for). */
void test_archive_finish(test_archive *archive, bool zip64);

void test_archive_clear(test_archive *archive);

/** Overwrites a little-endian number. */
void test_patch(uint8_t *bytes, int64_t offset, int width, uint64_t value);

/** The whole of a file, malloc'ed, with a zero byte after it. */
uint8_t *test_file_bytes(const char *path, int64_t *size);

#endif
