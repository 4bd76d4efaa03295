/* The kernels of one instruction set: its file defines KERNEL_BYTES, the width of its vectors, and
 * KERNEL_TARGET, an attribute of its functions, and includes this.
 *
 * An entry of a row adds a row of Z, times its weight, to sums that stay in registers: they have
 * names, since gcc 12 puts an array of them into memory. */
#include "linalg/product_kernels.h"

#if KERNEL_BYTES == 8
typedef double wide;
#else
typedef double wide __attribute__((vector_size(KERNEL_BYTES), aligned(8), may_alias));
#endif

#define KERNEL_INLINE static inline __attribute__((always_inline)) KERNEL_TARGET

enum { LANES = KERNEL_BYTES / 8 };
enum { LINE = 64, PREFETCHED = 4 * LINE }; /* bytes; rows of Z that are shorter come fast enough */
enum { AHEAD = 16 };                       /* entries */

enum weights { ONES, FLOATS, DOUBLES };

KERNEL_INLINE void store(const kith_i_kernel_job *job, double *y, const wide *sums, int vectors)
{
    double spare[8 * LANES];
    wide *out = (wide *)(job->columns == vectors * LANES ? y : spare);

    for (int v = 0; v < vectors; v++) out[v] = sums[v];
    if (job->columns == vectors * LANES) return;
    for (int64_t c = 0; c < job->columns; c++) y[c] = spare[c];
}

/* Asks for a row of Z that is needed soon. */
KERNEL_INLINE void prefetch(const kith_i_kernel_job *job, int64_t entry, int bytes)
{
    const kith_i_matrix_rows *m = &job->product->m;
    const double *z = job->z + (int64_t)(m->targets[entry] - m->first) * job->stride;

    for (int at = 0; at < bytes; at += LINE) __builtin_prefetch((const char *)z + at);
}

/* Rows begin to end - 1 for Z of `vectors` vectors, one of 1, 2, 4 and 8. */
KERNEL_INLINE void rows(const kith_i_kernel_job *job, int64_t begin, int64_t end, int vectors,
                        enum weights weights, bool dense)
{
    const kith_i_matrix_rows *m = &job->product->m;
    const double *left = job->product->left, *added = job->product->added;
    const int bytes = vectors * KERNEL_BYTES;
    const int64_t known = dense || bytes < PREFETCHED ? 0 : m->offsets[end] - AHEAD;

    for (int64_t i = begin; i < end; i++) {
        const int64_t from = dense ? i * m->columns : m->offsets[i];
        const int64_t to = dense ? from + m->columns : m->offsets[i + 1];
        wide s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
        wide s4 = { 0 }, s5 = { 0 }, s6 = { 0 }, s7 = { 0 };
        for (int64_t e = from; e < to; e++) {
            if (bytes >= PREFETCHED && e < known) prefetch(job, e + AHEAD, bytes);
            const int64_t at = dense ? e - from : (int64_t)(m->targets[e] - m->first);
            const wide *z = (const wide *)(job->z + at * job->stride);
            const double w = weights == FLOATS    ? (double)m->weights32[e]
                             : weights == DOUBLES ? m->weights64[e]
                                                  : 1;
            s0 += w * z[0];
            if (vectors > 1) s1 += w * z[1];
            if (vectors > 2) {
                s2 += w * z[2];
                s3 += w * z[3];
            }
            if (vectors > 4) {
                s4 += w * z[4];
                s5 += w * z[5];
                s6 += w * z[6];
                s7 += w * z[7];
            }
        }
        const double l = left ? left[i] : job->product->factor;
        wide sums[8] = { l * s0, l * s1, l * s2, l * s3, l * s4, l * s5, l * s6, l * s7 };
        if (added) {
            const wide *z = (const wide *)(job->z + i * job->stride);
            for (int v = 0; v < vectors; v++) sums[v] += added[i] * z[v];
        }
        store(job, job->y + i * job->y_stride, sums, vectors);
    }
}

KERNEL_INLINE void choose(const kith_i_kernel_job *job, int64_t begin, int64_t end, int vectors)
{
    const kith_i_matrix_rows *m = &job->product->m;

    if (!m->offsets && m->weights64)
        rows(job, begin, end, vectors, DOUBLES, true);
    else if (!m->offsets && m->weights32)
        rows(job, begin, end, vectors, FLOATS, true);
    else if (!m->offsets)
        rows(job, begin, end, vectors, ONES, true);
    else if (m->weights64)
        rows(job, begin, end, vectors, DOUBLES, false);
    else if (m->weights32)
        rows(job, begin, end, vectors, FLOATS, false);
    else
        rows(job, begin, end, vectors, ONES, false);
}

/* Defines rows_1, ... */
#define KERNEL(vectors)                                                                            \
    KERNEL_TARGET static void rows_##vectors(void *job, int64_t begin, int64_t end)                \
    {                                                                                              \
        choose(job, begin, end, vectors);                                                          \
    }
