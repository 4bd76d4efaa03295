/* Building a graph by bucket and radix sort.
 *
 *   1. distribute   every entry (row, target) into the bucket of its row, in the order of the
 * edges: a bucket is a range of rows whose entries fit the cache
 *   2. sort         each bucket by target and then by row, stably, so that repeats stand next to
 * one another in the order of the edges; merge them, leave out zeros and unwanted loops
 *   3. close gaps   behind buckets that became shorter, as soon as all before them are merged
 *   4. finish       a matrix is found symmetric or not; weights become as narrow as they may be
 *
 * Threads distribute consecutive ranges of edges, each to places counted beforehand, and sort whole
 * buckets, so the result is the same whatever their number.
 *
 * Until its bucket is merged an entry is a key, the row above the target, of which the lower bits
 * are kept: those of the row within the bucket, and the target. 32 bits of them stand where the
 * targets will, so that hardly anything is held beside the finished arrays; keys that are longer,
 * as with many millions of edges, take two bytes more for each entry.
 *
 * An entry goes to any bucket, and then to any place in it, for which the processor would have to
 * wait: so the place is fetched some entries ahead of time. */
#include "graph/build.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    PIECE = 1 << 18,        /* edges between two polls */
    SHARE = 1 << 20,        /* entries that are worth distributing by several threads */
    BUCKET_ENTRIES = 32768, /* aimed at: sorting takes 8 bytes each, 24 with weights ... */
    MOST_BUCKET_BITS = 10,  /* ... but the processor has to know a page of each bucket */
    MOST_ROW_BITS = 16,     /* of rows in a bucket */
    MOST_DIGIT_BITS = 12,   /* of targets, by which a pass sorts */
    AHEAD = 16,             /* entries, or edges, between fetching a place and filling it */
    GIANT = 1 << 22,        /* entries of a bucket in whose sorting the call polls */
    MOST_PARTS = 64
};

/* Of a function called twice, once for entries with but one array: so the compiler gets to know. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The caller's arrays or a reader's, behind one face. */
typedef struct {
    int64_t         nodes, given;
    int64_t count; /* with a loop of weight 1 for every node behind those given, if asked for */
    const int64_t  *sources64, *targets64;
    const uint32_t *sources32, *targets32;
    const double   *weights;
} edge_view;

static inline uint32_t source(const edge_view *e, int64_t i)
{
    if (i >= e->given) return (uint32_t)(i - e->given);
    return e->sources32 ? e->sources32[i] : (uint32_t)e->sources64[i];
}

static inline uint32_t target(const edge_view *e, int64_t i)
{
    if (i >= e->given) return (uint32_t)(i - e->given);
    return e->targets32 ? e->targets32[i] : (uint32_t)e->targets64[i];
}

static inline double weight(const edge_view *e, int64_t i)
{
    return e->weights && i < e->given ? e->weights[i] : 1;
}

/* Entries, sorted or not. */
typedef struct {
    uint32_t *lower;   /* 32 bits of the key, or the target alone */
    uint16_t *upper;   /* the rest of the key; NULL: nothing */
    double   *weights; /* NULL: all 1 */
} entries;

static inline uint64_t key_of(const entries *e, int64_t i)
{
    return e->lower[i] | (e->upper ? (uint64_t)e->upper[i] << 32 : 0);
}

static inline void put(const entries *e, int64_t i, uint64_t key, double weight)
{
    e->lower[i] = (uint32_t)key;
    if (e->upper) e->upper[i] = (uint16_t)(key >> 32);
    if (e->weights) e->weights[i] = weight;
}

static inline void prefetch(const entries *e, int64_t i)
{
    KITH_I_PREFETCH(&e->lower[i]);
    if (e->upper) KITH_I_PREFETCH(&e->upper[i]);
    if (e->weights) KITH_I_PREFETCH(&e->weights[i]);
}

static inline bool only_lower(const entries *e)
{
    return !e->upper && !e->weights;
}

/* Those from the i-th on. */
static entries entries_from(const entries *e, int64_t i)
{
    return (entries){ e->lower + i, e->upper ? e->upper + i : NULL,
                      e->weights ? e->weights + i : NULL };
}

