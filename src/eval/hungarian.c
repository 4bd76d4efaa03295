/* The assignment problem by shortest augmenting paths [Jonker1987], for sparse weights.
 *
 * Every column has a price >= 0 and every row a utility, the largest of weight - price over its
 * columns and of 0, the worth of staying single. A matched row has a column of that worth; a free
 * column has price 0: by duality the matching is then the heaviest of the rows matched so far. A
 * further row is let in by a Dijkstra search along the losses
 *
 *   utility[row] - (weight - price[column])  >= 0
 *
 * from the row to a free column, or to a row that had better become single, whichever is nearer.
 * Prices and utilities move by what the distances of the search are short of that. All numbers are
 * integers, so ties are exact. */
#include "eval/hungarian.h"

enum { POLL_ENTRIES = 1 << 17 }; /* looked at between two polls */

typedef struct {
    const kith_i_assignment *problem;
    kith_i_poll *poll;
    int64_t work;       /* entries looked at since it was asked */
    int64_t *utility;   /* rows */
    int64_t *column_of; /* rows; -1: single */
    int64_t *price;     /* columns */
    int64_t *row_of;    /* columns; -1: free */

    /* The search. A column is known when search_of names the row that is being let in. */
    int64_t *distance;  /* columns */
    int64_t *parent;    /* columns: the row from which the distance is */
    int64_t *search_of; /* columns */
    int64_t *place;     /* columns: where in the heap; -1: taken out */
    int64_t *heap;      /* matched columns, nearest first */
    int64_t *settled;   /* columns taken out, in this order */
    int64_t  waiting, count; /* in heap, in settled */

    /* Its best end so far. */
    int64_t nearest;     /* distance */
    int64_t free_column; /* -1: `single` becomes single */
    int64_t single;      /* row */
} matcher;

static kith_status matcher_init(matcher *s, const kith_i_assignment *p, int64_t *column_of,
                                kith_error *err)
{
    kith_status status = KITH_OK;

    s->problem = p;
    s->column_of = column_of;
    KITH_TRY(kith_i_zeroed(&s->utility, p->rows, sizeof *s->utility, err));
    KITH_TRY(kith_i_zeroed(&s->price, p->columns, sizeof *s->price, err));
    KITH_TRY(kith_i_alloc(&s->row_of, p->columns, sizeof *s->row_of, err));
    KITH_TRY(kith_i_alloc(&s->distance, p->columns, sizeof *s->distance, err));
    KITH_TRY(kith_i_alloc(&s->parent, p->columns, sizeof *s->parent, err));
    KITH_TRY(kith_i_alloc(&s->search_of, p->columns, sizeof *s->search_of, err));
    KITH_TRY(kith_i_alloc(&s->place, p->columns, sizeof *s->place, err));
    KITH_TRY(kith_i_alloc(&s->heap, p->columns, sizeof *s->heap, err));
    KITH_TRY(kith_i_alloc(&s->settled, p->columns, sizeof *s->settled, err));
    for (int64_t i = 0; i < p->rows; i++) column_of[i] = -1;
    for (int64_t j = 0; j < p->columns; j++) s->row_of[j] = s->search_of[j] = -1;

done:
    return status;
}

static void matcher_clear(matcher *s)
{
    kith_i_free(s->utility);
    kith_i_free(s->price);
    kith_i_free(s->row_of);
    kith_i_free(s->distance);
    kith_i_free(s->parent);
    kith_i_free(s->search_of);
    kith_i_free(s->place);
    kith_i_free(s->heap);
    kith_i_free(s->settled);
}

static void put(matcher *s, int64_t position, int64_t column)
{
    s->heap[position] = column;
    s->place[column] = position;
}

/* Moves a column up from a hole in the heap until its parent is no farther. */
static void rise(matcher *s, int64_t hole, int64_t column)
{
    while (hole > 0) {
        const int64_t above = (hole - 1) / 2;
        if (s->distance[s->heap[above]] <= s->distance[column]) break;
        put(s, hole, s->heap[above]);
        hole = above;
    }
    put(s, hole, column);
}

