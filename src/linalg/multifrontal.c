/* The multifrontal method [Liu1992].
 *
 * Columns of the factor whose entries lie in the same rows form a supernode. Its front is a dense
 * matrix of those rows: what the matrix has in its columns, and what the supernodes below it in the
 * elimination tree left over. Elimination of its columns gives rows of L^T, which are kept, and
 * leaves over the rest of the front for the supernode above. In postorder that is a stack.
 *
 * Fronts are upper triangles, row-major, in rows of a multiple of LANES numbers: all work is a row
 * less multiples of rows above it, and what is computed below the diagonal is never read. */
#include "linalg/multifrontal.h"

#include <math.h>
#include <string.h>

enum { LANES = KITH_I_SOLVED, ROWS = 4 /* of a front that are worked on at a time */ };
enum { WORK = 1 << 23 };         /* multiplications between two polls */
enum { NARROW = 8, FILLED = 4 }; /* columns of a supernode that takes one more with so many zeros */

static const char factoring[] = "factoring"; /* a stage */

typedef double wide __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

struct kith_i_multifrontal {
    kith_i_level level;
    int64_t size, count; /* of supernodes */
    int64_t *first;      /* column of each, and `size` */
    int64_t *begin;      /* of its rows, its own columns first, and how many there are in all */
    int64_t *rows;
    int64_t *values_begin;
    double *values; /* rows of L^T: one for each column, `padded` rows long */
};

static int64_t padded(int64_t rows)
{
    return (rows + LANES - 1) / LANES * LANES;
}

static int64_t width_of(const kith_i_multifrontal *f, int64_t s)
{
    return f->first[s + 1] - f->first[s];
}

static int64_t height_of(const kith_i_multifrontal *f, int64_t s)
{
    return f->begin[s + 1] - f->begin[s];
}

void kith_i_multifrontal_free(kith_i_multifrontal *f)
{
    if (!f) return;
    kith_i_free(f->first);
    kith_i_free(f->begin);
    kith_i_free(f->rows);
    kith_i_free(f->values_begin);
    kith_i_free(f->values);
    kith_i_free(f);
}

/* ---- Structure ---- */

/* The elimination tree: the first row below the diagonal of each column of L; -1: none. */
static kith_status find_parents(const kith_i_columns_both *m, int64_t *parent, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *ancestor = NULL;

    KITH_TRY(kith_i_alloc(&ancestor, m->size, sizeof *ancestor, err));
    for (int64_t j = 0; j < m->size; j++) {
        parent[j] = ancestor[j] = -1;
        for (int64_t e = m->above_offsets[j]; e < m->above_offsets[j + 1]; e++) {
            int64_t i = m->above_rows[e];
            while (i >= 0 && i < j) {
                const int64_t next = ancestor[i];
                ancestor[i] = j;
                if (next < 0) parent[i] = j;
                i = next;
            }
        }
    }

done:
    kith_i_free(ancestor);
    return status;
}

/* A column joins the one before where it has the same rows, or few more in a narrow supernode. */
static void find_supernodes(kith_i_multifrontal *f, const int64_t *parent, const int64_t *counts)
{
    f->count = 0;
    for (int64_t j = 0; j < f->size; j++) {
        const int64_t more = j ? counts[j] + 1 - counts[j - 1] : 0;
        const bool narrow = j && j - f->first[f->count - 1] < NARROW;
        if (j && parent[j - 1] == j && more <= (narrow ? FILLED : 0)) continue;
        f->first[f->count++] = j;
    }
    f->first[f->count] = f->size;
}

/* Ascending rows that one of two lists has; how many. */
static int64_t unite(const int64_t *a, int64_t a_count, const int64_t *b, int64_t b_count,
                     int64_t *out)
{
    int64_t i = 0, j = 0, count = 0;

    while (i < a_count || j < b_count) {
        const bool from_a = j == b_count || (i < a_count && a[i] <= b[j]);
        const bool from_b = i == a_count || (j < b_count && b[j] <= a[i]);
        out[count++] = from_a ? a[i] : b[j];
        i += from_a;
        j += from_b;
    }
    return count;
}

