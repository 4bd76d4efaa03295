/* A heap that runs out when a test says so: the linker puts it between Kith, GraphBLAS (which Kith
 * starts with it) and the C library's. What zlib and zstd take for themselves is not seen. */
#ifndef KITH_TESTS_FAULT_HEAP_H
#define KITH_TESTS_FAULT_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/** From now on the allocation after `spared` others fails, and with `for_good` all that follow
 *  it. */
void heap_fail_after(int64_t spared, bool for_good);

/** No allocation fails any more; says whether one has. */
bool heap_recover(void);

/** Blocks that have been taken and not given back. */
int64_t heap_live(void);

/** Bytes that have been asked for so far, given back or not. */
int64_t heap_asked(void);

#endif
