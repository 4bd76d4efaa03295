/* What the fuzz targets share. A target reads its input as a file, and uses what was read. */
#ifndef KITH_TESTS_FUZZ_FUZZ_H
#define KITH_TESTS_FUZZ_FUZZ_H

#include "kith/kith.h"

/** The target: called by libFuzzer, or by replay.c. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The path of a file that holds these bytes, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/** The path of a link to that file whose name has an ending that says what it is, ".csv". */
const char *fuzz_named(const char *path, const char *ending);

/** Options that keep an input from asking for much: 2^16 nodes, 2^20 edges, 2^22 bytes. */
kith_read_options fuzz_options(void);

/** Stops the program unless a failed call gave nothing and one clear line, and any other gave
 *  something. */
void fuzz_assert(kith_status status, const void *out, const kith_error *err);

/** Checks a graph and looks at all of it. */
void fuzz_walk(const kith_graph *graph);

#endif
