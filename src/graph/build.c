/* Building a graph by bucket and radix sort.
 *
 *   1. distribute   every entry (row, target) into the bucket of its row, in the order of the
 * edges: a bucket is a range of rows whose entries fit the cache
 *   2. sort         each bucket by row and target, stably, so that repeats stand next to one
 * another in the order of the edges; merge them, leave out zeros and unwanted loops
 *   3. close gaps   between buckets that became shorter
 *   4. finish       a matrix is found symmetric or not; weights become as narrow as they may be
 *
 * Threads distribute consecutive ranges of edges, each to places counted beforehand, and sort whole
 * buckets, so the result is the same whatever their number. Beside the finished arrays the entries
 * take two bytes each, their row within the bucket. */
#include "graph/build.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    PIECE = 1 << 20,        /* edges between two polls */
    BUCKET_ENTRIES = 32768, /* aimed at: sorting takes 16 bytes each, 32 with weights */
    MOST_ROW_BITS = 16,     /* of a row within its bucket */
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
    MOST_PASSES = (MOST_ROW_BITS + 32 + DIGIT_BITS - 1) / DIGIT_BITS,
    MOST_PARTS = 64
};

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

/* Adjacency in the making. */
typedef struct {
    const edge_view *edges;
    bool             both;     /* an edge that is no loop stands in the rows of both ends */
    int              row_bits; /* a bucket is 2^row_bits rows */
    int              target_bits;
    int64_t          buckets;
    int              threads;
    int              parts;   /* ranges of edges */
    int64_t         *cursor;  /* parts x buckets: where a part puts its next entry of a bucket */
    int64_t         *start;   /* buckets + 1: where buckets begin */
    uint16_t        *row;     /* of each entry, within its bucket */
    int64_t         *kept;    /* by bucket: entries after merging */
    int64_t         *offsets; /* nodes + 1 */
    uint32_t        *targets;
    double          *weights; /* NULL: all 1 */
} building;

static int bits_for(int64_t values)
{
    return values > 1 ? 64 - __builtin_clzll((uint64_t)values - 1) : 0;
}

static kith_status building_init(building *b, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = b->edges->nodes, entries = b->edges->count * (b->both ? 2 : 1);
    const int bucket_bits = bits_for(entries / BUCKET_ENTRIES + 1);
    const int row_bits = bits_for(n) - bucket_bits;

    b->row_bits = row_bits < 0 ? 0 : row_bits > MOST_ROW_BITS ? MOST_ROW_BITS : row_bits;
    b->target_bits = bits_for(n);
    b->buckets = (n >> b->row_bits) + 1;
    b->parts = entries < PIECE ? 1 : b->threads < MOST_PARTS ? b->threads : MOST_PARTS;
    KITH_TRY(kith_i_zeroed(&b->cursor, b->parts * b->buckets, sizeof *b->cursor, err));
    KITH_TRY(kith_i_alloc(&b->start, b->buckets + 1, sizeof *b->start, err));
    KITH_TRY(kith_i_alloc(&b->kept, b->buckets, sizeof *b->kept, err));
    KITH_TRY(kith_i_alloc(&b->offsets, n + 1, sizeof *b->offsets, err));

done:
    return status;
}

static void building_clear(building *b)
{
    kith_i_free(b->cursor);
    kith_i_free(b->start);
    kith_i_free(b->row);
    kith_i_free(b->kept);
    kith_i_free(b->offsets);
    kith_i_free(b->targets);
    kith_i_free(b->weights);
}

/* ---- 1. Distribute ---- */

static inline void put(building *b, int64_t *cursor, uint32_t row, uint32_t target, double weight)
{
    const int64_t at = cursor[row >> b->row_bits]++;

    if (!b->targets) return; /* only counting */
    b->targets[at] = target;
    b->row[at] = (uint16_t)(row & ((1u << b->row_bits) - 1));
    if (b->weights) b->weights[at] = weight;
}

static void distribute_range(building *b, int64_t *cursor, int64_t begin, int64_t end)
{
    const edge_view *edges = b->edges;

    for (int64_t i = begin; i < end; i++) {
        const uint32_t u = source(edges, i), v = target(edges, i);
        const double weight = edges->weights && i < edges->given ? edges->weights[i] : 1;
        put(b, cursor, u, v, weight);
        if (b->both && u != v) put(b, cursor, v, u, weight);
    }
}

