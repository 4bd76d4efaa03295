/* Stochastic block models [Holland1983], and the planted partition [Condon2001]: every pair of
 * nodes is joined independently, with a probability that depends on their blocks.
 *
 * Pairs of one probability stand in a line, and the gap from one edge to the next along it is drawn
 * from its geometric law [Batagelj2005], so that time goes with edges, not pairs. The row of node u
 * holds the pairs (u, v), v < u; rows are cut into stripes, each with random streams of its own,
 * and a row of the general model that expects too many edges for one stripe into several. A stripe
 * is drawn twice: to count its edges, then to write them.
 *
 * In the planted partition a row has two parts, the earlier nodes of the same block and those of
 * the blocks before it, so that any number of blocks will do; in the general model it has one for
 * each block up to its own. Nodes are numbered block by block. */
#include "kith/generate.h"

#include "core/spec.h"
#include "generate/common.h"
#include "graph/view.h"

#include <float.h>
#include <inttypes.h>

enum {
    STRIPE_EDGES = 1 << 14, /* expected in a stripe */
    LONG_ROW = 1 << 15,     /* edges expected in a row that is cut */
    STRIPE_ROWS = 1 << 18   /* at most */
};

static const char planning[] = "planning"; /* a stage */

/* What each random stream is for; by the number of the block from EARLIER_BLOCK on. */
enum { OWN_BLOCK = 1, EARLIER_BLOCKS, EARLIER_BLOCK };

/* The parts of rows that a stripe covers. */
typedef enum { OWN, EARLIER, ALL } row_parts;

typedef struct {
    row_parts parts;
    int64_t   first, last; /* rows first .. last - 1; of one block when all parts are covered */
    int64_t from, to;      /* a piece of one row, all parts: columns from .. to - 1; else 0 */
    int64_t piece;         /* its number in the row */
    int64_t   edges;     /* how many, then where they begin */
} stripe;

typedef struct {
    kith_sbm_options o;
    kith_i_poll      poll;
    int64_t          nodes;
    int64_t         *start; /* of each block; blocks + 1 */
    uint32_t        *label;
    double           own, earlier; /* probabilities of the planted partition */
    double           expected;     /* edges */
    stripe          *stripes;
    int64_t          count, room;
    kith_i_edges     edges;
    bool             writes;
} sbm;

static void sbm_clear(sbm *s)
{
    kith_i_free(s->start);
    kith_i_free(s->label);
    kith_i_free(s->stripes);
    kith_i_edges_clear(&s->edges);
}

static double probability(const sbm *s, int64_t a, int64_t b)
{
    return s->o.probabilities[a * s->o.blocks + b];
}

/* Blocks of equal size, the first ones one larger, or the given ones. */
static kith_status place_blocks(sbm *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_sbm_options *o = &s->o;
    const int64_t nodes = o->sizes ? KITH_I_MAX_NODES : o->nodes; /* not to be exceeded */

    KITH_CHECK(!o->sizes == !o->probabilities, KITH_E_ARGUMENT,
               "sizes and probabilities must be given together");
    KITH_CHECK(o->sizes || o->blocks <= o->nodes, KITH_E_ARGUMENT,
               "blocks is %" PRId64 " (expected at most nodes, %" PRId64 ")", o->blocks, o->nodes);
    KITH_TRY(kith_i_zeroed(&s->start, o->blocks + 1, sizeof *s->start, err));
    for (int64_t b = 0; b < o->blocks; b++) {
        KITH_TRY(kith_i_poll_pass(&s->poll, planning, b, o->blocks, err));
        const int64_t size = o->sizes ? o->sizes[b]
                                      : o->nodes / o->blocks + (b < o->nodes % o->blocks);
        KITH_CHECK(size >= 0 && size <= nodes - s->start[b], KITH_E_ARGUMENT,
                   "sizes[%" PRId64 "] is %" PRId64 " (expected 0 to %" PRId64 ")", b, size,
                   nodes - s->start[b]);
        s->start[b + 1] = s->start[b] + size;
    }
    s->nodes = s->start[o->blocks];
    KITH_CHECK(s->nodes > 0, KITH_E_ARGUMENT, "sizes add up to 0 (expected at least 1)");

done:
    return status;
}

