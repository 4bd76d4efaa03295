/* R-MAT [Chakrabarti2004]: every edge falls through the quadrants of the adjacency matrix, one bit
 * of both ends at each level.
 *
 *   a, b, c, d   quadrants (0, 0), (0, 1), (1, 0), (1, 1) of the bits of (source, target)
 *
 * As in Graph500, the ids are permuted at the end: R-MAT's own put the hubs first and neighbours
 * near one another, an order that real graphs lack, and that flatters caches and rules that prefer
 * small ids. */
#include "kith/generate.h"

#include "core/spec.h"
#include "generate/common.h"
#include "graph/view.h"

#include <float.h>

enum { DRAWS = 1, IDS }; /* what each random stream is for */

typedef struct {
    kith_rmat_options o;
    uint64_t          below_a, below_b, below_c; /* a, a + b and a + b + c of 2^32 */
    uint64_t          add[2], times[2];          /* of the permutation, odd factors */
    kith_i_edges      edges;
} rmat;

static uint64_t share(double p)
{
    return (uint64_t)llround(p * 0x1p32);
}

/* A permutation of the numbers of `scale` bits: each step can be undone. */
static uint32_t permute(const rmat *g, uint64_t x)
{
    const uint64_t mask = (UINT64_C(1) << g->o.scale) - 1;

    for (int round = 0; round < 2; round++) {
        x = (x + g->add[round]) * g->times[round] & mask;
        x ^= x >> (g->o.scale / 2 + 1);
    }
    return (uint32_t)x;
}

/* A block of draws; 32 random bits choose each quadrant. */
static void draw_edges(void *self, int64_t block)
{
    rmat *g = self;
    const int64_t end = kith_i_block_end(block, g->edges.count);

    for (int64_t e = block * KITH_I_BLOCK; e < end; e++) {
        kith_i_random random = kith_i_random_at(g->o.run.seed, DRAWS, (uint64_t)e);
        uint64_t u = 0, v = 0, bits = 0;
        for (int64_t level = 0; level < g->o.scale; level++) {
            bits = level % 2 ? bits >> 32 : kith_i_random_next(&random);
            const uint64_t at = bits & UINT32_MAX;
            const uint64_t lower = at >= g->below_b; /* c or d */
            u = u << 1 | lower;
            v = v << 1 | (lower ? at >= g->below_c : at >= g->below_a);
        }
        g->edges.sources[e] = permute(g, u);
        g->edges.targets[e] = permute(g, v);
    }
}

static const kith_option rows[] = {
    KITH_OPTION(kith_rmat_options, scale, I64, 0, 31, "2^scale nodes"),
    KITH_OPTION(kith_rmat_options, edge_factor, F64, 0, DBL_MAX,
                "draws of an edge per node; loops and repeats are dropped"),
    KITH_OPTION(kith_rmat_options, a, F64, 0, 1, "probability of the first quadrant"),
    KITH_OPTION(kith_rmat_options, b, F64, 0, 1, "probability of the second quadrant"),
    KITH_OPTION(kith_rmat_options, c, F64, 0, 1, "probability of the third quadrant"),
    { 0 }
};

KITH_I_GENERATOR(rmat, KITH_RMAT_OPTIONS_INIT, rows,
                 "a recursive matrix with a skewed degree distribution; no planted truth");

static void rmat_init(rmat *g)
{
    kith_i_random random = kith_i_random_at(g->o.run.seed, IDS, 0);

    g->below_a = share(g->o.a);
    g->below_b = share(g->o.a + g->o.b);
    g->below_c = share(g->o.a + g->o.b + g->o.c);
    for (int round = 0; round < 2; round++) {
        g->add[round] = kith_i_random_next(&random);
        g->times[round] = kith_i_random_next(&random) | 1;
    }
}

kith_status kith_generate_rmat(const kith_rmat_options *options, kith_graph **out,
                               kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    rmat g = { 0 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_rmat_code.options, &g.o, options, err));
    const double sum = g.o.a + g.o.b + g.o.c;
    KITH_CHECK(sum <= 1 + 1e-9, KITH_E_ARGUMENT,
               "a + b + c is %.10g (expected at most 1: the fourth quadrant is the rest)", sum);
    kith_i_poll_start(&poll, &g.o.run);
    const int64_t nodes = INT64_C(1) << g.o.scale;
    const double draws = round(g.o.edge_factor * (double)nodes);
    KITH_TRY(kith_i_require_room((double)nodes, draws, err));
    rmat_init(&g);
    KITH_TRY(kith_i_edges_alloc(&g.edges, nodes, (int64_t)draws, err));
    KITH_TRY(kith_i_each(kith_i_blocks(g.edges.count), kith_i_threads(&g.o.run), &poll,
                         "drawing edges", draw_edges, &g, err));
    KITH_TRY(kith_i_generated(&g.edges, NULL, &g.o.run, &poll, out, truth, err));

done:
    kith_i_edges_clear(&g.edges);
    return status;
}
