/* Blocks of vectors, by chunks of rows: a chunk is worth some microseconds, and what is summed over
 * rows is summed chunk by chunk in the parts of a fixed number, whatever the threads. */
#include "linalg/block.h"

#include "linalg/tile_kernels.h"

#include <math.h>
#include <string.h>

enum {
    CHUNK = 1024,    /* rows */
    MOST_PARTS = 32, /* of a sum over rows */
    COLUMNS = 64,    /* that a pass over the rows keeps numbers for */
    MOST_ROUNDS = 8, /* of orthonormalisation; two do unless columns are dependent */
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The sums of n rows are made of so many parts, each of whole chunks. */
static int64_t parts_of(int64_t n)
{
    const int64_t chunks = (n + CHUNK - 1) / CHUNK;

    return chunks < 1 ? 1 : smaller(chunks, MOST_PARTS);
}

static int64_t part_begin(int64_t n, int64_t parts, int64_t part)
{
    const int64_t chunks = (n + CHUNK - 1) / CHUNK;

    return smaller(chunks * part / parts * CHUNK, n);
}

static kith_i_tiles_fn tiles_of_machine(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f")) return kith_i_tiles_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kith_i_tiles_avx2;
#endif
    return kith_i_tiles_base;
}

/* sum += X^T Y over the rows from begin to end. */
static void add_gram(int64_t begin, int64_t end, kith_i_columns x, kith_i_columns y, double *sum)
{
    const kith_i_tiles_fn multiply = tiles_of_machine();

    for (int64_t i = begin; i < end; i += KITH_I_TERMS)
        multiply(&(kith_i_tiles){ .terms = smaller(KITH_I_TERMS, end - i),
                                  .rows = x.count,
                                  .columns = y.count,
                                  .x = x.at + i * x.stride,
                                  .x_term = x.stride,
                                  .x_row = 1,
                                  .y = y.at + i * y.stride,
                                  .y_term = y.stride,
                                  .out = sum,
                                  .out_row = y.count });
}

kith_status kith_i_columns_gram(int64_t n, kith_i_columns x, kith_i_columns y, double *out,
                                int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t parts = parts_of(n), size = x.count * y.count;
    double *sums = NULL;

    KITH_TRY(kith_i_zeroed(&sums, parts * size, sizeof *sums, err));
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1 && parts > 1)
    for (int64_t p = 0; p < parts; p++)
        add_gram(part_begin(n, parts, p), part_begin(n, parts, p + 1), x, y, sums + p * size);
    memcpy(out, sums, (size_t)size * sizeof *out);
    for (int64_t p = 1; p < parts; p++)
        for (int64_t i = 0; i < size; i++) out[i] += sums[p * size + i];

done:
    kith_i_free(sums);
    return status;
}

/* Y = X C + beta Y for one chunk of rows. */
static void times(int64_t rows, kith_i_columns x, const double *c, double beta, kith_i_columns y)
{
    const kith_i_tiles_fn multiply = tiles_of_machine();

    for (int64_t i = 0; i < rows && beta != 1; i++)
        for (int64_t j = 0; j < y.count; j++)
            y.at[i * y.stride + j] = beta == 0 ? 0 : beta * y.at[i * y.stride + j];
    for (int64_t k = 0; k < x.count; k += KITH_I_TERMS)
        multiply(&(kith_i_tiles){ .terms = smaller(KITH_I_TERMS, x.count - k),
                                  .rows = rows,
                                  .columns = y.count,
                                  .x = x.at + k,
                                  .x_term = 1,
                                  .x_row = x.stride,
                                  .y = c + k * y.count,
                                  .y_term = y.count,
                                  .out = y.at,
                                  .out_row = y.stride });
}

static kith_i_columns from_row(kith_i_columns x, int64_t i)
{
    x.at += i * x.stride;
    return x;
}

void kith_i_columns_times(int64_t n, kith_i_columns x, const double *c, double beta,
                          kith_i_columns y, int threads)
{
#pragma omp parallel for num_threads(threads) if (threads > 1 && n > CHUNK)
    for (int64_t i = 0; i < n; i += CHUNK)
        times(smaller(CHUNK, n - i), from_row(x, i), c, beta, from_row(y, i));
}