static double pairs(int64_t nodes)
{
    return (double)nodes * (double)(nodes - 1) / 2;
}

/* Checks the given probabilities, and adds up the edges they expect. */
static kith_status plan_general(sbm *s, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t a = 0; a < s->o.blocks; a++) {
        const int64_t size = s->start[a + 1] - s->start[a];
        for (int64_t b = 0; b < s->o.blocks; b++) {
            const double p = probability(s, a, b), q = probability(s, b, a);
            KITH_TRY(kith_i_poll_pass(&s->poll, planning, a * s->o.blocks + b,
                                      s->o.blocks * s->o.blocks, err));
            KITH_CHECK(p >= 0 && p <= 1, KITH_E_ARGUMENT,
                       "probabilities[%" PRId64 "][%" PRId64 "] is %g (expected 0 to 1)", a, b, p);
            KITH_CHECK(p == q, KITH_E_ARGUMENT,
                       "probabilities[%" PRId64 "][%" PRId64 "] is %g and [%" PRId64 "][%" PRId64
                       "] is %g (expected the same)", a, b, p, b, a, q);
            if (b < a) s->expected += p * (double)size * (double)(s->start[b + 1] - s->start[b]);
        }
        s->expected += probability(s, a, a) * pairs(size);
    }

done:
    return status;
}

/* The two probabilities that give the planted partition its mean degree and its mixing. */
static kith_status plan_planted(sbm *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_sbm_options *o = &s->o;
    const double n = (double)o->nodes, mixed = o->mixing;
    double inside = 0;

    for (int64_t b = 0; b < o->blocks; b++) {
        KITH_TRY(kith_i_poll_pass(&s->poll, planning, b, o->blocks, err));
        inside += pairs(s->start[b + 1] - s->start[b]);
    }
    const double across = pairs(o->nodes) - inside;
    s->expected = n * o->degree / 2;
    KITH_CHECK(across > 0 || mixed == 0 || o->degree == 0, KITH_E_ARGUMENT,
               "mixing is %g (expected 0: there is one block)", mixed);
    KITH_CHECK(inside > 0 || mixed == 1 || o->degree == 0, KITH_E_ARGUMENT,
               "mixing is %g (expected 1: every block is one node)", mixed);
    if (inside > 0) s->own = (1 - mixed) * s->expected / inside;
    if (across > 0) s->earlier = mixed * s->expected / across;
    const double excess = s->own > s->earlier ? s->own : s->earlier;
    KITH_CHECK(excess <= 1 + 1e-12, KITH_E_ARGUMENT,
               "degree is %g (expected at most %g with blocks %" PRId64 " and mixing %g)",
               o->degree, o->degree / excess, o->blocks, mixed);

done:
    return status;
}

/* How many earlier nodes the part of row u holds: of its own block, or of those before it. */
static int64_t width(const sbm *s, row_parts part, int64_t u)
{
    const int64_t start = s->start[s->label[u]];

    return part == EARLIER ? start : u - start;
}

static kith_status add_stripe(sbm *s, stripe next, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_grow(&s->stripes, s->count, &s->room, sizeof *s->stripes, err));
    s->stripes[s->count++] = next;

done:
    return status;
}

/* Cuts row u of the general model into pieces, which may reach over many blocks. */
static kith_status cut_row(sbm *s, int64_t u, kith_error *err)
{
    kith_status status = KITH_OK;
    stripe t = { .parts = ALL, .first = u, .last = u + 1 };
    double expected = 0;

    for (int64_t at = 0; at < u;) {
        const int64_t block = s->label[at];
        const int64_t end = s->start[block + 1] < u ? s->start[block + 1] : u;
        const double p = probability(s, s->label[u], block);
        const double room = ceil((STRIPE_EDGES - expected) / p); /* columns; infinite for p = 0 */
        const int64_t step = room < (double)(end - at) ? (int64_t)room : end - at;
        KITH_TRY(kith_i_poll_check(&s->poll, planning, -1, err));
        at += step;
        expected += p * (double)step;
        if (at < u && expected < STRIPE_EDGES) continue;
        t.to = at;
        KITH_TRY(add_stripe(s, t, err));
        t.from = at;
        t.piece++;
        expected = 0;
    }

done:
    return status;
}

