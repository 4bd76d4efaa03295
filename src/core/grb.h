/* GraphBLAS as Kith uses it: included instead of <GraphBLAS.h>. */
#ifndef KITH_CORE_GRB_H
#define KITH_CORE_GRB_H

#include "core/error.h"

#include <GraphBLAS.h>

/** Maps a GrB_Info below 0 to a status and a message that names the call. */
kith_status kith_i_grb_fail(kith_error *err, int info, const char *call);

/** Whether Kith started GraphBLAS itself, so that the matrix memory is the C library's and arrays
 *  may change hands without a copy. Call kith_init() first. */
bool kith_i_grb_ours(void);

/** A descriptor under which a call uses `threads` threads; free with GrB_Descriptor_free(). */
kith_status kith_i_grb_threads(int threads, GrB_Descriptor *out, kith_error *err);

#endif