kith_status kith_i_columns_turn(int64_t n, kith_i_columns x, int64_t b, const double *c,
                                int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rows = smaller(n, CHUNK);
    double *room = NULL;

    KITH_TRY(kith_i_alloc(&room, threads * rows * x.count, sizeof *room, err));
#pragma omp parallel for num_threads(threads) if (threads > 1 && n > CHUNK)
    for (int64_t i = 0; i < n; i += CHUNK) {
        const kith_i_columns copy = { x.count, x.count,
                                      room + omp_get_thread_num() * rows * x.count };
        kith_i_columns turned = from_row(x, i);
        kith_i_columns_copy(smaller(CHUNK, n - i), turned, copy, 1);
        turned.count = b;
        times(smaller(CHUNK, n - i), copy, c, 0, turned);
    }

done:
    kith_i_free(room);
    return status;
}

void kith_i_columns_copy(int64_t n, kith_i_columns x, kith_i_columns y, int threads)
{
#pragma omp parallel for num_threads(threads) if (threads > 1 && n > CHUNK)
    for (int64_t i = 0; i < n; i++)
        memcpy(y.at + i * y.stride, x.at + i * x.stride, (size_t)x.count * sizeof *y.at);
}

kith_status kith_i_columns_dots(int64_t n, kith_i_columns x, kith_i_columns y, double *out,
                                int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t parts = parts_of(n), size = x.count;
    double *sums = NULL;

    KITH_TRY(kith_i_zeroed(&sums, parts * size, sizeof *sums, err));
#pragma omp parallel for num_threads(threads) if (threads > 1 && parts > 1)
    for (int64_t p = 0; p < parts; p++)
        for (int64_t i = part_begin(n, parts, p); i < part_begin(n, parts, p + 1); i++)
            for (int64_t j = 0; j < size; j++)
                sums[p * size + j] += x.at[i * x.stride + j] * y.at[i * y.stride + j];
    memcpy(out, sums, (size_t)size * sizeof *out);
    for (int64_t p = 1; p < parts; p++)
        for (int64_t j = 0; j < size; j++) out[j] += sums[p * size + j];

done:
    kith_i_free(sums);
    return status;
}

kith_status kith_i_block_gram(int64_t n, int64_t a, const double *x, int64_t b, const double *y,
                              double *out, int threads, kith_error *err)
{
    return kith_i_columns_gram(n, kith_i_block_columns(x, a), kith_i_block_columns(y, b), out,
                               threads, err);
}

void kith_i_block_times(int64_t n, int64_t a, const double *x, int64_t b, const double *c,
                        double beta, double *y, int threads)
{
    kith_i_columns_times(n, kith_i_block_columns(x, a), c, beta, kith_i_block_columns(y, b),
                         threads);
}

/* Cholesky QR, round by round. */
typedef struct {
    int64_t b;
    double *gram;    /* X^T X; then R of this round in its upper triangle */
    double *inverse; /* R^-1 */
    double *total;   /* R of all rounds */
    double *squares; /* of the lengths of the columns as they were given */
    bool *lost;      /* replaced */
} rounds;

static kith_status rounds_init(rounds *q, int64_t b, kith_error *err)
{
    kith_status status = KITH_OK;

    *q = (rounds){ .b = b };
    KITH_TRY(kith_i_alloc(&q->gram, b * b, sizeof *q->gram, err));
    KITH_TRY(kith_i_alloc(&q->inverse, b * b, sizeof *q->inverse, err));
    KITH_TRY(kith_i_zeroed(&q->total, b * b, sizeof *q->total, err));
    KITH_TRY(kith_i_alloc(&q->squares, b, sizeof *q->squares, err));
    KITH_TRY(kith_i_zeroed(&q->lost, b, sizeof *q->lost, err));
    for (int64_t j = 0; j < b; j++) q->total[j * b + j] = 1;

done:
    return status;
}

