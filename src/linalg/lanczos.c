/* Thick-restart block Lanczos on a Chebyshev polynomial of the operator.
 *
 *   [Zhou2007]    here
 *   A             sign A: the end that is asked for is up
 *   [a, b]        [low, bound]: p makes small what lies there
 *   m, p_m(A)     degree, filter()
 *   V, H          basis, projected: V^T p(A) V = H
 *
 * First the spectrum is surveyed (linalg/survey.h). The bound goes below some more eigenvalues
 * than are wanted, where that is cheapest; the degree is such that one basis full of blocks should
 * suffice, so that products, of which several vectors share one pass over the graph, do the work
 * that orthogonalisation would do. [Wu2000] restarts where they do not suffice.
 *
 * Three things can go wrong, and are looked for where a basis is full. Pairs may lie so far above
 * the others that p leaves nothing of these but rounding: they converge at once, are locked, and
 * are deflated from then on, inside the filter too. The survey may have put the bound above what is
 * wanted: then all that p makes large has converged, and it is too little; the bound goes down. An
 * eigenvalue may have as many vectors as a block or more, of which the block shows that many at
 * most: they are locked, and the search begins again beside them. */
#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/solver.h"
#include "linalg/survey.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK = 8,           /* columns: as many as fill a cache line */
    SPARE = 48,          /* columns of the basis beside twice those that are wanted */
    MOST_DEGREE = 10000, /* of p */
    START = 7,           /* e^7: how far a random block is from where it is to go, at most */
    MOST_STALLS = 30,    /* bases that are filled with one filter */
    PIECE = 1 << 25,     /* multiplications between two polls, about */
};

typedef struct {
    kith_i_solver *s;
    int64_t n;
    int threads;
    double sign;
    double low, high; /* ends of the spectrum of sign A */
    double tolerance; /* of residuals */
    kith_i_survey survey;

    double *found; /* n rows of `wanted` numbers, `locked` of them in use: pairs that are done */
    int64_t wanted, locked;
    double lowest; /* value of them */

    int64_t room;      /* columns of the basis that can be projected; one block more is stored */
    int64_t filled;    /* that are; the next block stands behind them */
    double *basis;     /* n rows of room + BLOCK numbers */
    double *projected; /* room rows of room */
    double *vectors;   /* of it, `filled` rows of filled */
    double *values, *estimates;   /* of p(A), descending; of residuals, relative to values */
    double *rayleigh, *residuals; /* of A itself, of the first vectors of the basis */
    double *coefficients;         /* of a block in the basis */
    double *overlap;              /* R of the last block */
    double *x, *y, *z;            /* n rows of BLOCK */

    int64_t above; /* the bound goes below so many that are not locked */
    int64_t goal;  /* pairs that are to converge with this filter: all, or those far above, */
    double far;    /* where p is above this; INFINITY: all */
    int64_t degree;
    int64_t clean;                   /* steps of the filter between two deflations */
    double bound, centre, half, top; /* p(top) = 1 */
    uint64_t begun;                  /* blocks that were begun with: each is another one */
} run;

static kith_i_columns part(const run *q, int64_t first, int64_t count)
{
    return (kith_i_columns){ count, q->room + BLOCK, q->basis + first };
}

static kith_i_columns block(double *x)
{
    return (kith_i_columns){ BLOCK, BLOCK, x };
}

static kith_status poll(const run *q, kith_error *err)
{
    return kith_i_poll_check(q->s->poll, "orthogonalising", -1, err);
}

/* ---- The filter ---- */

/* Of a block: coefficients = V^T x, x -= V coefficients, some columns of V at a time. */
static kith_status take_out(run *q, kith_i_columns v, double *x, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t fitting = PIECE / (q->n * BLOCK) / BLOCK * BLOCK;
    const int64_t group = fitting < BLOCK ? BLOCK : fitting;

    for (int64_t first = 0; first < v.count; first += group) {
        const int64_t count = v.count - first < group ? v.count - first : group;
        KITH_TRY(kith_i_columns_gram(q->n, kith_i_columns_part(v, first, count), block(x),
                                     q->coefficients + first * BLOCK, q->threads, err));
        KITH_TRY(poll(q, err));
    }
    for (int64_t i = 0; i < v.count * BLOCK; i++) q->coefficients[i] = -q->coefficients[i];
    for (int64_t first = 0; first < v.count; first += group) {
        const int64_t count = v.count - first < group ? v.count - first : group;
        kith_i_columns_times(q->n, kith_i_columns_part(v, first, count),
                             q->coefficients + first * BLOCK, 1, block(x), q->threads);
        KITH_TRY(poll(q, err));
    }

done:
    return status;
}

