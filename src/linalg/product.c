/* Products of rows with blocks, a slice of columns at a time: each is one pass over the entries.
 *
 * A slice of Z is read row by row wherever the targets lie. So it is packed: rows that begin at a
 * cache line, scaled on the way. The product then costs about one pass whatever the scaling. */
#include "linalg/product.h"

#include "linalg/product_kernels.h"

#include <string.h>
#include <sys/mman.h>

enum { LINE = 64, PAGE = 1 << 12, LARGE = 1 << 22 }; /* bytes */
enum { RANGE = 1 << 15 };                            /* steps of work between two polls */
enum { STRIP = 4096, STRIPS = 256 }; /* rows whose terms are added up apart; how many of them */

static const char multiplying[] = "multiplying"; /* a stage */

/* Rows are read from everywhere in a slice: with pages of 4 KiB most of them would miss the TLB. */
static void use_large_pages(double *memory, int64_t bytes)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t first = ((uintptr_t)memory + PAGE - 1) / PAGE * PAGE;
    const uintptr_t end = ((uintptr_t)memory + (uintptr_t)bytes) / PAGE * PAGE;

    if (bytes >= LARGE && first < end) madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
    (void)memory, (void)bytes;
#endif
}

kith_status kith_i_scratch_reserve(kith_i_scratch *scratch, int64_t count, kith_error *err)
{
    if (count <= scratch->room) return KITH_OK;
    kith_i_free(scratch->memory);
    *scratch = (kith_i_scratch){ 0 };
    const kith_status status = kith_i_alloc(&scratch->memory, count, sizeof(double), err);
    if (status != KITH_OK) return status;
    scratch->room = count;
    use_large_pages(scratch->memory, count * (int64_t)sizeof(double));
    return KITH_OK;
}

/* ---- Ranges of rows ---- */

/* Steps before a row, counting its own beginning. */
static int64_t steps_before(const int64_t *offsets, int64_t steps, int64_t row)
{
    return (offsets ? offsets[row] - offsets[0] + row : row) * steps;
}