static kith_status entries_alloc(entries *e, int64_t count, bool upper, bool weights,
                                 kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&e->lower, count, sizeof *e->lower, err));
    if (upper) KITH_TRY(kith_i_alloc(&e->upper, count, sizeof *e->upper, err));
    if (weights) KITH_TRY(kith_i_alloc(&e->weights, count, sizeof *e->weights, err));

done:
    return status;
}

static void entries_clear(entries *e)
{
    kith_i_free(e->lower);
    kith_i_free(e->upper);
    kith_i_free(e->weights);
}

/* Adjacency in the making. */
typedef struct {
    const edge_view *edges;
    bool             both;        /* an edge that is no loop stands in the rows of both ends */
    bool             sum;         /* weights of repeats; else the first stays */
    bool             refuse;      /* repeats: they stay, to be found in the end */
    kith_loops       loops;
    int              target_bits; /* of a key, the lower ones */
    int              row_bits;    /* of a key, and of the rows in a bucket */
    int64_t          buckets;
    int              threads;
    int              parts;   /* ranges of edges */
    int64_t         *cursor;  /* parts x buckets: where a part puts its next entry of a bucket */
    int64_t         *start;   /* buckets + 1: where buckets begin */
    entries          entries; /* by bucket, then by row */
    int64_t         *offsets; /* nodes + 1 */
    int64_t         *kept;    /* by bucket: entries after merging, -1 until then */
    int64_t          closed;  /* buckets, from the first, at their final place ... */
    int64_t          total;   /* ... and the entries there */
} building;

static int bits_for(int64_t values)
{
    return values > 1 ? 64 - __builtin_clzll((uint64_t)values - 1) : 0;
}

/* As many rows as give the entries of a bucket the size aimed at. */
static int choose_row_bits(int target_bits, int64_t count)
{
    const int wanted = bits_for(count / BUCKET_ENTRIES + 1);
    const int bits = target_bits - (wanted < MOST_BUCKET_BITS ? wanted : MOST_BUCKET_BITS);

    return bits < 0 ? 0 : bits < MOST_ROW_BITS ? bits : MOST_ROW_BITS;
}

static kith_status building_init(building *b, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = b->edges->nodes, count = b->edges->count * (b->both ? 2 : 1);

    b->target_bits = bits_for(n);
    b->row_bits = choose_row_bits(b->target_bits, count);
    b->buckets = (n >> b->row_bits) + 1;
    b->threads = kith_i_threads_for(run, count);
    b->parts = count < SHARE ? 1 : b->threads < MOST_PARTS ? b->threads : MOST_PARTS;
    KITH_TRY(kith_i_zeroed(&b->cursor, b->parts * b->buckets, sizeof *b->cursor, err));
    KITH_TRY(kith_i_alloc(&b->start, b->buckets + 1, sizeof *b->start, err));
    KITH_TRY(kith_i_alloc(&b->kept, b->buckets, sizeof *b->kept, err));
    KITH_TRY(kith_i_alloc(&b->offsets, n + 1, sizeof *b->offsets, err));
    for (int64_t bucket = 0; bucket < b->buckets; bucket++) b->kept[bucket] = -1;
    b->offsets[0] = 0;

done:
    return status;
}

static void building_clear(building *b)
{
    kith_i_free(b->cursor);
    kith_i_free(b->start);
    kith_i_free(b->kept);
    kith_i_free(b->offsets);
    entries_clear(&b->entries);
}

/* ---- 1. Distribute ---- */

/* What is done with the edges begin to end - 1, whose part has these cursors. Structs are copied:
 * then no write can be an alias of them. */
typedef void edge_work(const building *b, int64_t *cursor, int64_t begin, int64_t end);

static void count_entries(const building *b, int64_t *cursor, int64_t begin, int64_t end)
{
    const edge_view edges = *b->edges;
    const int row_bits = b->row_bits;
    const bool both = b->both;

    for (int64_t i = begin; i < end; i++) {
        const uint32_t u = source(&edges, i), v = target(&edges, i);
        cursor[u >> row_bits]++;
        cursor[v >> row_bits] += both && u != v;
    }
}