/* What is deflated and what is locked. */
static kith_status deflate(run *q, double *x, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_solver_deflate(q->s, BLOCK, x, err));
    if (q->locked > 0)
        KITH_TRY(take_out(q, (kith_i_columns){ q->locked, q->wanted, q->found }, x, err));

done:
    return status;
}

/* z = f (sign z - centre y) - g x */
static void recur(const run *q, double f, double g, const double *x, const double *y, double *z)
{
    const double sign = q->sign * f, shift = q->centre * f;

#pragma omp parallel for num_threads(q->threads) if (q->threads > 1)
    for (int64_t i = 0; i < q->n * BLOCK; i++) z[i] = sign * z[i] - shift * y[i] - g * x[i];
}

/* y = p(A) x, by the recurrence that keeps p(top) = 1 [Zhou2007]; x and z are lost. */
static kith_status filter(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const double first = q->half / (q->top - q->centre);
    double sigma = first;

    KITH_TRY(kith_i_solver_apply(q->s, BLOCK, q->x, q->y, err));
    recur(q, first / q->half, 0, q->x, q->x, q->y);
    for (int64_t i = 2; i <= q->degree; i++) {
        const double next = 1 / (2 / first - sigma);
        KITH_TRY(kith_i_solver_apply(q->s, BLOCK, q->y, q->z, err));
        recur(q, 2 * next / q->half, sigma * next, q->x, q->y, q->z);
        sigma = next;
        double *const oldest = q->x;
        q->x = q->y;
        q->y = q->z;
        q->z = oldest;
        if (i % q->clean) continue;
        KITH_TRY(deflate(q, q->x, err));
        KITH_TRY(deflate(q, q->y, err));
    }

done:
    return status;
}

/* acosh of where a point lies when [low, bound] is [-1, 1]: p there is about e^(degree growth). */
static double growth(const run *q, double bound, double point)
{
    const double half = (bound - q->low) / 2;
    const double place = (point - q->low) / half - 1;

    return place > 1 ? acosh(place) : 0;
}

/* The bound such that filling a basis costs least, for pairs down to `edge`: of its columns those
 * above the bound are taken up by eigenvectors, and the others are what the polynomial gains
 * from. */
static void choose_bound(run *q, double edge)
{
    double least = INFINITY;

    for (int64_t above = q->above; above + BLOCK < q->room; above++) {
        const double bound = kith_i_survey_above(&q->survey, q->locked + above);
        const double cost = 1 / growth(q, bound, edge) / (double)(q->room - above);
        if (!(cost < least)) continue;
        least = cost;
        q->above = above;
        q->bound = bound;
    }
    if (isfinite(least)) return;
    q->above = q->room - BLOCK; /* all points are one: go below it */
    q->bound = edge - (q->high - q->low) / 100;
}

/* The largest point of the survey that is not one of the pairs that are locked. */
static double next_point(const run *q)
{
    const double gap = (q->high - q->low) * 1e-4;
    int64_t i = 0;

    while (i + 1 < q->survey.count && q->survey.points[i] > q->lowest - gap) i++;
    return q->survey.points[i];
}

/* The filter for what is left, whose largest value is `top` or more; of a plain search A itself. */
static void choose_filter(run *q, double top)
{
    const int64_t left = q->wanted - q->locked;

    q->goal = left;
    if (q->s->options->plain) {
        q->degree = 1;
        q->clean = MOST_DEGREE;
        q->bound = q->centre = 0;
        q->half = q->top = 1;
        q->far = INFINITY;
        return;
    }
    const double tolerance = fmax(q->tolerance / (q->high - q->low), 1e-14);
    const double range = fmax(log(tolerance / 1e-15) - 2, 2); /* of p, in powers of e */
    const double edge = kith_i_survey_above(&q->survey, q->locked + left);

    choose_bound(q, edge);
    q->top = fmax(fmax(top, edge), next_point(q));
    const double slow = growth(q, q->bound, edge), fast = growth(q, q->bound, q->top);
    const double blocks = (double)(q->room - q->above) / BLOCK;
    double degree = ceil((log(1 / tolerance) + START) / blocks / slow);
    degree =
        fmin(degree, fmin((double)(q->s->most - q->s->products) / (double)q->room, MOST_DEGREE));
    if (!(degree >= 2)) degree = 2;
    q->far = degree * (fast - slow) > range ? exp(-range / 2) : INFINITY;
    if (isfinite(q->far)) degree = fmax(floor(range / (fast - slow)), 1);
    q->degree = (int64_t)degree;
    q->centre = (q->low + q->bound) / 2;
    q->half = (q->bound - q->low) / 2;
    const double most = growth(q, q->bound, q->high); /* of what is deflated */
    q->clean = most > 0 && most * MOST_DEGREE > 9 ? (int64_t)fmax(9 / most, 1) : MOST_DEGREE;
}