/* Cuts rows first .. last - 1 into stripes. A row expects `base` edges and p for each node of the
 * width of its part. */
static kith_status cut(sbm *s, row_parts parts, int64_t first, int64_t last, double base, double p,
                       kith_error *err)
{
    kith_status status = KITH_OK;
    double expected = 0;

    for (int64_t u = first; u < last; u++) {
        const double edges = base + p * (double)width(s, parts, u);
        if (u % KITH_I_BLOCK == 0) KITH_TRY(kith_i_poll_check(&s->poll, planning, -1, err));
        expected += edges;
        if (parts == ALL && edges > LONG_ROW) {
            if (first < u)
                KITH_TRY(add_stripe(s, (stripe){ .parts = parts, .first = first, .last = u }, err));
            KITH_TRY(cut_row(s, u, err));
        } else {
            if (u + 1 < last && expected < STRIPE_EDGES && u - first + 1 < STRIPE_ROWS) continue;
            KITH_TRY(add_stripe(s, (stripe){ .parts = parts, .first = first, .last = u + 1 }, err));
        }
        first = u + 1;
        expected = 0;
    }

done:
    return status;
}

/* Labels the nodes and cuts all rows. */
static kith_status cut_rows(sbm *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t *start = s->start;

    KITH_TRY(kith_i_alloc(&s->label, s->nodes, sizeof *s->label, err));
    for (int64_t b = 0; b < s->o.blocks; b++)
        for (int64_t v = start[b]; v < start[b + 1]; v++) {
            KITH_TRY(kith_i_poll_pass(&s->poll, planning, v, s->nodes, err));
            s->label[v] = (uint32_t)b;
        }
    if (!s->o.sizes) {
        KITH_TRY(cut(s, OWN, 0, s->nodes, 0, s->own, err));
        KITH_TRY(cut(s, EARLIER, 0, s->nodes, 0, s->earlier, err));
        goto done;
    }
    for (int64_t a = 0; a < s->o.blocks; a++) {
        double base = 0;
        for (int64_t b = 0; b < a; b++) {
            KITH_TRY(kith_i_poll_pass(&s->poll, planning, a * s->o.blocks + b,
                                      s->o.blocks * s->o.blocks, err));
            base += probability(s, a, b) * (double)(start[b + 1] - start[b]);
        }
        KITH_TRY(cut(s, ALL, start[a], start[a + 1], base, probability(s, a, a), err));
    }

done:
    return status;
}

/* Draws gaps between edges, and takes the edges. */
typedef struct {
    kith_i_random random;
    double        log_no; /* log(1 - p) */
    uint32_t     *sources, *targets; /* NULL: only count */
    int64_t       count;
} drawing;

static void start_line(const sbm *s, drawing *d, uint64_t stage, int64_t row, double p)
{
    d->random = kith_i_random_at(s->o.run.seed, stage, (uint64_t)row);
    d->log_no = p < 1 ? log1p(-p) : -INFINITY;
}

/* Pairs passed over before the next edge: the floor of log(1 - U) / log(1 - p). */
static int64_t gap(drawing *d)
{
    const double pairs = log1p(-kith_i_random_unit(&d->random)) / d->log_no;

    return pairs < 0x1p62 ? (int64_t)pairs : INT64_C(1) << 62; /* also when p is 0 */
}

static void take(drawing *d, int64_t u, int64_t v)
{
    if (d->sources) {
        d->sources[d->count] = (uint32_t)u;
        d->targets[d->count] = (uint32_t)v;
    }
    d->count++;
}

/* One part of rows first .. last - 1, row after row. */
static void draw_part(const sbm *s, drawing *d, const stripe *t, row_parts part, double p)
{
    int64_t u = t->first;

    start_line(s, d, part == OWN ? OWN_BLOCK : EARLIER_BLOCKS, t->first, p);
    for (int64_t at = gap(d); p > 0; at += 1 + gap(d)) {
        for (; u < t->last && at >= width(s, part, u); u++) at -= width(s, part, u);
        if (u == t->last) return;
        take(d, u, (part == OWN ? s->start[s->label[u]] : 0) + at);
    }
}