/* Puts the entries of the edges where the cursors say. */
ALWAYS_INLINE void put_into(entries to, const building *b, int64_t *cursor, int64_t begin,
                            int64_t end)
{
    const edge_view edges = *b->edges;
    const int row_bits = b->row_bits, target_bits = b->target_bits;
    const bool both = b->both;

    for (int64_t i = begin; i < end; i++) {
        const uint64_t u = source(&edges, i), v = target(&edges, i);
        if (i + AHEAD < end) {
            prefetch(&to, cursor[source(&edges, i + AHEAD) >> row_bits]);
            if (both) prefetch(&to, cursor[target(&edges, i + AHEAD) >> row_bits]);
        }
        put(&to, cursor[u >> row_bits]++, u << target_bits | v, weight(&edges, i));
        if (both && u != v)
            put(&to, cursor[v >> row_bits]++, v << target_bits | u, weight(&edges, i));
    }
}

static void put_entries(const building *b, int64_t *cursor, int64_t begin, int64_t end)
{
    if (only_lower(&b->entries)) {
        const entries to = { b->entries.lower, NULL, NULL };
        put_into(to, b, cursor, begin, end);
    } else {
        put_into(b->entries, b, cursor, begin, end);
    }
}

/* Every part goes through its edges, a piece at a time. */
static kith_status go_through_edges(const building *b, edge_work *work, kith_i_poll *poll,
                                    kith_error *err)
{
    const int64_t count = b->edges->count, share = (count + b->parts - 1) / b->parts;

#pragma omp parallel for num_threads(b->parts) schedule(static, 1) if (b->parts > 1)
    for (int p = 0; p < b->parts; p++) {
        const int64_t last = share * (p + 1) < count ? share * (p + 1) : count;
        for (int64_t i = share * p; i < last && !kith_i_poll_stopped(poll); i += PIECE) {
            if (p == 0)
                kith_i_poll_check(poll, "building the graph", (double)i / (double)share, err);
            work(b, b->cursor + p * b->buckets, i, i + PIECE < last ? i + PIECE : last);
        }
    }
    return kith_i_poll_check(poll, "building the graph", 1, err);
}

static kith_status distribute(building *b, bool weighted, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool upper = b->target_bits + b->row_bits > 32;
    int64_t total = 0;

    KITH_TRY(go_through_edges(b, count_entries, poll, err));
    for (int64_t bucket = 0; bucket < b->buckets; bucket++) {
        b->start[bucket] = total;
        for (int p = 0; p < b->parts; p++) {
            int64_t *cursor = &b->cursor[p * b->buckets + bucket];
            const int64_t count = *cursor;
            *cursor = total;
            total += count;
        }
    }
    b->start[b->buckets] = total;
    KITH_TRY(entries_alloc(&b->entries, total, upper, weighted, err));
    KITH_TRY(go_through_edges(b, put_entries, poll, err));

done:
    return status;
}

/* ---- 2. Sort ---- */

/* What a thread sorts a bucket with. */
typedef struct {
    entries sorted, spare;
    int64_t *place; /* by digit: of the next entry that has it */
} sorter;

static void sorters_free(sorter *sorters, int threads)
{
    for (int t = 0; sorters && t < threads; t++) {
        entries_clear(&sorters[t].sorted);
        entries_clear(&sorters[t].spare);
        kith_i_free(sorters[t].place);
    }
    kith_i_free(sorters);
}

