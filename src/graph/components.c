/* Connected components on GraphBLAS, by FastSV [Zhang2020].
 *
 *   f    parent of each node; never above the node itself, a root is its own parent    parent
 *   gf   grandparent, f[f[v]]                                                          grand
 *   mngf least grandparent among the neighbours of v                                   least
 *
 *   1. mngf = min(mngf, A min.second gf)
 *   2. f[f[v]] = min(f[f[v]], mngf[v])           stochastic hooking
 *      f[v]    = min(f[v], mngf[v], gf[v])       aggressive hooking, shortcutting
 *   3. gf = f[f]; until it stays the same
 *
 * In the end every tree is a star whose root is the least node of its component. All values are
 * integers and min is exact, so neither the number of threads leaves a trace, nor that step 1 goes
 * strip by strip of A, each by one call of GraphBLAS, to poll in between. A directed graph is made
 * undirected first. Zhang, Azad, Hu (2020),
 * FastSV: a distributed-memory connected component algorithm with fast convergence,
 * doi:10.1137/1.9781611976137.5 */
#include "graph/companion.h"

#include "core/grb.h"
#include "graph/partition.h"

#include <string.h>

enum { STRIP = 1 << 22 }; /* entries */

static const char finding[] = "finding components"; /* a stage */

/* Entries that follow one another, from some rows: the first and the last may have others in
 * further strips. */
typedef struct {
    int64_t first, rows;
    GrB_Matrix entries;
    GrB_Vector least; /* of each of the rows; full */
} strip;

typedef struct {
    int64_t        nodes;
    uint32_t      *parent;
    GrB_Vector grand; /* full */
    strip *strips;
    int64_t count;
    GrB_Descriptor threads;
    kith_i_poll *poll;
} fastsv;

/* A vector of consecutive nodes from `first` on. Its values are written by GraphBLAS, so that its
 * memory is GraphBLAS's own. */
static kith_status some_nodes(int64_t first, int64_t count, GrB_Descriptor descriptor,
                              GrB_Vector *out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_GRB(GrB_Vector_new(out, GrB_UINT32, (GrB_Index)count));
    KITH_GRB(GrB_Vector_assign_UINT32(*out, NULL, NULL, 0, GrB_ALL, (GrB_Index)count, descriptor));
    KITH_GRB(GrB_Vector_apply_IndexOp_INT64(*out, NULL, NULL, GrB_ROWINDEX_INT64, *out, first,
                                            descriptor));

done:
    return status;
}

/* The last row that begins at or before an entry. */
static int64_t row_of(const kith_graph *g, int64_t entry)
{
    int64_t low = 0, high = g->nodes;

    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (g->offsets[middle] <= entry)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static kith_status make_strip(fastsv *s, const kith_graph *g, strip *out, int64_t begin,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t end = begin + STRIP < g->entries ? begin + STRIP : g->entries;

    out->first = row_of(g, begin);
    out->rows = row_of(g, end - 1) + 1 - out->first;
    const kith_i_block block = {
        .first = out->first, .rows = out->rows, .begin = begin, .end = end, .columns = g->nodes
    };
    KITH_TRY(kith_i_matrix_from_graph(g, &block, s->poll, &out->entries, err));
    KITH_TRY(some_nodes(out->first, out->rows, s->threads, &out->least, err));

done:
    return status;
}

static kith_status fastsv_init(fastsv *s, const kith_graph *graph, int threads, kith_error *err)
{
    kith_status status = KITH_OK;

    s->nodes = graph->nodes;
    KITH_TRY(kith_i_alloc(&s->parent, s->nodes, sizeof *s->parent, err));
    for (int64_t v = 0; v < s->nodes; v++) s->parent[v] = (uint32_t)v;
    KITH_TRY(kith_i_grb_threads(threads, &s->threads, err));
    KITH_TRY(some_nodes(0, s->nodes, s->threads, &s->grand, err));
    const int64_t count = (graph->entries + STRIP - 1) / STRIP;
    KITH_TRY(kith_i_zeroed(&s->strips, count, sizeof *s->strips, err));
    for (s->count = 0; s->count < count;) {
        strip *next = &s->strips[s->count++];
        KITH_TRY(make_strip(s, graph, next, (s->count - 1) * STRIP, err));
    }

done:
    return status;
}

static void fastsv_clear(fastsv *s)
{
    for (int64_t i = 0; i < s->count; i++) {
        GrB_Matrix_free(&s->strips[i].entries);
        GrB_Vector_free(&s->strips[i].least);
    }
    kith_i_free(s->strips);
    kith_i_free(s->parent);
    GrB_Vector_free(&s->grand);
    GrB_Descriptor_free(&s->threads);
}

/* The values of a full vector, taken out of it until put_back(). */
typedef struct {
    uint32_t *values;
    GrB_Index bytes;
} taken;

static kith_status take_out(GrB_Vector vector, taken *t, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_GRB(GxB_Vector_unpack_Full(vector, (void **)&t->values, &t->bytes, NULL, NULL));

done:
    return status;
}

static kith_status put_back(GrB_Vector vector, taken *t, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_GRB(GxB_Vector_pack_Full(vector, (void **)&t->values, t->bytes, false, NULL));

done:
    return status;
}

static void lower(uint32_t *value, uint32_t to)
{
    if (to < *value) *value = to;
}

/* Step 1. */
static kith_status look_around(fastsv *s, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < s->count; i++) {
        KITH_TRY(kith_i_poll_check(s->poll, finding, -1, err));
        KITH_GRB(GrB_mxv(s->strips[i].least, NULL, GrB_MIN_UINT32, GxB_MIN_SECOND_UINT32,
                         s->strips[i].entries, s->grand, s->threads));
    }

done:
    return status;
}