/* ---- The basis ---- */

/* The block in y, orthonormal and beside all that is known, begins a basis. */
static kith_status begin(run *q, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int round = 0; round < 2; round++) {
        KITH_TRY(deflate(q, q->y, err));
        KITH_TRY(kith_i_block_orthonormalise(q->n, BLOCK, q->y, NULL, NULL,
                                             q->s->options->seed + q->begun, q->threads, err));
    }
    kith_i_columns_copy(q->n, block(q->y), part(q, 0, BLOCK), q->threads);
    q->filled = 0;
    q->begun++;

done:
    return status;
}

/* y is made orthogonal to the first columns of the basis; with `record`, what that takes off is the
 * last columns of V^T p(A) V. Once would leave what rounding makes of p(A) x, most of which lies in
 * the basis. */
static kith_status orthogonalise(run *q, int64_t columns, bool record, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int round = 0; round < 2; round++) {
        KITH_TRY(deflate(q, q->y, err));
        KITH_TRY(take_out(q, part(q, 0, columns), q->y, err));
        for (int64_t i = 0; i < columns && record; i++)
            for (int64_t j = 0; j < BLOCK; j++) {
                double *const entry = q->projected + i * q->room + q->filled + j;
                *entry = (round == 0 ? 0 : *entry) - q->coefficients[i * BLOCK + j];
            }
    }

done:
    return status;
}

/* Whether a column of the last block is mostly what was left when those before it were taken out:
 * then so is what rounding had left in it of the basis. */
static bool cancelled(const run *q)
{
    for (int64_t j = 0; j < BLOCK; j++) {
        const double left = q->overlap[j * BLOCK + j];
        for (int64_t i = 0; i < j; i++)
            if (!(left > 1e-3 * fabs(q->overlap[i * BLOCK + j]))) return true;
        if (!(left > 0)) return true;
    }
    return false;
}

/* One block more is projected, and the next is made of it. */
static kith_status expand(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t columns = q->filled + BLOCK;
    const uint64_t seed = kith_i_hash(q->s->options->seed, q->begun, columns);

    kith_i_columns_copy(q->n, part(q, q->filled, BLOCK), block(q->x), q->threads);
    KITH_TRY(filter(q, err));
    KITH_TRY(orthogonalise(q, columns, true, err));
    for (int64_t i = 0; i < columns; i++)
        for (int64_t j = i < q->filled ? q->filled : i; j < columns; j++)
            q->projected[j * q->room + i] = q->projected[i * q->room + j];
    KITH_TRY(
        kith_i_block_orthonormalise(q->n, BLOCK, q->y, q->overlap, NULL, seed, q->threads, err));
    if (cancelled(q)) {
        KITH_TRY(orthogonalise(q, columns, false, err));
        KITH_TRY(
            kith_i_block_orthonormalise(q->n, BLOCK, q->y, NULL, NULL, seed + 1, q->threads, err));
    }
    kith_i_columns_copy(q->n, block(q->y), part(q, columns, BLOCK), q->threads);
    q->filled = columns;

done:
    return status;
}

/* Ritz values of p(A), and their residuals: |R s| for the last entries s of a vector of the
 * projected matrix. Relative to the value, that is about what A leaves of the vector in units of
 * the width of its spectrum, or more. */
static kith_status solve_projected(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t m = q->filled;

    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < m; j++) q->vectors[i * m + j] = -q->projected[i * q->room + j];
    KITH_TRY(kith_i_dense_eigen(m, q->vectors, q->values, err));
    for (int64_t j = 0; j < m; j++) {
        double squares = 0;
        for (int64_t i = 0; i < BLOCK; i++) {
            double sum = 0;
            for (int64_t l = i; l < BLOCK; l++)
                sum += q->overlap[i * BLOCK + l] * q->vectors[(m - BLOCK + l) * m + j];
            squares += sum * sum;
        }
        q->values[j] = -q->values[j];
        q->estimates[j] = q->values[j] > 0 ? sqrt(squares) / q->values[j] : INFINITY;
    }