static kith_status sorters_new(const building *b, int threads, sorter **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool upper = b->entries.upper, weighted = b->entries.weights;
    const int bits = b->row_bits < MOST_DIGIT_BITS ? MOST_DIGIT_BITS : b->row_bits;
    sorter *sorters = NULL;
    int64_t largest = 0;

    for (int64_t i = 0; i < b->buckets; i++)
        if (b->start[i + 1] - b->start[i] > largest) largest = b->start[i + 1] - b->start[i];
    KITH_TRY(kith_i_zeroed(&sorters, threads, sizeof *sorters, err));
    for (int t = 0; t < threads; t++) {
        KITH_TRY(entries_alloc(&sorters[t].sorted, largest, upper, weighted, err));
        KITH_TRY(entries_alloc(&sorters[t].spare, largest, upper, weighted, err));
        KITH_TRY(kith_i_alloc(&sorters[t].place, 1 << bits, sizeof *sorters[t].place, err));
    }
    *out = sorters;
    sorters = NULL;

done:
    sorters_free(sorters, threads);
    return status;
}

/* Whether to go on, asked before each piece of a bucket; `poll` is NULL but for giant ones. */
static bool goes_on(kith_i_poll *poll)
{
    return !poll || kith_i_poll_check(poll, "sorting rows", -1, NULL) == KITH_OK;
}

static inline int64_t piece_end(int64_t begin, int64_t n)
{
    return n - begin < PIECE ? n : begin + PIECE;
}

/* place[d] becomes where the first of the entries with digit d goes. */
ALWAYS_INLINE void count_digits(entries from, int64_t n, int shift, uint64_t mask,
                                kith_i_poll *poll, int64_t *place)
{
    int64_t sum = 0;

    memset(place, 0, (mask + 1) * sizeof *place);
    for (int64_t piece = 0; piece < n && goes_on(poll); piece += PIECE)
        for (int64_t i = piece, end = piece_end(piece, n); i < end; i++)
            place[key_of(&from, i) >> shift & mask]++;
    for (uint64_t d = 0; d <= mask; d++) {
        const int64_t count = place[d];
        place[d] = sum;
        sum += count;
    }
}

/* Copies n entries in the order of their digits. */
ALWAYS_INLINE void sort_into(entries to, entries from, int64_t n, int shift, uint64_t mask,
                             kith_i_poll *poll, int64_t *place)
{
    count_digits(from, n, shift, mask, poll, place);
    for (int64_t piece = 0; piece < n && goes_on(poll); piece += PIECE)
        for (int64_t i = piece, end = piece_end(piece, n); i < end; i++) {
            const uint64_t key = key_of(&from, i);
            if (i + AHEAD < n) prefetch(&to, place[key_of(&from, i + AHEAD) >> shift & mask]);
            put(&to, place[key >> shift & mask]++, key, from.weights ? from.weights[i] : 1);
        }
}

/* Copies n entries in the order of a digit, the bits of their keys from `shift` to `end` - 1; where
 * it is the same they stay in order. place[d] is then where the entries with digit d end. */
static void sort_by_digit(const entries *from, const entries *to, int64_t n, int shift, int end,
                          kith_i_poll *poll, int64_t *place)
{
    const uint64_t mask = (UINT64_C(1) << (end - shift)) - 1;

    if (only_lower(from)) {
        const entries source = { from->lower, NULL, NULL }, sorted = { to->lower, NULL, NULL };
        sort_into(sorted, source, n, shift, mask, poll, place);
    } else {
        sort_into(*to, *from, n, shift, mask, poll, place);
    }
}

/* Sorts a bucket into s->sorted; s->place becomes where its rows end there. */
static void sort_bucket(const building *b, int64_t bucket, kith_i_poll *poll, sorter *s)
{
    const int64_t n = b->start[bucket + 1] - b->start[bucket];
    const int bits = b->target_bits, passes = (bits + MOST_DIGIT_BITS - 1) / MOST_DIGIT_BITS;
    entries from = entries_from(&b->entries, b->start[bucket]);

    for (int p = 0; p <= passes; p++) { /* the last by row */
        const int begin = p < passes ? bits * p / passes : bits;
        const int end = p < passes ? bits * (p + 1) / passes : bits + b->row_bits;
        sort_by_digit(&from, &s->spare, n, begin, end, poll, s->place);
        from = s->spare;
        s->spare = s->sorted;
        s->sorted = from;
    }
}

