/* Cliques joined in a ring [Fortunato2007], which show the resolution limit of modularity.
 *
 * Clique c holds the nodes c * size .. c * size + size - 1; its last node is joined to the first of
 * the next clique. Two cliques are joined by two edges, unless they are single nodes. */
#include "kith/generate.h"

#include "core/spec.h"
#include "generate/common.h"
#include "graph/view.h"

enum { BLOCK_EDGES = 1 << 16 };

typedef struct {
    kith_ring_options o;
    int64_t           inside; /* edges of a clique */
    int64_t           joints;
    int64_t           block; /* nodes written between two polls */
    kith_i_edges      edges;
    uint32_t         *label;
} ring;

/* The edges from a block of nodes to those before them in their clique, from the last node of a
 * clique also the joint. */
static void write_edges(void *self, int64_t block)
{
    ring *g = self;
    const int64_t size = g->o.size, nodes = g->edges.nodes;

    for (int64_t v = block * g->block; v < (block + 1) * g->block && v < nodes; v++) {
        const int64_t c = v / size, i = v % size;
        int64_t e = c * g->inside + i * (i - 1) / 2;
        g->label[v] = (uint32_t)c;
        for (int64_t u = v - i; u < v; u++, e++) {
            g->edges.sources[e] = (uint32_t)u;
            g->edges.targets[e] = (uint32_t)v;
        }
        if (i < size - 1 || c >= g->joints) continue;
        g->edges.sources[g->o.cliques * g->inside + c] = (uint32_t)v;
        g->edges.targets[g->o.cliques * g->inside + c] = (uint32_t)((v + 1) % nodes);
    }
}

static const kith_option rows[] = {
    KITH_OPTION(kith_ring_options, cliques, I64, 1, KITH_I_MAX_NODES, "how many"),
    KITH_OPTION(kith_ring_options, size, I64, 1, KITH_I_MAX_NODES, "nodes of each clique"),
    { 0 }
};

KITH_I_GENERATOR(ring, KITH_RING_OPTIONS_INIT, rows, "cliques joined in a ring by one edge each");

kith_status kith_generate_ring(const kith_ring_options *options, kith_graph **out,
                               kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    ring g = { 0 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_ring_code.options, &g.o, options, err));
    kith_i_poll_start(&poll, &g.o.run);
    const double n = (double)g.o.cliques * (double)g.o.size;
    KITH_TRY(kith_i_require_room(n, n * (double)(g.o.size - 1) / 2 + (double)g.o.cliques, err));
    const int64_t nodes = g.o.cliques * g.o.size;
    g.inside = g.o.size * (g.o.size - 1) / 2;
    g.joints = g.o.cliques == 1 ? 0 : nodes == 2 ? 1 : g.o.cliques;
    g.block = 1 + BLOCK_EDGES / g.o.size;
    KITH_TRY(kith_i_alloc(&g.label, nodes, sizeof *g.label, err));
    KITH_TRY(kith_i_edges_alloc(&g.edges, nodes, g.o.cliques * g.inside + g.joints, err));
    KITH_TRY(kith_i_each((nodes + g.block - 1) / g.block, kith_i_threads(&g.o.run), &poll,
                         "writing edges", write_edges, &g, err));
    KITH_TRY(kith_i_generated(&g.edges, g.label, &g.o.run, &poll, out, truth, err));

done:
    kith_i_edges_clear(&g.edges);
    kith_i_free(g.label);
    return status;
}