static void rounds_clear(rounds *q)
{
    kith_i_free(q->gram);
    kith_i_free(q->inverse);
    kith_i_free(q->total);
    kith_i_free(q->squares);
    kith_i_free(q->lost);
}

/* How far the columns are from orthonormal. */
static double distance(const rounds *q)
{
    const int64_t b = q->b;
    double most = 0;

    for (int64_t i = 0; i < b; i++)
        for (int64_t j = i; j < b; j++) {
            const double d = fabs(q->gram[i * b + j] - (i == j));
            if (!(d <= most)) most = d;
        }
    return most;
}

/* R of the Gram matrix, row by row. Where a column so nearly depends on those before it that
 * rounding rules what is left, it is projected, not scaled: the next round sees what that leaves.
 * Returns whether there is such a column. */
static bool factor(rounds *q)
{
    const int64_t b = q->b;
    double *const r = q->gram;
    bool any = false;

    for (int64_t i = 0; i < b; i++) {
        const double whole = r[i * b + i];
        double left = whole;
        for (int64_t k = 0; k < i; k++) left -= r[k * b + i] * r[k * b + i];
        const bool weak = !(left > 1e-10 * whole);
        any |= weak;
        r[i * b + i] = !weak ? sqrt(left) : whole > 0 ? sqrt(whole) : 1;
        for (int64_t j = i + 1; j < b; j++) {
            double sum = r[i * b + j];
            for (int64_t k = 0; k < i; k++) sum -= r[k * b + i] * r[k * b + j];
            r[i * b + j] = sum / r[i * b + i];
        }
    }
    return any;
}

/* inverse = R^-1 */
static void invert(rounds *q)
{
    const int64_t b = q->b;
    const double *const r = q->gram;
    double *const inverse = q->inverse;

    memset(inverse, 0, (size_t)(b * b) * sizeof *inverse);
    for (int64_t j = 0; j < b; j++) {
        inverse[j * b + j] = 1 / r[j * b + j];
        for (int64_t i = j - 1; i >= 0; i--) {
            double sum = 0;
            for (int64_t k = i + 1; k <= j; k++) sum += r[i * b + k] * inverse[k * b + j];
            inverse[i * b + j] = -sum / r[i * b + i];
        }
    }
}

/* total = R total; lengths are now in units of the scaled columns. */
static void accumulate(rounds *q)
{
    const int64_t b = q->b;

    for (int64_t j = 0; j < b; j++)
        for (int64_t i = 0; i <= j; i++) {
            double sum = 0;
            for (int64_t k = i; k <= j; k++) sum += q->gram[i * b + k] * q->total[k * b + j];
            q->total[i * b + j] = sum;
        }
    for (int64_t j = 0; j < b; j++) q->squares[j] /= q->gram[j * b + j] * q->gram[j * b + j];
}

/* A column of which nothing but rounding is left becomes a random one. Returns whether any did. */
static bool replace(rounds *q, int64_t n, double *x, uint64_t seed, uint64_t round)
{
    const int64_t b = q->b;
    bool any = false;

    for (int64_t j = 0; j < b; j++) {
        if (q->lost[j] || q->gram[j * b + j] > 1e-26 * q->squares[j]) continue;
        for (int64_t i = 0; i < n; i++) {
            kith_i_random r = kith_i_random_at(kith_i_hash(seed, round, j), 0, i);
            x[i * b + j] = kith_i_random_unit(&r) - 0.5;
        }
        memset(q->total + j * b, 0, (size_t)b * sizeof *q->total);
        q->lost[j] = any = true;
    }
    return any;
}