/* Every part goes through its edges, a piece at a time. */
static kith_status distribute_pass(building *b, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t share = (b->edges->count + b->parts - 1) / b->parts;

    for (int64_t piece = 0; piece < share; piece += PIECE) {
        KITH_TRY(kith_i_poll_check(poll, "building the graph", (double)piece / (double)share, err));
#pragma omp parallel for num_threads(b->parts) schedule(static, 1) if (b->parts > 1)
        for (int p = 0; p < b->parts; p++) {
            const int64_t last =
                share * (p + 1) < b->edges->count ? share * (p + 1) : b->edges->count;
            const int64_t begin = share * p + piece;
            const int64_t end = begin + PIECE < last ? begin + PIECE : last;
            distribute_range(b, b->cursor + p * b->buckets, begin, end);
        }
    }

done:
    return status;
}

static kith_status distribute(building *b, bool weighted, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t total = 0;

    KITH_TRY(distribute_pass(b, poll, err)); /* counts */
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
    KITH_TRY(kith_i_alloc(&b->row, total, sizeof *b->row, err));
    if (weighted) KITH_TRY(kith_i_alloc(&b->weights, total, sizeof *b->weights, err));
    KITH_TRY(kith_i_alloc(&b->targets, total, sizeof *b->targets, err));
    KITH_TRY(distribute_pass(b, poll, err));

done:
    return status;
}

/* ---- 2. Sort ---- */

/* What a thread sorts a bucket with: keys (row, target) and weights, twice. */
typedef struct {
    uint64_t *key, *spare_key;
    double   *weight, *spare_weight;
    uint32_t  place[MOST_PASSES][DIGITS];
} sorter;

static void sorters_free(sorter *sorters, int threads)
{
    for (int t = 0; sorters && t < threads; t++) {
        kith_i_free(sorters[t].key);
        kith_i_free(sorters[t].spare_key);
        kith_i_free(sorters[t].weight);
        kith_i_free(sorters[t].spare_weight);
    }
    kith_i_free(sorters);
}

static kith_status sorters_new(const building *b, sorter **out, kith_error *err)
{
    kith_status status = KITH_OK;
    sorter *sorters = NULL;
    int64_t largest = 0;

    for (int64_t i = 0; i < b->buckets; i++)
        if (b->start[i + 1] - b->start[i] > largest) largest = b->start[i + 1] - b->start[i];
    KITH_TRY(kith_i_zeroed(&sorters, b->threads, sizeof *sorters, err));
    for (int t = 0; t < b->threads; t++) {
        KITH_TRY(kith_i_alloc(&sorters[t].key, largest, sizeof(uint64_t), err));
        KITH_TRY(kith_i_alloc(&sorters[t].spare_key, largest, sizeof(uint64_t), err));
        if (!b->weights) continue;
        KITH_TRY(kith_i_alloc(&sorters[t].weight, largest, sizeof(double), err));
        KITH_TRY(kith_i_alloc(&sorters[t].spare_weight, largest, sizeof(double), err));
    }
    *out = sorters;
    sorters = NULL;

done:
    sorters_free(sorters, b->threads);
    return status;
}

static inline unsigned digit(uint64_t key, int pass)
{
    return (unsigned)(key >> (pass * DIGIT_BITS)) & (DIGITS - 1);
}

/* Where the first entry of each digit goes, for every pass. */
static void count_digits(sorter *s, int64_t n, int passes)
{
    memset(s->place, 0, (size_t)passes * sizeof *s->place);
    for (int64_t i = 0; i < n; i++)
        for (int pass = 0; pass < passes; pass++) s->place[pass][digit(s->key[i], pass)]++;
    for (int pass = 0; pass < passes; pass++) {
        uint32_t sum = 0;
        for (int d = 0; d < DIGITS; d++) {
            const uint32_t count = s->place[pass][d];
            s->place[pass][d] = sum;
            sum += count;
        }
    }
}