/* The first row before which there are so many steps. */
static int64_t row_at(int64_t rows, const int64_t *offsets, int64_t steps, int64_t wanted)
{
    int64_t low = 0, high = rows;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (steps_before(offsets, steps, middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

kith_status kith_i_ranges(int64_t rows, const int64_t *offsets, int64_t steps, int threads,
                          kith_i_poll *poll, kith_i_pass pass, void *self, kith_error *err)
{
    const int64_t work = steps_before(offsets, steps, rows), count = work / RANGE + 1;

    if (work < KITH_I_WORTH_WAKING) threads = 1;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (int64_t k = 0; k < count; k++) {
        if (omp_get_thread_num() == 0)
            kith_i_poll_check(poll, multiplying, (double)k / (double)count, NULL);
        if (kith_i_poll_stopped(poll)) continue;
        const int64_t begin = row_at(rows, offsets, steps, k * RANGE);
        const int64_t end = k + 1 < count ? row_at(rows, offsets, steps, (k + 1) * RANGE) : rows;
        if (begin < end) pass(self, begin, end);
    }
    return kith_i_poll_stopped(poll) ? kith_i_poll_check(poll, multiplying, 1, err) : KITH_OK;
}

/* ---- Slices of Z ---- */

typedef struct {
    const double *x, *right;
    int64_t stride, columns, width;
    double *z;
} packing;

static void pack(void *self, int64_t begin, int64_t end)
{
    const packing *p = self;

    for (int64_t i = begin; i < end; i++) {
        const double *x = p->x + i * p->stride, r = p->right ? p->right[i] : 1;
        double *z = p->z + i * p->width;
        for (int64_t c = 0; c < p->columns; c++) z[c] = r * x[c];
        for (int64_t c = p->columns; c < p->width; c++) z[c] = 0;
    }
}

static bool aligned(const double *x)
{
    return (uintptr_t)x % LINE == 0;
}

/* Points the job at columns of X: where they lie, or packed. */
static kith_status slice(kith_i_kernel_job *job, int64_t width, int64_t b, const double *x,
                         int threads, kith_i_scratch *scratch, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const double *right = job->product->right;
    const int64_t rows = job->product->m.columns;
    packing p = { x, right, b, job->columns, width, NULL };

    job->z = x;
    job->stride = b;
    if (!right && (width == 1 || (job->columns == width && aligned(x) && aligned(x + b))))
        return KITH_OK;
    KITH_TRY(kith_i_scratch_reserve(scratch, rows * width + LINE / 8, err));
    p.z = scratch->memory;
    while (!aligned(p.z)) p.z++;
    KITH_TRY(kith_i_ranges(rows, NULL, width, threads, poll, pack, &p, err));
    job->z = p.z;
    job->stride = width;

done:
    return status;
}

/* ---- Products ---- */

kith_i_level kith_i_level_best(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f")) return KITH_I_LEVEL_AVX512;
    if (__builtin_cpu_supports("avx2")) return KITH_I_LEVEL_AVX2;
#endif
    return KITH_I_LEVEL_BASE;
}

/* The kernel of a width that is a power of two; NULL where a level has none. */
static kith_i_pass kernel(kith_i_level level, int64_t width)
{
    int i = 0;

    if (width == 1) return kith_i_kernel_single;
    while (KITH_I_NARROW << i < width) i++;
#ifdef __x86_64__
    if (level == KITH_I_LEVEL_AVX512 && kith_i_kernels_avx512[i]) return kith_i_kernels_avx512[i];
    if (level >= KITH_I_LEVEL_AVX2) return kith_i_kernels_avx2[i];
#endif
    return kith_i_kernels_base[i];
}

/* The width of the kernel for the next of `left` columns: a quarter of it may go to waste. */
static int64_t width_for(kith_i_level level, int64_t left)
{
    int64_t width = KITH_I_WIDE;

    if (left == 1) return 1;
    while (width > KITH_I_NARROW && (4 * left < 3 * width || !kernel(level, width))) width /= 2;
    return width;
}

kith_status kith_i_multiply(const kith_i_product *product, int64_t b, const double *x, double *y,
                            int threads, kith_i_scratch *scratch, kith_i_poll *poll,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_rows *m = &product->m;
    const kith_i_level level =
        product->level == KITH_I_LEVEL_BEST ? kith_i_level_best() : product->level;

    for (int64_t c = 0, width; c < b; c += width) {
        width = width_for(level, b - c);
        kith_i_kernel_job job = { .product = product, .y = y + c, .y_stride = b };
        job.columns = width < b - c ? width : b - c;
        KITH_TRY(slice(&job, width, b, x + c, threads, scratch, poll, err));
        const int64_t steps = (width + 7) / 8 * (m->offsets ? 1 : m->columns);
        KITH_TRY(kith_i_ranges(m->rows, m->offsets, steps, threads, poll, kernel(level, width),
                               &job, err));
    }

done:
    return status;
}

/* ---- Few dense columns ---- */

/* X of b columns and U of r; partial sums of strips, each r rows of b numbers. */
typedef struct {
    int64_t n, r, b, strip;
    const double *u, *x;
    double *sums;
} projection;

static void project_strips(void *self, int64_t begin, int64_t end)
{
    const projection *p = self;

    for (int64_t s = begin; s < end; s++) {
        const int64_t last = (s + 1) * p->strip < p->n ? (s + 1) * p->strip : p->n;
        double *sums = p->sums + s * p->r * p->b;
        memset(sums, 0, (size_t)(p->r * p->b) * sizeof *sums);
        for (int64_t i = s * p->strip; i < last; i++) {
            for (int64_t a = 0; a < p->r; a++) {
                const double u = p->u ? p->u[i * p->r + a] : 1;
                for (int64_t c = 0; c < p->b; c++) sums[a * p->b + c] += u * p->x[i * p->b + c];
            }
        }
    }
}

kith_status kith_i_project(int64_t n, int64_t r, const double *u, int64_t b, const double *x,
                           double *out, int threads, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t strip = n > STRIP * STRIPS ? (n + STRIPS - 1) / STRIPS : STRIP;
    const int64_t strips = (n + strip - 1) / strip, size = r * b;
    projection p = { n, r, b, strip, u, x, NULL };

    KITH_TRY(kith_i_alloc(&p.sums, strips * size, sizeof *p.sums, err));
    KITH_TRY(kith_i_ranges(strips, NULL, strip * size, threads, poll, project_strips, &p, err));
    for (int64_t i = 0; i < size; i++) out[i] = 0;
    for (int64_t s = 0; s < strips; s++)
        for (int64_t i = 0; i < size; i++) out[i] += p.sums[s * size + i];

done:
    kith_i_free(p.sums);
    return status;
}

typedef struct {
    int64_t r, b;
    const double *u, *c;
    double *y;
} spreading;

static void spread(void *self, int64_t begin, int64_t end)
{
    const spreading *s = self;

    for (int64_t i = begin; i < end; i++) {
        for (int64_t a = 0; a < s->r; a++) {
            const double u = s->u ? s->u[i * s->r + a] : 1;
            for (int64_t j = 0; j < s->b; j++) s->y[i * s->b + j] += u * s->c[a * s->b + j];
        }
    }
}

kith_status kith_i_spread_rows(int64_t n, int64_t r, const double *u, int64_t b, const double *c,
                               double *y, int threads, kith_i_poll *poll, kith_error *err)
{
    spreading s = { r, b, u, c, y };

    return kith_i_ranges(n, NULL, r * b, threads, poll, spread, &s, err);
}