/* Merges the n entries of row v and returns how many stay. */
static int64_t merge_row(const building *b, int64_t v, const entries *from, int64_t n,
                         kith_i_poll *poll, const entries *to)
{
    const uint32_t mask = (uint32_t)((UINT64_C(1) << b->target_bits) - 1);
    int64_t kept = 0, next, asked = 0;

    for (int64_t i = 0; i < n; i = next) {
        if (i >= asked + PIECE) {
            asked = i;
            if (!goes_on(poll)) break;
        }
        const uint32_t u = from->lower[i] & mask;
        for (next = i + 1; next < n && !b->refuse && from->lower[next] == from->lower[i]; next++)
            continue;
        if (u == v && b->loops == KITH_LOOPS_DROP) continue;
        /* The loop that the edge view adds comes last, and goes when there is another. */
        const bool added = u == v && b->loops == KITH_LOOPS_ADD && next - i > 1;
        double weight = from->weights[i];
        for (int64_t j = i + 1; b->sum && j < next - added; j++) weight += from->weights[j];
        if (weight == 0 && added) weight = 1; /* a loop of weight 0 is none */
        if (weight == 0) continue;
        to->lower[kept] = u;
        to->weights[kept++] = weight;
    }
    return kept;
}

/* The same where all weights are 1. */
static int64_t merge_unweighted_row(const building *b, int64_t v, const entries *from, int64_t n,
                                    kith_i_poll *poll, const entries *to)
{
    const uint32_t mask = (uint32_t)((UINT64_C(1) << b->target_bits) - 1);
    const uint32_t *const lower = from->lower;
    const int64_t unwanted = b->loops == KITH_LOOPS_DROP ? v : -1;
    const bool refuse = b->refuse;
    uint32_t *const targets = to->lower;
    int64_t kept = 0, last = -1;

    for (int64_t piece = 0; piece < n && goes_on(poll); piece += PIECE)
        for (int64_t i = piece, end = piece_end(piece, n); i < end; i++) {
            const int64_t u = lower[i] & mask;
            targets[kept] = (uint32_t)u;
            kept += (u != last || refuse) && u != unwanted;
            last = u;
        }
    return kept;
}

/* Writes the entries of the sorted bucket back, merged, and the ends of its rows relative to its
 * start. */
static int64_t merge_bucket(building *b, int64_t bucket, kith_i_poll *poll, const sorter *s)
{
    const int64_t first = bucket << b->row_bits, after = (bucket + 1) << b->row_bits;
    const int64_t last = after < b->edges->nodes ? after : b->edges->nodes;
    const bool weighted = b->entries.weights;
    int64_t kept = 0, begin = 0;

    for (int64_t v = first; v < last; v++) {
        const int64_t end = s->place[v - first];
        if (begin < end) {
            const entries from = entries_from(&s->sorted, begin);
            const entries to = entries_from(&b->entries, b->start[bucket] + kept);
            kept +=
                (weighted ? merge_row : merge_unweighted_row)(b, v, &from, end - begin, poll, &to);
        }
        b->offsets[v + 1] = kept;
        begin = end;
    }
    return kept;
}

/* ---- 3. Close gaps ---- */

/* Moves a bucket behind those that are closed, which end where it begins or before. */
static void close_gap(building *b, int64_t bucket)
{
    const int64_t first = bucket << b->row_bits, after = (bucket + 1) << b->row_bits;
    const size_t kept = (size_t)b->kept[bucket];

    if (b->total < b->start[bucket]) {
        const entries from = entries_from(&b->entries, b->start[bucket]);
        const entries to = entries_from(&b->entries, b->total);
        memmove(to.lower, from.lower, kept * sizeof *to.lower);
        if (to.weights) memmove(to.weights, from.weights, kept * sizeof *to.weights);
    }
    for (int64_t v = first; v < after && v < b->edges->nodes; v++) b->offsets[v + 1] += b->total;
    b->total += b->kept[bucket];
}

/* Closes up to `most` of the buckets that are merged, as are all before them. */
static void close_gaps(building *b, int64_t most)
{
    while (most-- > 0 && b->closed < b->buckets && b->kept[b->closed] >= 0)
        close_gap(b, b->closed++);
}