/* Step 2 in a strip. */
static kith_status hook(fastsv *s, const strip *t, const uint32_t *least, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < t->rows; i++) {
        KITH_TRY(kith_i_poll_pass(s->poll, finding, i, t->rows, err));
        lower(&s->parent[s->parent[t->first + i]], least[i]);
    }
    for (int64_t i = 0; i < t->rows; i++) {
        KITH_TRY(kith_i_poll_pass(s->poll, finding, i, t->rows, err));
        lower(&s->parent[t->first + i], least[i]);
    }

done:
    return status;
}

static kith_status hook_strip(fastsv *s, const strip *t, kith_error *err)
{
    kith_status status = KITH_OK;
    taken least = { 0 };

    KITH_TRY(take_out(t->least, &least, err));
    KITH_TRY(hook(s, t, least.values, err));
    KITH_TRY(put_back(t->least, &least, err));

done:
    if (least.values) put_back(t->least, &least, NULL); /* after a failure */
    return status;
}

/* The shortcuts of step 2, and 3: whether a grandparent changed. */
static kith_status shorten(fastsv *s, uint32_t *grand, bool *changed, kith_error *err)
{
    kith_status status = KITH_OK;

    *changed = false;
    for (int64_t v = 0; v < s->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(s->poll, finding, v, s->nodes, err));
        lower(&s->parent[v], grand[v]);
    }
    for (int64_t v = 0; v < s->nodes; v++) {
        const uint32_t next = s->parent[s->parent[v]];
        KITH_TRY(kith_i_poll_pass(s->poll, finding, v, s->nodes, err));
        *changed = *changed || next != grand[v];
        grand[v] = next;
    }

done:
    return status;
}

static kith_status iterate(fastsv *s, bool *changed, kith_error *err)
{
    kith_status status = KITH_OK;
    taken grand = { 0 };

    KITH_TRY(look_around(s, err));
    for (int64_t i = 0; i < s->count; i++) KITH_TRY(hook_strip(s, &s->strips[i], err));
    KITH_TRY(take_out(s->grand, &grand, err));
    KITH_TRY(shorten(s, grand.values, changed, err));
    KITH_TRY(put_back(s->grand, &grand, err));

done:
    if (grand.values) put_back(s->grand, &grand, NULL); /* after a failure */
    return status;
}

kith_status kith_i_graph_components(const kith_graph *graph, int threads, kith_i_poll *poll,
                                    int64_t *labels, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph pattern = *graph, *undirected = NULL;
    kith_partition *components = NULL;
    fastsv s = { .poll = poll };
    bool changed = true;

    KITH_TRY(kith_init(err));
    KITH_TRY(kith_i_graph_check(graph, poll, err));
    pattern.weights32 = NULL;
    pattern.weights64 = NULL;
    pattern.names = NULL;
    if (graph->directed)
        KITH_TRY(kith_i_graph_symmetrise(&pattern, KITH_DUPLICATES_FIRST, poll, &undirected, err));
    KITH_TRY(fastsv_init(&s, undirected ? undirected : &pattern, threads, err));
    while (changed && s.count) KITH_TRY(iterate(&s, &changed, err));
    KITH_TRY(kith_i_partition_new(s.nodes, s.parent, poll, &components, err));
    if (s.nodes) memcpy(labels, components->labels, (size_t)s.nodes * sizeof *labels);
    if (count) *count = components->communities;

done:
    kith_graph_free(undirected);
    kith_partition_free(components);
    fastsv_clear(&s);
    return status;
}

kith_status kith_graph_components(const kith_graph *graph, const kith_run *run, int64_t *labels,
                                  int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(labels || !graph->nodes, KITH_E_ARGUMENT, "labels must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_components(graph, kith_i_threads(&own), &poll, labels, count, err));

done:
    return status;
}
