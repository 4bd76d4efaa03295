/* The grid and the torus [Biggs1993]: edges in closed form, row after row. */
#include "kith/generate.h"

#include "core/spec.h"
#include "generate/common.h"
#include "graph/view.h"

typedef struct {
    kith_grid_options o;
    int64_t           across; /* edges along each row */
    int64_t           down;   /* edges along each column */
    kith_i_edges      edges;
} grid;

/* Edges along a line of that many nodes. A ring of one or two would need a loop or a repeat. */
static int64_t along(int64_t nodes, bool periodic)
{
    return periodic && nodes > 2 ? nodes : nodes - 1;
}

static void set_edge(grid *g, int64_t e, int64_t row, int64_t column, int64_t next_row,
                     int64_t next_column)
{
    g->edges.sources[e] = (uint32_t)(row * g->o.columns + column);
    g->edges.targets[e] = (uint32_t)(next_row * g->o.columns + next_column);
}

/* The edges from a block of nodes to the next in their row and in their column. */
static void write_edges(void *self, int64_t block)
{
    grid *g = self;
    const int64_t rows = g->o.rows, columns = g->o.columns;
    const int64_t end = kith_i_block_end(block, rows * columns);

    for (int64_t v = block * KITH_I_BLOCK; v < end; v++) {
        const int64_t r = v / columns, c = v % columns;
        if (c < g->across) set_edge(g, r * g->across + c, r, c, r, (c + 1) % columns);
        if (r < g->down) set_edge(g, rows * g->across + v, r, c, (r + 1) % rows, c);
    }
}

static const kith_option rows[] = {
    KITH_OPTION(kith_grid_options, rows, I64, 1, KITH_I_MAX_NODES, "nodes in a column"),
    KITH_OPTION(kith_grid_options, columns, I64, 1, KITH_I_MAX_NODES, "nodes in a row"),
    KITH_OPTION(kith_grid_options, periodic, BOOL, 0, 0,
                "join the ends of rows and columns: a torus"),
    { 0 }
};

KITH_I_GENERATOR(grid, KITH_GRID_OPTIONS_INIT, rows, "a grid or a torus; no planted truth");

kith_status kith_generate_grid(const kith_grid_options *options, kith_graph **out,
                               kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    grid g = { 0 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_grid_code.options, &g.o, options, err));
    kith_i_poll_start(&poll, &g.o.run);
    const double size = (double)g.o.rows * (double)g.o.columns;
    KITH_TRY(kith_i_require_room(size, 2 * size, err));
    const int64_t nodes = g.o.rows * g.o.columns;
    g.across = along(g.o.columns, g.o.periodic);
    g.down = along(g.o.rows, g.o.periodic);
    KITH_TRY(kith_i_edges_alloc(&g.edges, nodes, g.o.rows * g.across + g.o.columns * g.down, err));
    KITH_TRY(kith_i_each(kith_i_blocks(nodes), kith_i_threads(&g.o.run), &poll, "writing edges",
                         write_edges, &g, err));
    KITH_TRY(kith_i_generated(&g.edges, NULL, &g.o.run, &poll, out, truth, err));

done:
    kith_i_edges_clear(&g.edges);
    return status;
}