/* A stable pass over a digit of the keys. */
static void sort_by_digit(sorter *s, int64_t n, int pass)
{
    for (int64_t i = 0; i < n; i++) {
        const uint32_t at = s->place[pass][digit(s->key[i], pass)]++;
        s->spare_key[at] = s->key[i];
        if (s->weight) s->spare_weight[at] = s->weight[i];
    }
    uint64_t *const key = s->key;
    double *const weight = s->weight;
    s->key = s->spare_key;
    s->spare_key = key;
    s->weight = s->spare_weight;
    s->spare_weight = weight;
}

/* What becomes of repeats and loops. */
typedef struct {
    kith_loops loops;
    bool       sum;    /* of repeats, which makes weights; else the first stays */
    bool       refuse; /* repeats: they stay, to be found in the end */
} merging;

/* Writes the sorted bucket back, merged, and the ends of its rows relative to its start; returns
 * how many entries stay. */
static int64_t merge_bucket(building *b, int64_t bucket, const sorter *s, const merging *m)
{
    const int64_t begin = b->start[bucket], n = b->start[bucket + 1] - begin;
    const int64_t first = bucket << b->row_bits, rows = b->edges->nodes - first;
    const int64_t last = rows < INT64_C(1) << b->row_bits ? rows : INT64_C(1) << b->row_bits;
    int64_t kept = 0, row = 0;

    for (int64_t i = 0, next; i < n; i = next) {
        const uint32_t u = (uint32_t)(s->key[i] & ((UINT64_C(1) << b->target_bits) - 1));
        const int64_t v = (int64_t)(s->key[i] >> b->target_bits);
        for (next = i + 1; next < n && !m->refuse && s->key[next] == s->key[i]; next++) continue;
        while (row < v) b->offsets[first + ++row] = kept;
        if (u == first + v && m->loops == KITH_LOOPS_DROP) continue;
        /* The loop that the edge view adds comes last, and goes when there is another. */
        const bool added = u == first + v && m->loops == KITH_LOOPS_ADD && next - i > 1;
        double weight = s->weight ? s->weight[i] : 1;
        for (int64_t j = i + 1; m->sum && j < next - added; j++) weight += s->weight[j];
        if (weight == 0 && added) weight = 1; /* a loop of weight 0 is none */
        if (weight == 0) continue;
        b->targets[begin + kept] = u;
        if (b->weights) b->weights[begin + kept] = weight;
        kept++;
    }
    while (row < last) b->offsets[first + ++row] = kept;
    return kept;
}

static void sort_bucket(building *b, int64_t bucket, sorter *s, const merging *m)
{
    const int64_t begin = b->start[bucket], n = b->start[bucket + 1] - begin;
    const int passes = (b->row_bits + b->target_bits + DIGIT_BITS - 1) / DIGIT_BITS;

    for (int64_t i = 0; i < n; i++)
        s->key[i] = (uint64_t)b->row[begin + i] << b->target_bits | b->targets[begin + i];
    if (b->weights) memcpy(s->weight, b->weights + begin, (size_t)n * sizeof *s->weight);
    count_digits(s, n, passes);
    for (int pass = 0; pass < passes; pass++) sort_by_digit(s, n, pass);
    b->kept[bucket] = merge_bucket(b, bucket, s, m);
}

static kith_status sort_buckets(building *b, const merging *m, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    sorter *sorters = NULL;

    KITH_TRY(sorters_new(b, &sorters, err));
#pragma omp parallel for num_threads(b->threads)                                                   \
    schedule(dynamic) if (b->buckets > 1 && b->threads > 1)
    for (int64_t bucket = 0; bucket < b->buckets; bucket++) {
        const int t = omp_get_thread_num();
        if (t == 0)
            kith_i_poll_check(poll, "sorting rows", (double)bucket / (double)b->buckets, err);
        if (!kith_i_poll_stopped(poll)) sort_bucket(b, bucket, &sorters[t], m);
    }
    KITH_TRY(kith_i_poll_check(poll, "sorting rows", 1, err));

done:
    sorters_free(sorters, b->threads);
    return status;
}

/* ---- 3. Close gaps ---- */