static bool is_giant(const building *b, int64_t bucket)
{
    return b->start[bucket + 1] - b->start[bucket] > GIANT;
}

/* Buckets that hold a row of many millions are left to the thread that polls. */
static kith_status sort_giants(building *b, sorter *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t bucket = 0; bucket < b->buckets; bucket++) {
        if (!is_giant(b, bucket)) continue;
        sort_bucket(b, bucket, poll, s);
        b->kept[bucket] = merge_bucket(b, bucket, poll, s);
        KITH_TRY(kith_i_poll_check(poll, "sorting rows", -1, err));
    }

done:
    return status;
}

/* Steps 2 and 3. Who has merged a bucket closes it, or two when one was left: threads so keep up,
 * and none is held up for long. */
static kith_status sort_buckets(building *b, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int threads = b->buckets < b->threads ? (int)b->buckets : b->threads;
    entries *e = &b->entries;
    sorter *sorters = NULL;

    KITH_TRY(sorters_new(b, threads, &sorters, err));
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (int64_t bucket = 0; bucket < b->buckets; bucket++) {
        sorter *s = &sorters[omp_get_thread_num()];
        if (s == sorters)
            kith_i_poll_check(poll, "sorting rows", (double)bucket / (double)b->buckets, err);
        if (kith_i_poll_stopped(poll) || is_giant(b, bucket)) continue;
        sort_bucket(b, bucket, NULL, s);
        const int64_t kept = merge_bucket(b, bucket, NULL, s);
#pragma omp critical(kith_i_close_gaps)
        {
            b->kept[bucket] = kept;
            close_gaps(b, 2);
        }
    }
    KITH_TRY(sort_giants(b, sorters, poll, err));
    do {
        KITH_TRY(kith_i_poll_check(poll, "sorting rows", 1, err));
        close_gaps(b, 1);
    } while (b->closed < b->buckets);
    if (b->total < b->start[b->buckets]) {
        KITH_TRY(kith_i_resize(&e->lower, b->total, sizeof *e->lower, err));
        if (e->weights) KITH_TRY(kith_i_resize(&e->weights, b->total, sizeof *e->weights, err));
    }

done:
    sorters_free(sorters, threads);
    return status;
}

static kith_status refuse_repeats(const building *b, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = b->edges->nodes;
    const uint32_t *targets = b->entries.lower;

    for (int64_t v = 0; v < n; v++)
        for (int64_t e = b->offsets[v] + 1; e < b->offsets[v + 1]; e++) {
            KITH_TRY(kith_i_poll_pass(poll, "looking for repeats", e, b->offsets[n], err));
            KITH_CHECK(targets[e - 1] != targets[e], KITH_E_INPUT,
                       "the edge (%" PRId64 ", %" PRIu32 ") is given twice (expected once)", v,
                       targets[e]);
        }

done:
    return status;
}

/* ---- 4. Finish ---- */

static const char narrowing[] = "looking at weights"; /* a stage */

kith_status kith_i_narrow_weights(double **weights, int64_t count, kith_i_poll *poll,
                                  float **narrow, kith_error *err)
{
    kith_status status = KITH_OK;
    const double *w = *weights;
    bool ones = true, exact = true;

    *narrow = NULL;
    for (int64_t e = 0; e < count && exact; e++) {
        KITH_TRY(kith_i_poll_pass(poll, narrowing, e, count, err));
        ones = ones && w[e] == 1;
        exact = (double)(float)w[e] == w[e];
    }
    if (!exact) goto done;
    if (!ones) {
        KITH_TRY(kith_i_alloc(narrow, count, sizeof **narrow, err));
        for (int64_t e = 0; e < count; e++) {
            KITH_TRY(kith_i_poll_pass(poll, narrowing, e, count, err));
            (*narrow)[e] = (float)w[e];
        }
    }
    kith_i_free(*weights);
    *weights = NULL;

done:
    if (status != KITH_OK) {
        kith_i_free(*narrow);
        *narrow = NULL;
    }
    return status;
}