static int64_t take_nearest(matcher *s)
{
    const int64_t top = s->heap[0], last = s->heap[--s->waiting];
    int64_t hole = 0;

    for (int64_t below = 1; below < s->waiting; below = 2 * hole + 1) {
        if (below + 1 < s->waiting &&
            s->distance[s->heap[below + 1]] < s->distance[s->heap[below]])
            below++;
        if (s->distance[last] <= s->distance[s->heap[below]]) break;
        put(s, hole, s->heap[below]);
        hole = below;
    }
    if (s->waiting) put(s, hole, last);
    s->place[top] = -1;
    return top;
}

/* Carries the search to the columns of a row that lies at `distance`. */
static void scan(matcher *s, int64_t search, int64_t row, int64_t distance)
{
    const kith_i_assignment *p = s->problem;

    if (distance + s->utility[row] < s->nearest) {
        s->nearest = distance + s->utility[row];
        s->free_column = -1;
        s->single = row;
    }
    for (int64_t e = p->offsets[row]; e < p->offsets[row + 1]; e++) {
        const int64_t j = p->targets[e];
        const int64_t d = distance + s->utility[row] - (p->weights[e] - s->price[j]);
        const bool known = s->search_of[j] == search;
        if (d >= s->nearest || (known && d >= s->distance[j])) continue;
        s->distance[j] = d;
        s->parent[j] = row;
        if (s->row_of[j] < 0) {
            s->nearest = d;
            s->free_column = j;
        } else {
            s->search_of[j] = search;
            rise(s, known ? s->place[j] : s->waiting++, j);
        }
    }
}

/* Polls before the entries of a row are looked at. */
static kith_status poll_at(matcher *s, int64_t row, int64_t search, kith_error *err)
{
    s->work += 1 + s->problem->offsets[row + 1] - s->problem->offsets[row];
    if (s->work < POLL_ENTRIES) return KITH_OK;
    s->work = 0;
    return kith_i_poll_check(s->poll, "matching communities",
                             (double)search / (double)s->problem->rows, err);
}

/* Finds the nearest end from a new row, and moves prices and utilities by the distances. */
static kith_status search_from(matcher *s, int64_t row, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_assignment *p = s->problem;

    KITH_TRY(poll_at(s, row, row, err));
    for (int64_t e = p->offsets[row]; e < p->offsets[row + 1]; e++) {
        const int64_t worth = p->weights[e] - s->price[p->targets[e]];
        if (worth > s->utility[row]) s->utility[row] = worth;
    }
    s->waiting = s->count = 0;
    s->nearest = INT64_MAX;
    scan(s, row, row, 0);
    while (s->waiting && s->distance[s->heap[0]] < s->nearest) {
        const int64_t j = take_nearest(s);
        s->settled[s->count++] = j;
        KITH_TRY(poll_at(s, s->row_of[j], row, err));
        scan(s, row, s->row_of[j], s->distance[j]);
    }
    s->utility[row] -= s->nearest;
    for (int64_t i = 0; i < s->count; i++) {
        const int64_t j = s->settled[i], shift = s->nearest - s->distance[j];
        s->price[j] += shift;
        s->utility[s->row_of[j]] -= shift;
    }

done:
    return status;
}

/* Exchanges partners along the path that the search found. */
static void augment(matcher *s)
{
    int64_t j = s->free_column;

    if (j < 0) {
        j = s->column_of[s->single];
        s->column_of[s->single] = -1;
    }
    while (j >= 0) {
        const int64_t row = s->parent[j], left = s->column_of[row];
        s->column_of[row] = j;
        s->row_of[j] = row;
        j = left;
    }
}

kith_status kith_i_assign(const kith_i_assignment *problem, kith_i_poll *poll, int64_t *column_of,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    matcher s = { .poll = poll, .work = POLL_ENTRIES };

    KITH_TRY(matcher_init(&s, problem, column_of, err));
    for (int64_t row = 0; row < problem->rows; row++) {
        KITH_TRY(search_from(&s, row, err));
        augment(&s);
    }

done:
    matcher_clear(&s);
    return status;
}