done:
    return status;
}

/* The basis becomes its first `kept` Ritz vectors, with the next block behind them. */
static kith_status restart(run *q, int64_t kept, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t m = q->filled, stride = q->room + BLOCK;
    const int64_t rows = PIECE / (m * kept) + 512;

    for (int64_t i = 0; i < m; i++)
        memmove(q->vectors + i * kept, q->vectors + i * m, (size_t)kept * sizeof *q->vectors);
    for (int64_t first = 0; first < q->n; first += rows) {
        const int64_t count = q->n - first < rows ? q->n - first : rows;
        kith_i_columns turned = part(q, 0, m);
        turned.at += first * stride;
        KITH_TRY(kith_i_columns_turn(count, turned, kept, q->vectors, q->threads, err));
        for (int64_t i = first; i < first + count && kept < m; i++)
            memmove(q->basis + i * stride + kept, q->basis + i * stride + m,
                    BLOCK * sizeof *q->basis);
        KITH_TRY(poll(q, err));
    }
    for (int64_t i = 0; i < kept; i++)
        for (int64_t j = 0; j < kept; j++)
            q->projected[i * q->room + j] = i == j ? q->values[i] : 0;
    q->filled = kept;

done:
    return status;
}

/* Rayleigh quotients and residuals of A of the first `count` vectors of the basis, and of some
 * behind them that fill a block. */
static kith_status look(run *q, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t first = 0; first < count; first += BLOCK) {
        double *const values = q->rayleigh + first, *const residuals = q->residuals + first;
        kith_i_columns_copy(q->n, part(q, first, BLOCK), block(q->x), q->threads);
        KITH_TRY(kith_i_solver_apply(q->s, BLOCK, q->x, q->y, err));
        KITH_TRY(kith_i_columns_dots(q->n, block(q->x), block(q->y), values, q->threads, err));
        for (int64_t i = 0; i < q->n * BLOCK; i += BLOCK)
            for (int64_t j = 0; j < BLOCK; j++) q->y[i + j] -= values[j] * q->x[i + j];
        KITH_TRY(kith_i_columns_dots(q->n, block(q->y), block(q->y), residuals, q->threads, err));
        for (int64_t j = 0; j < BLOCK; j++) {
            residuals[j] = sqrt(residuals[j]);
            values[j] *= q->sign;
        }
    }

done:
    return status;
}

/* ---- The search ---- */

static double worst(const double *numbers, int64_t count)
{
    double most = 0;

    for (int64_t j = 0; j < count; j++)
        if (!(numbers[j] <= most)) most = numbers[j];
    return most;
}

/* Estimates of pairs that are worth a look. */
static double hoped(const run *q)
{
    return 2 * q->tolerance / (q->high - q->low);
}

/* Pairs so far above the others that they are sought alone. */
static void set_goal(run *q)
{
    const int64_t left = q->wanted - q->locked;

    q->goal = 1;
    while (q->goal < left && q->goal < q->filled && q->values[q->goal] > q->far) q->goal++;
}

/* Fills the basis, or until it holds what is sought as far as estimates tell, or the products are
 * used up. Then it is Ritz vectors. */
static kith_status fill(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    bool full = false, good = false;

    while (!full && !good) {
        KITH_TRY(expand(q, err));
        full = q->filled + BLOCK > q->room || q->s->products >= q->s->most;
        if (!full && !isfinite(q->far) && q->filled < q->goal + BLOCK) continue;
        KITH_TRY(solve_projected(q, err));
        if (isfinite(q->far)) set_goal(q);
        good = q->filled >= q->goal && worst(q->estimates, q->goal) <= hoped(q);
    }

    /* What p leaves small says nothing; and there must be room for some blocks more. */
    const double small = 1.5 / cosh((double)q->degree * growth(q, q->bound, q->top));
    const int64_t most = (q->goal + q->room) / 2;
    int64_t kept = q->goal;
    while (kept < most && kept < q->filled && q->values[kept] > small) kept++;
    KITH_TRY(restart(q, kept < q->filled ? kept : q->filled, err));
    KITH_TRY(look(q, q->goal < q->filled ? q->goal : q->filled, err));

done:
    return status;
}

