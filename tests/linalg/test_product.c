/* Products of rows with blocks: every instruction set of the machine against another, and against
 * sums written out. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/product.h"

#include <stdlib.h>

enum { ROWS = 83, COLUMNS = 71, FIRST = 5, WIDEST = 70 };

static kith_i_poll poll; /* without limits */

/* A random matrix; rows differ much in length, and some are empty. */
typedef struct {
    int64_t offsets[ROWS + 1];
    uint32_t targets[ROWS * COLUMNS];
    float weights32[ROWS * COLUMNS];
    double weights64[ROWS * COLUMNS];
    double left[ROWS], right[COLUMNS], added[ROWS], x[COLUMNS * WIDEST];
} sample;

static double next(kith_i_random *r)
{
    return kith_i_random_unit(r) - 0.5;
}

static sample *make(void)
{
    sample *s = calloc(1, sizeof *s);
    kith_i_random r = kith_i_random_at(1, 2, 3);
    int64_t entries = 0;

    for (int i = 0; i < ROWS; i++) {
        const double density = kith_i_random_unit(&r) - 0.3;
        for (int j = 0; j < COLUMNS; j++) {
            if (kith_i_random_unit(&r) >= density) continue;
            s->targets[entries] = (uint32_t)j + FIRST;
            s->weights32[entries] = (float)next(&r);
            s->weights64[entries++] = next(&r);
        }
        s->offsets[i + 1] = entries;
        s->left[i] = next(&r);
        s->added[i] = next(&r);
    }
    for (int j = 0; j < COLUMNS; j++) s->right[j] = next(&r);
    for (int i = 0; i < COLUMNS * WIDEST; i++) s->x[i] = next(&r);
    return s;
}

enum { ONES, FLOATS, DOUBLES, KINDS };

static double weight(const sample *s, int kind, int64_t entry)
{
    return kind == DOUBLES ? s->weights64[entry] : kind == FLOATS ? (double)s->weights32[entry] : 1;
}

static kith_i_product product(const sample *s, int kind, bool dense, bool scaled)
{
    return (kith_i_product){ .m = { .rows = dense ? ROWS : COLUMNS, /* square, to add a diagonal */
                                    .columns = COLUMNS,
                                    .offsets = dense ? NULL : s->offsets,
                                    .targets = dense ? NULL : s->targets,
                                    .first = dense ? 0 : FIRST,
                                    .weights32 = kind == FLOATS ? s->weights32 : NULL,
                                    .weights64 = kind == DOUBLES ? s->weights64 : NULL },
                             .factor = -1.5,
                             .left = scaled ? s->left : NULL,
                             .right = scaled ? s->right : NULL,
                             .added = scaled && !dense ? s->added : NULL };
}

/* Row i times column c from the definition. */
static double definition(const sample *s, const kith_i_product *p, int kind, int64_t i, int64_t b,
                         int64_t c)
{
    const bool dense = !p->m.offsets;
    const int64_t from = dense ? i * COLUMNS : s->offsets[i];
    const int64_t to = dense ? from + COLUMNS : s->offsets[i + 1];
    double sum = 0;

    for (int64_t e = from; e < to; e++) {
        const int64_t j = dense ? e - from : (int64_t)s->targets[e] - FIRST;
        sum += weight(s, kind, e) * (p->right ? p->right[j] : 1) * s->x[j * b + c];
    }
    sum *= p->left ? p->left[i] : p->factor;
    if (p->added) sum += p->added[i] * p->right[i] * s->x[i * b + c];
    return sum;
}

static void try_product(const sample *s, kith_i_product p, int kind, int64_t b)
{
    double *y = calloc((size_t)(p.m.rows * b), sizeof *y);
    double *first = calloc((size_t)(p.m.rows * b), sizeof *first);
    kith_i_scratch scratch = { 0 };
    kith_error err = { 0 };

    for (int level = KITH_I_LEVEL_BEST; level <= (int)kith_i_level_best(); level++) {
        p.level = (kith_i_level)level;
        assert_kith(kith_i_multiply(&p, b, s->x, y, 1, &scratch, &poll, &err), err);
        if (level == KITH_I_LEVEL_BEST) memcpy(first, y, (size_t)(p.m.rows * b) * sizeof *y);
        assert_memory_equal(first, y, (size_t)(p.m.rows * b) * sizeof *y);
    }
    for (int64_t i = 0; i < p.m.rows; i++)
        for (int64_t c = 0; c < b; c++)
            assert_near(y[i * b + c], definition(s, &p, kind, i, b, c), 1e-13);
    kith_i_free(scratch.memory);
    free(y);
    free(first);
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    sample *s = make();

    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (int form = 0; form < 4; form++)
            for (int64_t b = 1; b <= WIDEST; b += b < 36 ? 1 : 17)
                try_product(s, product(s, kind, form & 1, form & 2), kind, b);
    free(s);
}