static kith_status close_gaps(building *b, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rows = INT64_C(1) << b->row_bits, before = b->start[b->buckets];
    int64_t total = 0;

    b->offsets[0] = 0;
    for (int64_t bucket = 0; bucket < b->buckets; bucket++) {
        const int64_t begin = b->start[bucket], first = bucket * rows;
        const size_t kept = (size_t)b->kept[bucket];
        KITH_TRY(kith_i_poll_check(poll, "closing gaps", (double)bucket / (double)b->buckets, err));
        if (begin != total) {
            memmove(b->targets + total, b->targets + begin, kept * sizeof *b->targets);
            if (b->weights)
                memmove(b->weights + total, b->weights + begin, kept * sizeof *b->weights);
        }
        for (int64_t v = first; v < first + rows && v < b->edges->nodes; v++)
            b->offsets[v + 1] += total;
        total += (int64_t)kept;
    }
    if (total < before) {
        KITH_TRY(kith_i_resize(&b->targets, total, sizeof *b->targets, err));
        if (b->weights) KITH_TRY(kith_i_resize(&b->weights, total, sizeof *b->weights, err));
    }

done:
    return status;
}

static kith_status refuse_repeats(const building *b, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    const int64_t n = b->edges->nodes;

    for (int64_t v = 0; v < n; v++)
        for (int64_t e = b->offsets[v] + 1; e < b->offsets[v + 1]; e++) {
            KITH_TRY(kith_i_poll_pass(poll, "looking for repeats", e, b->offsets[n], err));
            KITH_CHECK(b->targets[e - 1] != b->targets[e], KITH_E_INPUT,
                       "the edge (%" PRId64 ", %" PRIu32 ") is given twice (expected once)", v,
                       b->targets[e]);
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
    kith_graph *graph = NULL;
    float *narrow = NULL;

    if (b->weights) KITH_TRY(kith_i_narrow_weights(&b->weights, b->offsets[n], poll, &narrow, err));
    const kith_i_arrays arrays = {
        .nodes = n,
        .offsets = b->offsets,
        .targets = b->targets,
        .weights32 = narrow,
        .weights64 = b->weights,
        .directed = matrix || direction == KITH_DIRECTED,
        .loops = -1,
        .names = names,
    };
    KITH_TRY(kith_i_graph_adopt(&arrays, &graph, err));
    b->offsets = NULL;
    b->targets = NULL;
    b->weights = NULL;
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
    const merging m = { .loops = o->loops, .sum = sum && !o->ignore_weights,
                        .refuse = o->duplicates == KITH_DUPLICATES_REFUSE };
    building b = { .edges = edges, .both = !matrix && o->direction != KITH_DIRECTED,
                   .threads = kith_i_threads(&o->run) };

    edges->count = edges->given + (o->loops == KITH_LOOPS_ADD ? edges->nodes : 0);
    KITH_TRY(building_init(&b, err));
    KITH_TRY(distribute(&b, edges->weights || m.sum, poll, err));
    if (given) kith_i_edges_clear(given);
    KITH_TRY(sort_buckets(&b, &m, poll, err));
    KITH_TRY(close_gaps(&b, poll, err));
    if (m.refuse) KITH_TRY(refuse_repeats(&b, poll, err));
    if (o->ignore_weights) { /* zeros have been left out by now */
        kith_i_free(b.weights);
        b.weights = NULL;
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

/* Checks ids and weights, and finds the number of nodes when it is not given. */
static kith_status check_edges(edge_view *e, const kith_graph_options *o, kith_i_poll *poll,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t nodes = e->nodes < 0 ? KITH_I_MAX_NODES : e->nodes;
    int64_t largest = -1;

    for (int64_t i = 0; i < e->given; i++) {
        const int64_t u = e->sources64[i], v = e->targets64[i];
        if (i % PIECE == 0) KITH_TRY(kith_i_poll_check(poll, "checking edges", -1, err));
        KITH_CHECK(u >= 0 && u < nodes && v >= 0 && v < nodes, KITH_E_INPUT,
                   "edge %" PRId64 " is (%" PRId64 ", %" PRId64
                   ") (expected node ids from 0 to %" PRId64 ")",
                   i, u, v, nodes - 1);
        if (u > largest) largest = u;
        if (v > largest) largest = v;
        if (!e->weights || o->ignore_weights) continue;
        KITH_CHECK(isfinite(e->weights[i]) && (o->signed_weights || e->weights[i] >= 0),
                   KITH_E_INPUT, "edge %" PRId64 " has weight %g (expected a finite number%s)", i,
                   e->weights[i], o->signed_weights ? "" : ", at least 0");
    }
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