/* Lists of supernodes below each, the last first. */
typedef struct {
    int64_t *child, *sibling; /* -1: none */
    int64_t *here, *next;     /* rows in the making */
    int64_t room;             /* of f->rows */
} tree;

static kith_status tree_init(tree *t, const kith_i_multifrontal *f, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&t->child, f->count, sizeof *t->child, err));
    KITH_TRY(kith_i_alloc(&t->sibling, f->count, sizeof *t->sibling, err));
    KITH_TRY(kith_i_alloc(&t->here, f->size, sizeof *t->here, err));
    KITH_TRY(kith_i_alloc(&t->next, f->size, sizeof *t->next, err));
    memset(t->child, 0xff, (size_t)f->count * sizeof *t->child);

done:
    return status;
}

static void tree_clear(tree *t)
{
    kith_i_free(t->child);
    kith_i_free(t->sibling);
    kith_i_free(t->here);
    kith_i_free(t->next);
}

static void add_rows(tree *t, const int64_t *rows, int64_t count, int64_t *have)
{
    int64_t *const made = t->next;

    if (count == 0) return;
    *have = unite(t->here, *have, rows, count, made);
    t->next = t->here;
    t->here = made;
}

/* The rows of supernode s: its columns, and below them those of the matrix and of the supernodes
 * under it. */
static kith_status find_rows(kith_i_multifrontal *f, const kith_i_columns_both *m, tree *t,
                             int64_t s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t first = f->first[s], end = f->first[s + 1], width = end - first;
    int64_t have = 0;

    for (int64_t j = first; j < end; j++) {
        int64_t e = m->below_offsets[j];
        while (e < m->below_offsets[j + 1] && m->below_rows[e] < end) e++;
        add_rows(t, m->below_rows + e, m->below_offsets[j + 1] - e, &have);
    }
    for (int64_t c = t->child[s]; c >= 0; c = t->sibling[c]) {
        const int64_t *rows = f->rows + f->begin[c] + width_of(f, c);
        int64_t skipped = 0, count = height_of(f, c) - width_of(f, c);
        while (skipped < count && rows[skipped] < end) skipped++;
        add_rows(t, rows + skipped, count - skipped, &have);
    }
    const int64_t at = f->begin[s], height = width + have;
    while (t->room < at + height) {
        t->room = 2 * t->room > at + height ? 2 * t->room : at + height;
        KITH_TRY(kith_i_resize(&f->rows, t->room, sizeof *f->rows, err));
    }
    for (int64_t j = first; j < end; j++) f->rows[at + j - first] = j;
    memcpy(f->rows + at + width, t->here, (size_t)have * sizeof *t->here);
    f->begin[s + 1] = at + height;
    f->values_begin[s + 1] = f->values_begin[s] + width * padded(height);

done:
    return status;
}

/* All rows, and the tree of supernodes. */
static kith_status find_structure(kith_i_multifrontal *f, const kith_i_columns_both *m, tree *t,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *owner = NULL;

    KITH_TRY(tree_init(t, f, err));
    KITH_TRY(kith_i_alloc(&owner, f->size, sizeof *owner, err));
    for (int64_t s = 0; s < f->count; s++)
        for (int64_t j = f->first[s]; j < f->first[s + 1]; j++) owner[j] = s;
    for (int64_t s = 0; s < f->count; s++) {
        KITH_TRY(find_rows(f, m, t, s, err));
        if (height_of(f, s) == width_of(f, s)) continue;
        const int64_t above = owner[f->rows[f->begin[s] + width_of(f, s)]];
        t->sibling[s] = t->child[above];
        t->child[above] = s;
    }

done:
    kith_i_free(owner);
    return status;
}

/* ---- Numbers ---- */

typedef struct {
    kith_i_multifrontal *f;
    const kith_i_columns_both *m;
    const tree *t;
    int64_t *place; /* of each row in the front at hand */
    double *front;
    double *stack; /* of what is left over, upper triangles in squares */
    int64_t front_room, stack_room, top;
    int64_t *left; /* where on the stack each supernode's is */
    kith_i_poll *poll;
    int64_t work;
    bool definite;
} elimination;

#define INLINE static inline __attribute__((always_inline))