/* Long enough that rows of Z are asked for ahead of time, and ranges end within. */
static void long_rows_give_the_same_bits(void **state)
{
    enum { N = 3000, EACH = 40, B = 32 };
    int64_t *offsets = calloc(N + 1, sizeof *offsets);
    uint32_t *targets = calloc(N * EACH, sizeof *targets);
    double *x = calloc(N * B, sizeof *x), *y = calloc(N * B, sizeof *y);
    double *first = calloc(N * B, sizeof *first);
    kith_i_random r = kith_i_random_at(4, 5, 6);
    kith_i_scratch scratch = { 0 };
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 0; i < N; i++) offsets[i + 1] = (i + 1) * EACH;
    for (int64_t e = 0; e < N * EACH; e++) targets[e] = (uint32_t)kith_i_random_below(&r, N);
    for (int64_t i = 0; i < N * B; i++) x[i] = next(&r);
    for (int level = KITH_I_LEVEL_BASE; level <= (int)kith_i_level_best(); level++) {
        for (int threads = 1; threads <= 3; threads++) {
            const kith_i_product p = {
                .m = { .rows = N, .columns = N, .offsets = offsets, .targets = targets },
                .factor = 1,
                .level = (kith_i_level)level
            };
            assert_kith(kith_i_multiply(&p, B, x, y, threads, &scratch, &poll, &err), err);
            if (level == KITH_I_LEVEL_BASE && threads == 1) memcpy(first, y, N * B * sizeof *y);
            assert_memory_equal(first, y, N * B * sizeof *y);
        }
    }
    kith_i_free(scratch.memory);
    free(offsets);
    free(targets);
    free(x);
    free(y);
    free(first);
}

static void count_rows(void *self, int64_t begin, int64_t end)
{
    int *seen = self;

    for (int64_t i = begin; i < end; i++)
#pragma omp atomic
        seen[i]++;
}

static void ranges_hold_every_row_once(void **state)
{
    enum { N = 5000 };
    int64_t offsets[N + 1];
    int seen[N];
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 0; i <= N; i++) offsets[i] = 77 + (i > 1000 ? 400000 : 0) + i % 2;
    for (int trial = 0; trial < 6; trial++) {
        memset(seen, 0, sizeof seen);
        assert_kith(kith_i_ranges(N, trial % 2 ? offsets : NULL, trial < 3 ? 1 : 100, 3, &poll,
                                  count_rows, seen, &err),
                    err);
        for (int i = 0; i < N; i++) assert_int_equal(seen[i], 1);
    }
    assert_kith(kith_i_ranges(0, NULL, 1, 3, &poll, count_rows, seen, &err), err);
}

static void few_columns_are_projected_and_spread(void **state)
{
    enum { N = 9001, R = 3, B = 5 };
    double *u = calloc(N * R, sizeof *u), *x = calloc(N * B, sizeof *x);
    double *y = calloc(N * B, sizeof *y), out[R * B], again[R * B];
    kith_i_random r = kith_i_random_at(7, 8, 9);
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < N * R; i++) u[i] = next(&r);
    for (int i = 0; i < N * B; i++) x[i] = next(&r);
    assert_kith(kith_i_project(N, R, u, B, x, out, 1, &poll, &err), err);
    assert_kith(kith_i_project(N, R, u, B, x, again, 3, &poll, &err), err);
    assert_memory_equal(out, again, sizeof out);
    for (int a = 0; a < R; a++) {
        for (int c = 0; c < B; c++) {
            double sum = 0;
            for (int i = 0; i < N; i++) sum += u[i * R + a] * x[i * B + c];
            assert_near(out[a * B + c], sum, 1e-11);
        }
    }
    assert_kith(kith_i_spread_rows(N, R, u, B, out, y, 3, &poll, &err), err);
    for (int i = 0; i < N * B; i++) {
        double sum = 0;
        for (int a = 0; a < R; a++) sum += u[i / B * R + a] * out[a * B + i % B];
        assert_near(y[i], sum, 1e-12);
    }
    free(u);
    free(x);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(long_rows_give_the_same_bits),
        cmocka_unit_test(ranges_hold_every_row_once),
        cmocka_unit_test(few_columns_are_projected_and_spread),
    };

    kith_i_poll_start(&poll, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