kith_status kith_i_graph_settle(kith_graph *graph, kith_direction direction, kith_i_poll *poll,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t row, column;
    bool symmetric;

    if (direction == KITH_DIRECTED) goto done;
    KITH_TRY(kith_i_graph_symmetric(graph, poll, &symmetric, &row, &column, err));
    graph->directed = !symmetric;
    if (graph->directed && direction == KITH_UNDIRECTED)
        KITH_TRY(kith_i_graph_unpaired(row, column, err));

done:
    return status;
}

/* The graph of the arrays, which it takes over. */
static kith_status finish(building *b, bool matrix, kith_direction direction, kith_i_poll *poll,
                          kith_i_names *names, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = b->edges->nodes;
    entries *e = &b->entries;
    kith_graph *graph = NULL;
    float *narrow = NULL;

    if (e->weights) KITH_TRY(kith_i_narrow_weights(&e->weights, b->offsets[n], poll, &narrow, err));
    const kith_i_arrays arrays = {
        .nodes = n,
        .offsets = b->offsets,
        .targets = e->lower,
        .weights32 = narrow,
        .weights64 = e->weights,
        .directed = matrix || direction == KITH_DIRECTED,
        .loops = -1,
        .names = names,
    };
    KITH_TRY(kith_i_graph_adopt(&arrays, &graph, err));
    b->offsets = NULL;
    e->lower = NULL;
    e->weights = NULL;
    narrow = NULL;
    if (matrix) KITH_TRY(kith_i_graph_settle(graph, direction, poll, err));
    *out = graph;
    graph = NULL;

done:
    kith_i_free(narrow);
    kith_graph_free(graph);
    return status;
}

void kith_i_edges_clear(kith_i_edges *edges)
{
    kith_i_free(edges->sources);
    kith_i_free(edges->targets);
    kith_i_free(edges->weights);
    edges->sources = edges->targets = NULL;
    edges->weights = NULL;
}

/* Steps 1 to 4; `given`, where it is not NULL, is freed as soon as it has been read. */
static kith_status build(edge_view *edges, kith_i_edges *given, bool matrix,
                         const kith_graph_options *o, kith_i_poll *poll, kith_i_names *names,
                         kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool sum = o->duplicates == KITH_DUPLICATES_SUM ||
                     (o->duplicates == KITH_DUPLICATES_AUTO && edges->weights);
    building b = {
        .edges = edges,
        .both = !matrix && o->direction != KITH_DIRECTED,
        .loops = o->loops,
        .sum = sum && !o->ignore_weights,
        .refuse = o->duplicates == KITH_DUPLICATES_REFUSE,
    };

    edges->count = edges->given + (o->loops == KITH_LOOPS_ADD ? edges->nodes : 0);
    KITH_TRY(building_init(&b, &o->run, err));
    KITH_TRY(distribute(&b, edges->weights || b.sum, poll, err));
    if (given) kith_i_edges_clear(given);
    KITH_TRY(sort_buckets(&b, poll, err));
    if (b.refuse) KITH_TRY(refuse_repeats(&b, poll, err));
    if (o->ignore_weights) { /* zeros have been left out by now */
        kith_i_free(b.entries.weights);
        b.entries.weights = NULL;
    }
    KITH_TRY(finish(&b, matrix, o->direction, poll, names, out, err));

done:
    if (given) kith_i_edges_clear(given);
    building_clear(&b);
    return status;
}

kith_status kith_i_graph_build(kith_i_edges *edges, const kith_graph_options *options,
                               kith_i_poll *poll, kith_i_names *names, kith_graph **out,
                               kith_error *err)
{
    edge_view view = {
        .nodes = edges->nodes,
        .given = edges->count,
        .sources32 = edges->sources,
        .targets32 = edges->targets,
        .weights = edges->weights,
    };

    *out = NULL;
    return build(&view, edges, edges->matrix, options, poll, names, out, err);
}

static inline bool weight_allowed(double weight, const kith_graph_options *o)
{
    return isfinite(weight) && (o->signed_weights || weight >= 0);
}