/* So many of the pairs that were sought can be locked: all that have converged, up to the last of
 * an eigenvalue with as many vectors as a block, beside which there may be more. */
static int64_t to_lock(const run *q)
{
    const double same = 1e-12 * (q->high - q->low);
    const int64_t most = q->goal < q->filled ? q->goal : q->filled;
    int64_t count = 0;

    while (count < most && q->residuals[count] <= q->tolerance) count++;
    for (int64_t j = 0, run_length = 1; j + 1 < count; j++) {
        run_length = fabs(q->rayleigh[j + 1] - q->rayleigh[j]) <= same ? run_length + 1 : 1;
        const bool ends = j + 2 == count || fabs(q->rayleigh[j + 2] - q->rayleigh[j + 1]) > same;
        if (run_length >= BLOCK && ends) return j + 2;
    }
    return count;
}

/* Moves the first `count` vectors of the basis to those that are locked, and begins anew: with a
 * mixture of what else was found, or with a random block. */
static kith_status lock(run *q, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rest = q->filled - count;
    double mixture[BLOCK * BLOCK];

    kith_i_block_random(q->n, BLOCK, q->y, q->s->options->seed, 3 + q->begun, q->threads);
    if (rest >= BLOCK) {
        kith_i_block_random(BLOCK, BLOCK, mixture, q->s->options->seed, 4, 1);
        for (int64_t i = 0; i < q->n * BLOCK; i++) q->y[i] *= 1e-2 / sqrt((double)q->n);
        for (int64_t first = count; first + BLOCK <= q->filled; first += BLOCK)
            kith_i_columns_times(q->n, part(q, first, BLOCK), mixture, 1, block(q->y), q->threads);
    }
    kith_i_columns_copy(q->n, part(q, 0, count),
                        (kith_i_columns){ count, q->wanted, q->found + q->locked }, q->threads);
    for (int64_t j = 0; j < count; j++) q->lowest = fmin(q->lowest, q->rayleigh[j]);
    q->locked += count;
    KITH_TRY(begin(q, err));

done:
    return status;
}

/* Whether p makes less large than is wanted though all of that has converged: then the bound is too
 * high. */
static bool bound_too_high(const run *q)
{
    const double small = 1.5 / cosh((double)q->degree * growth(q, q->bound, q->top));
    int64_t large = 0;

    while (large < q->filled && q->values[large] > small) large++;
    return large < q->goal && worst(q->estimates, large) < 10 * hoped(q);
}

static kith_status search(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t stalls = 0;

    kith_i_block_random(q->n, BLOCK, q->y, q->s->options->seed, 2, q->threads);
    KITH_TRY(begin(q, err));
    q->above = q->wanted + 1;
    choose_filter(q, -INFINITY);
    for (;;) {
        KITH_TRY(fill(q, err));
        const int64_t count = to_lock(q);
        if (count == q->wanted - q->locked) break;
        if (q->s->products >= q->s->most || stalls == MOST_STALLS) break;
        const bool again =
            count < q->goal && count < q->filled && q->residuals[count] <= q->tolerance;
        if (count == q->goal || again || (count > 0 && stalls % 4 == 3)) {
            const double top = count < q->goal ? q->rayleigh[count] : -INFINITY;
            KITH_TRY(lock(q, count, err));
            q->above = q->wanted - q->locked + 1;
            choose_filter(q, top);
            stalls = 0;
        } else if (bound_too_high(q)) {
            q->above *= 2;
            KITH_TRY(lock(q, 0, err));
            choose_filter(q, q->rayleigh[0]);
        } else {
            stalls++;
        }
    }

done:
    return status;
}

/* The vectors that are locked and those in front of the basis, in its memory. Where a search ended
 * too early there may be fewer than are wanted: zeros, which orthonormalising makes others. */
static kith_status hand_over(run *q, kith_error *err)
{
    const int64_t k = q->wanted, stride = q->room + BLOCK, rest = k - q->locked;

    for (int64_t i = 0; i < q->n && q->filled < rest; i++)
        memset(q->basis + i * stride + q->filled, 0, (size_t)(rest - q->filled) * sizeof(double));

    for (int64_t i = 0; i < q->n; i++) {
        double *const row = q->basis + i * k;
        memmove(row + q->locked, q->basis + i * stride, (size_t)rest * sizeof *row);
        if (q->locked > 0) memcpy(row, q->found + i * k, (size_t)q->locked * sizeof *row);
    }
    q->s->vectors = q->basis;
    q->basis = NULL;
    if (q->filled >= rest) return KITH_OK;
    return kith_i_block_orthonormalise(q->n, k, q->s->vectors, NULL, NULL, q->s->options->seed,
                                       q->threads, err);
}