/* The same rows with an earlier block. */
static void draw_block(const sbm *s, drawing *d, const stripe *t, int64_t block, double p)
{
    const int64_t first = s->start[block], columns = s->start[block + 1] - first;
    const int64_t end = (t->last - t->first) * columns;

    if (p == 0 || columns == 0) return;
    start_line(s, d, EARLIER_BLOCK + (uint64_t)block, t->first, p);
    for (int64_t at = gap(d); at < end; at += 1 + gap(d))
        take(d, t->first + at / columns, first + at % columns);
}

/* A piece of a row. */
static void draw_piece(const sbm *s, drawing *d, const stripe *t)
{
    const int64_t own = s->label[t->first];

    for (int64_t b = s->label[t->from]; b <= own && s->start[b] < t->to; b++) {
        const int64_t first = t->from > s->start[b] ? t->from : s->start[b];
        const int64_t last = t->to < s->start[b + 1] ? t->to : s->start[b + 1];
        const double p = probability(s, own, b);
        const uint64_t stage = b == own ? OWN_BLOCK : EARLIER_BLOCK + (uint64_t)b;
        start_line(s, d, stage, t->piece << 32 | t->first, p);
        for (int64_t at = gap(d); p > 0 && at < last - first; at += 1 + gap(d))
            take(d, t->first, first + at);
    }
}

static void draw_stripe(void *self, int64_t i)
{
    sbm *s = self;
    stripe *t = &s->stripes[i];
    drawing d = { 0 };

    if (s->writes) {
        d.sources = s->edges.sources + t->edges;
        d.targets = s->edges.targets + t->edges;
    }
    if (t->to) {
        draw_piece(s, &d, t);
    } else if (t->parts == ALL) {
        const int64_t a = s->label[t->first];
        for (int64_t b = 0; b < a; b++) draw_block(s, &d, t, b, probability(s, a, b));
        draw_part(s, &d, t, OWN, probability(s, a, a));
    } else {
        draw_part(s, &d, t, t->parts, t->parts == OWN ? s->own : s->earlier);
    }
    if (!s->writes) t->edges = d.count;
}

/* Draws all stripes twice: to count their edges, then to write them. */
static kith_status draw_edges(sbm *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int threads = kith_i_threads(&s->o.run);
    int64_t total = 0;

    KITH_TRY(kith_i_each(s->count, threads, &s->poll, "counting edges", draw_stripe, s, err));
    for (int64_t i = 0; i < s->count; i++) {
        const int64_t edges = s->stripes[i].edges;
        s->stripes[i].edges = total;
        total += edges;
    }
    KITH_TRY(kith_i_edges_alloc(&s->edges, s->nodes, total, err));
    s->writes = true;
    KITH_TRY(kith_i_each(s->count, threads, &s->poll, "drawing edges", draw_stripe, s, err));

done:
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_sbm_options, nodes, I64, 1, KITH_I_MAX_NODES, "how many"),
    KITH_OPTION(kith_sbm_options, blocks, I64, 1, KITH_I_MAX_NODES, "groups of equal size"),
    KITH_OPTION(kith_sbm_options, degree, F64, 0, DBL_MAX, "expected mean degree"),
    KITH_OPTION(kith_sbm_options, mixing, F64, 0, 1, "expected share of edges between blocks"),
    { 0 }
};

KITH_I_GENERATOR(sbm, KITH_SBM_OPTIONS_INIT, rows,
                 "blocks of nodes, joined with one probability inside and one across");

kith_status kith_generate_sbm(const kith_sbm_options *options, kith_graph **out,
                              kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    sbm s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_sbm_code.options, &s.o, options, err));
    kith_i_poll_start(&s.poll, &s.o.run);
    KITH_TRY(place_blocks(&s, err));
    KITH_TRY(s.o.sizes ? plan_general(&s, err) : plan_planted(&s, err));
    KITH_TRY(kith_i_require_room((double)s.nodes, s.expected, err));
    KITH_TRY(cut_rows(&s, err));
    KITH_TRY(draw_edges(&s, err));
    KITH_TRY(kith_i_generated(&s.edges, s.label, &s.o.run, &s.poll, out, truth, err));

done:
    sbm_clear(&s);
    return status;
}