/* The first of the edges begin to end - 1 that is not allowed, or `end` when all are; then *largest
 * is at least their largest id. */
static int64_t first_refused(const edge_view *e, const kith_graph_options *o, int64_t begin,
                             int64_t end, int64_t *largest)
{
    const uint64_t nodes = (uint64_t)(e->nodes < 0 ? KITH_I_MAX_NODES : e->nodes);
    const double *weights = o->ignore_weights ? NULL : e->weights;
    int64_t most = *largest;

    for (int64_t i = begin; i < end; i++) {
        const int64_t u = e->sources64[i], v = e->targets64[i];
        if ((uint64_t)u >= nodes || (uint64_t)v >= nodes) return i;
        if (weights && !weight_allowed(weights[i], o)) return i;
        most = u > most ? u : most;
        most = v > most ? v : most;
    }
    *largest = most;
    return end;
}

static kith_status refuse_edge(const edge_view *e, const kith_graph_options *o, int64_t i,
                               kith_error *err)
{
    const int64_t nodes = e->nodes < 0 ? KITH_I_MAX_NODES : e->nodes;
    const int64_t u = e->sources64[i], v = e->targets64[i];

    if (u < 0 || u >= nodes || v < 0 || v >= nodes)
        return kith_i_fail(err, KITH_E_INPUT,
                           "edge %" PRId64 " is (%" PRId64 ", %" PRId64
                           ") (expected node ids from 0 to %" PRId64 ")",
                           i, u, v, nodes - 1);
    return kith_i_fail(err, KITH_E_INPUT,
                       "edge %" PRId64 " has weight %g (expected a finite number%s)", i,
                       e->weights[i], o->signed_weights ? "" : ", at least 0");
}

/* Checks ids and weights, and finds the number of nodes when it is not given. */
static kith_status check_edges(edge_view *e, const kith_graph_options *o, kith_i_poll *poll,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const int threads = kith_i_threads_for(&o->run, e->given);
    int64_t largest = -1, refused = e->given;

#pragma omp parallel for num_threads(threads) reduction(max : largest)                             \
    reduction(min : refused) if (e->given > PIECE && threads > 1)
    for (int64_t begin = 0; begin < e->given; begin += PIECE) {
        const int64_t end = begin + PIECE < e->given ? begin + PIECE : e->given;
        if (omp_get_thread_num() == 0) kith_i_poll_check(poll, "checking edges", -1, err);
        if (kith_i_poll_stopped(poll)) continue;
        const int64_t i = first_refused(e, o, begin, end, &largest);
        if (i < end && i < refused) refused = i;
    }
    KITH_TRY(kith_i_poll_check(poll, "checking edges", -1, err));
    if (refused < e->given) KITH_TRY(refuse_edge(e, o, refused, err));
    if (e->nodes < 0) e->nodes = largest + 1;

done:
    return status;
}

static const kith_option no_rows[] = { { 0 } };
static const kith_graph_options defaults = KITH_GRAPH_OPTIONS_INIT;
const kith_options_spec kith_i_graph_options_spec = { no_rows, &defaults, sizeof defaults };

kith_status kith_graph_from_edges(int64_t nodes, int64_t edges, const int64_t *sources,
                                  const int64_t *targets, const double *weights,
                                  const kith_graph_options *options, kith_graph **out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(nodes >= -1 && nodes <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "nodes is %" PRId64 " (expected -1 to %" PRId64 ")", nodes, KITH_I_MAX_NODES);
    KITH_CHECK(edges >= 0, KITH_E_ARGUMENT, "edges is %" PRId64 " (expected at least 0)", edges);
    KITH_CHECK((sources && targets) || !edges, KITH_E_ARGUMENT,
               "sources and targets must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_graph_options_spec, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    edge_view view = { .nodes = nodes, .given = edges, .sources64 = sources, .targets64 = targets,
                       .weights = weights };
    KITH_TRY(check_edges(&view, &o, &poll, err));
    KITH_TRY(build(&view, NULL, false, &o, &poll, NULL, out, err));

done:
    return status;
}