INLINE wide *block(double *front, int64_t stride, int64_t row, int64_t column)
{
    return (wide *)(front + row * stride + column);
}

/* `count` rows, one or ROWS, from row r of a front on, less multiples of rows `from` to `to` - 1;
 * from the block of columns on that holds the diagonal. */
INLINE void reduce(double *front, int64_t stride, int64_t r, int64_t from, int64_t to, int count)
{
    const bool all = count == ROWS;

    for (int64_t c = r / LANES * LANES; c < stride; c += LANES) {
        wide y0 = *block(front, stride, r, c), y1 = { 0 }, y2 = { 0 }, y3 = { 0 };
        if (all) {
            y1 = *block(front, stride, r + 1, c);
            y2 = *block(front, stride, r + 2, c);
            y3 = *block(front, stride, r + 3, c);
        }
        for (int64_t l = from; l < to; l++) {
            const double *const u = front + l * stride + r;
            const wide row = *block(front, stride, l, c);
            y0 -= u[0] * row;
            if (!all) continue;
            y1 -= u[1] * row;
            y2 -= u[2] * row;
            y3 -= u[3] * row;
        }
        *block(front, stride, r, c) = y0;
        if (!all) continue;
        *block(front, stride, r + 1, c) = y1;
        *block(front, stride, r + 2, c) = y2;
        *block(front, stride, r + 3, c) = y3;
    }
}

INLINE void reduce_rows(double *front, int64_t stride, int64_t r, int64_t end, int64_t to)
{
    if (end - r == ROWS)
        reduce(front, stride, r, 0, to, ROWS);
    else
        for (; r < end; r++) reduce(front, stride, r, 0, to, 1);
}

/* Rows r to end - 1 of a front of which `pivots` are eliminated, ROWS of them at most. Whether the
 * pivots among them are positive. */
INLINE bool eliminate_rows(double *front, int64_t stride, int64_t r, int64_t end, int64_t pivots)
{
    reduce_rows(front, stride, r, end, r < pivots ? r : pivots);
    for (int64_t k = r; k < end && r < pivots; k++) {
        double *const row = front + k * stride;
        reduce(front, stride, k, r, k, 1);
        if (!(row[k] > 0)) return false;
        const double root = sqrt(row[k]);
        for (int64_t c = k; c < stride; c++) row[c] /= root;
    }
    return true;
}

/* X = L^-1 X, then X = L^-T X. Rows of X are as long as a vector. */
INLINE void forward(const kith_i_multifrontal *f, int64_t s, wide *x)
{
    const int64_t width = width_of(f, s), height = height_of(f, s), stride = padded(height);
    const int64_t *const rows = f->rows + f->begin[s];
    const double *const values = f->values + f->values_begin[s];
    wide *const own = x + f->first[s];
    int64_t r = width;

    for (int64_t k = 0; k < width; k++) {
        wide sum = own[k];
        for (int64_t l = 0; l < k; l++) sum -= values[l * stride + k] * own[l];
        own[k] = sum / values[k * stride + k];
    }
    for (; r + ROWS <= height; r += ROWS) {
        wide x0 = x[rows[r]], x1 = x[rows[r + 1]], x2 = x[rows[r + 2]], x3 = x[rows[r + 3]];
        for (int64_t k = 0; k < width; k++) {
            const double *const u = values + k * stride + r;
            x0 -= u[0] * own[k];
            x1 -= u[1] * own[k];
            x2 -= u[2] * own[k];
            x3 -= u[3] * own[k];
        }
        x[rows[r]] = x0;
        x[rows[r + 1]] = x1;
        x[rows[r + 2]] = x2;
        x[rows[r + 3]] = x3;
    }
    for (; r < height; r++) {
        wide sum = x[rows[r]];
        for (int64_t k = 0; k < width; k++) sum -= values[k * stride + r] * own[k];
        x[rows[r]] = sum;
    }
}

