/* GraphBLAS start-up: once per process, for ever. A host that has started it keeps its choices. */
#include "core/grb.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool started, ours;

kith_status kith_i_grb_fail(kith_error *err, int info, const char *call)
{
    if (info == GrB_OUT_OF_MEMORY) return kith_i_fail(err, KITH_E_MEMORY, "out of memory");
    return kith_i_fail(err, KITH_E_INTERNAL, "GraphBLAS returned %d from %s", info, call);
}

bool kith_i_grb_ours(void)
{
    return ours;
}

kith_status kith_init(kith_error *err)
{
    GrB_Info info = GrB_SUCCESS;
    int mode;

    pthread_mutex_lock(&lock);
    if (!started) {
        /* The probe panics until somebody has started the library. */
        if (GxB_Global_Option_get(GxB_MODE, &mode) != GrB_SUCCESS) {
            info = GxB_init(GrB_NONBLOCKING, malloc, calloc, realloc, free);
            ours = info == GrB_SUCCESS;
            if (info == GrB_INVALID_VALUE) info = GrB_SUCCESS; /* the host did since the probe */
        }
        started = info == GrB_SUCCESS;
    }
    pthread_mutex_unlock(&lock);
    return info == GrB_SUCCESS ? KITH_OK : kith_i_grb_fail(err, info, "GxB_init");
}

kith_status kith_i_grb_threads(int threads, GrB_Descriptor *out, kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Descriptor descriptor = NULL;

    *out = NULL;
    KITH_GRB(GrB_Descriptor_new(&descriptor));
    KITH_GRB(GxB_Desc_set(descriptor, GxB_NTHREADS, threads));
    *out = descriptor;
    descriptor = NULL;

done:
    GrB_Descriptor_free(&descriptor);
    return status;
}