kith_status kith_i_block_orthonormalise(int64_t n, int64_t b, double *x, double *r, int64_t *rank,
                                        uint64_t seed, int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    rounds q = { 0 };
    bool good = b == 0;

    KITH_TRY(rounds_init(&q, b, err));
    for (uint64_t round = 0; !good && round < MOST_ROUNDS; round++) {
        KITH_TRY(kith_i_block_gram(n, b, x, b, x, q.gram, threads, err));
        if (round == 0)
            for (int64_t j = 0; j < b; j++) q.squares[j] = q.gram[j * b + j];
        if (replace(&q, n, x, seed, round))
            KITH_TRY(kith_i_block_gram(n, b, x, b, x, q.gram, threads, err));
        const double before = distance(&q);
        const bool weak = factor(&q);
        invert(&q);
        KITH_TRY(kith_i_columns_turn(n, kith_i_block_columns(x, b), b, q.inverse, threads, err));
        accumulate(&q);
        good = !weak && before < 1e-7; /* its square, and rounding, is what is left */
    }
    if (r) memcpy(r, q.total, (size_t)(b * b) * sizeof *r);
    if (rank) {
        *rank = b;
        for (int64_t j = 0; j < b; j++) *rank -= q.lost[j];
    }

done:
    rounds_clear(&q);
    return status;
}

/* Two at a time, by the method of Box and Muller: columns 2 t and 2 t + 1 of a row come from draws
 * 2 t and 2 t + 1 of its stream. */
void kith_i_block_random(int64_t n, int64_t b, double *x, uint64_t seed, uint64_t stage,
                         int threads)
{
    const double turn = 2 * acos(-1.0);

#pragma omp parallel for num_threads(threads) if (threads > 1 && n > CHUNK)
    for (int64_t i = 0; i < n; i++) {
        kith_i_random stream = kith_i_random_at(seed, stage, i);
        for (int64_t j = 0; j < b; j += 2) {
            const double length = sqrt(-2 * log1p(-kith_i_random_unit(&stream)));
            const double angle = turn * kith_i_random_unit(&stream);
            x[i * b + j] = length * cos(angle);
            if (j + 1 < b) x[i * b + j + 1] = length * sin(angle);
        }
    }
}

void kith_i_block_unit_rows(int64_t n, int64_t b, double *x, int threads)
{
#pragma omp parallel for num_threads(threads) if (threads > 1 && n > CHUNK)
    for (int64_t i = 0; i < n; i++) {
        double *const row = x + i * b;
        double most = 0, squares = 0;
        for (int64_t j = 0; j < b; j++) most = fmax(most, fabs(row[j]));
        if (!(most > 0)) continue;
        for (int64_t j = 0; j < b; j++) squares += (row[j] / most) * (row[j] / most);
        for (int64_t j = 0; j < b; j++) row[j] = row[j] / most / sqrt(squares);
    }
}

/* The entry of largest absolute value of each of `count` columns, the first of them. */
typedef struct {
    double value[COLUMNS];
    int64_t row[COLUMNS];
} extremes;

static void look(extremes *e, int64_t count, int64_t row, const double *values)
{
    for (int64_t j = 0; j < count; j++) {
        const double here = fabs(values[j]), best = fabs(e->value[j]);
        if (here > best || (here == best && row < e->row[j])) {
            e->value[j] = values[j];
            e->row[j] = row;
        }
    }
}

void kith_i_block_signs(int64_t n, int64_t b, double *x, int threads)
{
    for (int64_t first = 0; first < b; first += COLUMNS) {
        const int64_t count = smaller(COLUMNS, b - first);
        extremes all = { 0 };
#pragma omp parallel num_threads(threads) if (threads > 1 && n > CHUNK)
        {
            extremes mine = { 0 };
#pragma omp for
            for (int64_t i = 0; i < n; i++) look(&mine, count, i, x + i * b + first);
#pragma omp critical(kith_i_block_signs)
            for (int64_t j = 0; j < count; j++) {
                const double here = fabs(mine.value[j]), best = fabs(all.value[j]);
                if (here < best || (here == best && mine.row[j] >= all.row[j])) continue;
                all.value[j] = mine.value[j];
                all.row[j] = mine.row[j];
            }
#pragma omp barrier
#pragma omp for
            for (int64_t i = 0; i < n; i++)
                for (int64_t j = 0; j < count; j++)
                    if (all.value[j] < 0) x[i * b + first + j] = -x[i * b + first + j];
        }
    }
}