INLINE void backward(const kith_i_multifrontal *f, int64_t s, wide *x)
{
    const int64_t width = width_of(f, s), height = height_of(f, s), stride = padded(height);
    const int64_t *const rows = f->rows + f->begin[s];
    const double *const values = f->values + f->values_begin[s];
    wide *const own = x + f->first[s];
    int64_t k = 0;

    for (; k + ROWS <= width; k += ROWS) {
        const double *const u = values + k * stride;
        wide x0 = own[k], x1 = own[k + 1], x2 = own[k + 2], x3 = own[k + 3];
        for (int64_t r = width; r < height; r++) {
            const wide below = x[rows[r]];
            x0 -= u[r] * below;
            x1 -= u[stride + r] * below;
            x2 -= u[2 * stride + r] * below;
            x3 -= u[3 * stride + r] * below;
        }
        own[k] = x0;
        own[k + 1] = x1;
        own[k + 2] = x2;
        own[k + 3] = x3;
    }
    for (; k < width; k++)
        for (int64_t r = width; r < height; r++) own[k] -= values[k * stride + r] * x[rows[r]];
    for (k = width - 1; k >= 0; k--) {
        wide sum = own[k];
        for (int64_t l = k + 1; l < width; l++) sum -= values[k * stride + l] * own[l];
        own[k] = sum / values[k * stride + k];
    }
}

INLINE void solve(const kith_i_multifrontal *f, double *x)
{
    for (int64_t s = 0; s < f->count; s++) forward(f, s, (wide *)x);
    for (int64_t s = f->count - 1; s >= 0; s--) backward(f, s, (wide *)x);
}

/* The two for an instruction set. */
#define FOR_LEVEL(name, target)                                                                    \
    target static bool eliminate_##name(double *front, int64_t stride, int64_t r, int64_t end,     \
                                        int64_t pivots)                                            \
    {                                                                                              \
        return eliminate_rows(front, stride, r, end, pivots);                                      \
    }                                                                                              \
    target static void solve_##name(const kith_i_multifrontal *f, double *x)                       \
    {                                                                                              \
        solve(f, x);                                                                               \
    }

FOR_LEVEL(base, )
#ifdef __x86_64__
FOR_LEVEL(avx2, __attribute__((target("avx2"))))
FOR_LEVEL(avx512, __attribute__((target("avx512f"))))
#endif

static bool eliminate_some(kith_i_level level, double *front, int64_t stride, int64_t r,
                           int64_t end, int64_t pivots)
{
#ifdef __x86_64__
    if (level == KITH_I_LEVEL_AVX512) return eliminate_avx512(front, stride, r, end, pivots);
    if (level == KITH_I_LEVEL_AVX2) return eliminate_avx2(front, stride, r, end, pivots);
#endif
    return eliminate_base(front, stride, r, end, pivots);
}

void kith_i_multifrontal_solve(const kith_i_multifrontal *f, double *x)
{
#ifdef __x86_64__
    if (f->level == KITH_I_LEVEL_AVX512) solve_avx512(f, x);
    if (f->level == KITH_I_LEVEL_AVX2) solve_avx2(f, x);
#endif
    if (f->level == KITH_I_LEVEL_BASE) solve_base(f, x);
}

/* ---- Fronts ---- */

static kith_status reserve(double **memory, int64_t *room, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;

    if (count <= *room) return KITH_OK;
    const int64_t wanted = 2 * *room > count ? 2 * *room : count;
    KITH_TRY(kith_i_resize(memory, wanted, sizeof **memory, err));
    *room = wanted;

done:
    return status;
}

/* The matrix's columns, and what the supernodes under this one left over, which is taken off the
 * stack. */
static void assemble(elimination *e, int64_t s, int64_t stride)
{
    const kith_i_multifrontal *f = e->f;
    const kith_i_columns_both *m = e->m;
    const int64_t height = height_of(f, s), *rows = f->rows + f->begin[s];

    memset(e->front, 0, (size_t)(height * stride) * sizeof *e->front);
    for (int64_t r = 0; r < height; r++) e->place[rows[r]] = r;
    for (int64_t j = f->first[s]; j < f->first[s + 1]; j++) {
        double *const row = e->front + (j - f->first[s]) * stride;
        for (int64_t i = m->below_offsets[j]; i < m->below_offsets[j + 1]; i++)
            row[e->place[m->below_rows[i]]] = m->below_values[i];
    }
    for (int64_t c = e->t->child[s]; c >= 0; c = e->t->sibling[c]) {
        const int64_t width = width_of(f, c), count = height_of(f, c) - width;
        const int64_t *from = f->rows + f->begin[c] + width;
        const double *left = e->stack + e->left[c];
        for (int64_t a = 0; a < count; a++) {
            double *const row = e->front + e->place[from[a]] * stride;
            for (int64_t b = a; b < count; b++) row[e->place[from[b]]] += left[a * count + b];
        }
        e->top = e->left[c]; /* the first child's in the end */
    }
}

