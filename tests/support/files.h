/* Files that tests make: each test has a folder of its own, its state, which is removed after it.
 */
#ifndef KITH_TESTS_SUPPORT_FILES_H
#define KITH_TESTS_SUPPORT_FILES_H

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

/** Setup and teardown of a test; *state is the path of the folder. */
int test_folder_make(void **state);
int test_folder_remove(void **state);

/** FOLDER/NAME; free() it. */
char *test_path_in(const char *folder, const char *name);

/** A file with that text; its path, to be freed. */
char *test_file(const char *folder, const char *name, const char *text);

/** The same, of `size` bytes. */
char *test_file_of(const char *folder, const char *name, const void *bytes, size_t size);

/** How many files are in the folder. */
int test_count_files(const char *folder);

/** Fails unless the file holds exactly that text. */
void test_assert_contents(const char *path, const char *text);

/** The contents of a file, decompressed by gzip or zstd, the programs, when its name says so;
 *  zero-terminated, to be freed. */
char *test_unpack(const char *path);

#endif