static kith_status run_init(run *q, kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows, k = s->options->count;

    *q = (run){ .s = s, .n = n, .threads = s->a->threads, .wanted = k, .lowest = INFINITY };
    q->sign = s->options->end == KITH_I_LARGEST ? 1 : -1;
    q->room = (2 * k + SPARE) / BLOCK * BLOCK;
    const int64_t stride = q->room + BLOCK;
    KITH_TRY(kith_i_memory_require(8.0 * (double)n * (double)(stride + k + 3 * BLOCK),
                                   "an eigensolver", err));
    KITH_TRY(kith_i_alloc(&q->basis, n * stride, sizeof *q->basis, err));
    KITH_TRY(kith_i_alloc(&q->found, n * k, sizeof *q->found, err));
    KITH_TRY(kith_i_zeroed(&q->projected, q->room * q->room, sizeof *q->projected, err));
    KITH_TRY(kith_i_alloc(&q->vectors, q->room * q->room, sizeof *q->vectors, err));
    KITH_TRY(kith_i_alloc(&q->values, stride, sizeof *q->values, err));
    KITH_TRY(kith_i_alloc(&q->estimates, stride, sizeof *q->estimates, err));
    KITH_TRY(kith_i_alloc(&q->rayleigh, stride, sizeof *q->rayleigh, err));
    KITH_TRY(kith_i_alloc(&q->residuals, stride, sizeof *q->residuals, err));
    KITH_TRY(kith_i_alloc(&q->coefficients, stride * BLOCK, sizeof *q->coefficients, err));
    KITH_TRY(kith_i_alloc(&q->overlap, BLOCK * BLOCK, sizeof *q->overlap, err));
    KITH_TRY(kith_i_alloc(&q->x, n * BLOCK, sizeof *q->x, err));
    KITH_TRY(kith_i_alloc(&q->y, n * BLOCK, sizeof *q->y, err));
    KITH_TRY(kith_i_alloc(&q->z, n * BLOCK, sizeof *q->z, err));

done:
    return status;
}

/* What is known of the spectrum: a survey, or of a plain search how much two products stretch
 * random vectors, for tolerances. */
static kith_status look_over(run *q, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_solver *s = q->s;
    double before[BLOCK], after[BLOCK];

    if (!s->options->plain) {
        KITH_TRY(kith_i_survey_make(s, &q->survey, err));
    } else {
        kith_i_block_random(q->n, BLOCK, q->x, s->options->seed, 1, q->threads);
        KITH_TRY(kith_i_solver_apply(s, BLOCK, q->x, q->y, err));
        KITH_TRY(kith_i_solver_apply(s, BLOCK, q->y, q->z, err));
        KITH_TRY(kith_i_columns_dots(q->n, block(q->y), block(q->y), before, q->threads, err));
        KITH_TRY(kith_i_columns_dots(q->n, block(q->z), block(q->z), after, q->threads, err));
        s->lower = s->upper = 0;
        for (int64_t j = 0; j < BLOCK; j++)
            if (before[j] > 0) s->upper = fmax(s->upper, sqrt(after[j] / before[j]));
    }
    q->low = q->sign > 0 ? s->lower : -s->upper;
    q->high = q->sign > 0 ? s->upper : -s->lower;
    q->tolerance = s->options->tolerance * fmax(fabs(s->lower), fabs(s->upper));
    if (!(q->high > q->low)) { /* a multiple of the identity */
        q->low -= 1;
        q->high += 1;
    }

done:
    return status;
}

static void run_clear(run *q)
{
    double *const all[] = { q->found,     q->basis,    q->projected,   q->vectors, q->values,
                            q->estimates, q->rayleigh, q->residuals,   q->overlap, q->x,
                            q->y,         q->z,        q->coefficients };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) kith_i_free(all[i]);
    kith_i_survey_clear(&q->survey);
}

kith_status kith_i_solve_lanczos(kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    run q = { 0 };

    KITH_TRY(run_init(&q, s, err));
    KITH_TRY(look_over(&q, err));
    KITH_TRY(search(&q, err));
    KITH_TRY(hand_over(&q, err));

done:
    run_clear(&q);
    return status;
}