static kith_status eliminate(elimination *e, int64_t s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_multifrontal *f = e->f;
    const int64_t width = width_of(f, s), height = height_of(f, s), stride = padded(height);
    const int64_t rest = height - width;

    KITH_TRY(reserve(&e->front, &e->front_room, height * stride, err));
    assemble(e, s, stride);
    for (int64_t r = 0, end; r < height && e->definite; r = end) {
        const int64_t limit = r < width ? width : height;
        end = r + ROWS < limit ? r + ROWS : limit;
        e->definite = eliminate_some(f->level, e->front, stride, r, end, width);
        e->work += (end - r) * width * (stride - r);
        if (e->work < WORK || !e->poll) continue;
        e->work = 0;
        KITH_TRY(kith_i_poll_check(e->poll, factoring, (double)s / (double)f->count, err));
    }
    memcpy(f->values + f->values_begin[s], e->front, (size_t)(width * stride) * sizeof(double));
    KITH_TRY(reserve(&e->stack, &e->stack_room, e->top + rest * rest, err));
    e->left[s] = e->top;
    for (int64_t r = width; r < height; r++, e->top += rest)
        memcpy(e->stack + e->top, e->front + r * stride + width, (size_t)rest * sizeof(double));

done:
    return status;
}

static kith_status find_numbers(kith_i_multifrontal *f, const kith_i_columns_both *m, const tree *t,
                                kith_i_poll *poll, bool *definite, kith_error *err)
{
    kith_status status = KITH_OK;
    elimination e = { .f = f, .m = m, .t = t, .poll = poll, .definite = true };

    KITH_TRY(kith_i_alloc(&f->values, f->values_begin[f->count], sizeof *f->values, err));
    KITH_TRY(kith_i_alloc(&e.place, f->size, sizeof *e.place, err));
    KITH_TRY(kith_i_alloc(&e.left, f->count, sizeof *e.left, err));
    for (int64_t s = 0; s < f->count && e.definite; s++) KITH_TRY(eliminate(&e, s, err));
    *definite = e.definite;

done:
    kith_i_free(e.place);
    kith_i_free(e.left);
    kith_i_free(e.front);
    kith_i_free(e.stack);
    return status;
}

kith_status kith_i_multifrontal_factor(const kith_i_columns_both *matrix, const int64_t *counts,
                                       kith_i_level level, kith_i_poll *poll,
                                       kith_i_multifrontal **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = matrix->size;
    kith_i_multifrontal *f = NULL;
    int64_t *parent = NULL;
    bool definite = false;
    tree t = { 0 };

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&f, 1, sizeof *f, err));
    f->size = n;
    f->level = level == KITH_I_LEVEL_BEST ? kith_i_level_best() : level;
    KITH_TRY(kith_i_alloc(&parent, n, sizeof *parent, err));
    KITH_TRY(find_parents(matrix, parent, err));
    KITH_TRY(kith_i_alloc(&f->first, n + 1, sizeof *f->first, err));
    find_supernodes(f, parent, counts);
    KITH_TRY(kith_i_zeroed(&f->begin, f->count + 1, sizeof *f->begin, err));
    KITH_TRY(kith_i_zeroed(&f->values_begin, f->count + 1, sizeof *f->values_begin, err));
    KITH_TRY(find_structure(f, matrix, &t, err));
    KITH_TRY(find_numbers(f, matrix, &t, poll, &definite, err));
    if (!definite) goto done;
    *out = f;
    f = NULL;

done:
    kith_i_multifrontal_free(f);
    kith_i_free(parent);
    tree_clear(&t);
    return status;
}
