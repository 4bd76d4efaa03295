/* Connected components on GraphBLAS, by FastSV [Zhang2020].
 *
 *   f    parent of each node; never above the node itself, a root is its own parent    parent
 *   gf   grandparent, f[f[v]]                                                          grand
 *   mngf least grandparent among the neighbours of v                                   least
 *
 *   1. mngf = min(mngf, A min.second gf)         arcs of a directed graph both ways
 *   2. f[f[v]] = min(f[f[v]], mngf[v])           stochastic hooking
 *      f[v]    = min(f[v], mngf[v], gf[v])       aggressive hooking, shortcutting
 *   3. gf = f[f]; until it stays the same
 *
 * In the end every tree is a star whose root is the least node of its component. All values are
 * integers and min is exact, so the number of threads leaves no trace. Zhang, Azad, Hu (2020),
 * FastSV: a distributed-memory connected component algorithm with fast convergence,
 * doi:10.1137/1.9781611976137.5 */
#include "graph/view.h"

#include "core/grb.h"
#include "graph/partition.h"

#include <string.h>

typedef struct {
    int64_t        nodes;
    bool           directed;
    uint32_t      *parent;
    GrB_Vector     grand, least; /* full */
    GrB_Descriptor rows, columns; /* A and its transpose */
} fastsv;

/* A vector of all nodes. Its values are written by GraphBLAS, so that its memory is GraphBLAS's
 * own. */
static kith_status all_nodes(int64_t nodes, GrB_Descriptor descriptor, GrB_Vector *out,
                             kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_GRB(GrB_Vector_new(out, GrB_UINT32, (GrB_Index)nodes));
    KITH_GRB(GrB_Vector_assign_UINT32(*out, NULL, NULL, 0, GrB_ALL, (GrB_Index)nodes, descriptor));
    KITH_GRB(GrB_Vector_apply_IndexOp_INT64(*out, NULL, NULL, GrB_ROWINDEX_INT64, *out, 0,
                                            descriptor));

done:
    return status;
}

static kith_status fastsv_init(fastsv *s, const kith_graph *graph, kith_error *err)
{
    kith_status status = KITH_OK;
    const int threads = kith_i_threads(NULL);

    s->nodes = graph->nodes;
    s->directed = graph->directed;
    KITH_TRY(kith_i_alloc(&s->parent, s->nodes, sizeof *s->parent, err));
    for (int64_t v = 0; v < s->nodes; v++) s->parent[v] = (uint32_t)v;
    KITH_TRY(kith_i_grb_threads(threads, &s->rows, err));
    KITH_TRY(kith_i_grb_threads(threads, &s->columns, err));
    KITH_GRB(GxB_Desc_set(s->columns, GrB_INP0, GrB_TRAN));
    KITH_TRY(all_nodes(s->nodes, s->rows, &s->grand, err));
    KITH_TRY(all_nodes(s->nodes, s->rows, &s->least, err));

done:
    return status;
}

static void fastsv_clear(fastsv *s)
{
    kith_i_free(s->parent);
    GrB_Vector_free(&s->grand);
    GrB_Vector_free(&s->least);
    GrB_Descriptor_free(&s->rows);
    GrB_Descriptor_free(&s->columns);
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

/* Step 2, and 3: whether a grandparent changed. */
static bool hook(fastsv *s, uint32_t *grand, const uint32_t *least)
{
    bool changed = false;

    for (int64_t v = 0; v < s->nodes; v++) lower(&s->parent[s->parent[v]], least[v]);
    for (int64_t v = 0; v < s->nodes; v++) {
        lower(&s->parent[v], least[v]);
        lower(&s->parent[v], grand[v]);
    }
    for (int64_t v = 0; v < s->nodes; v++) {
        const uint32_t next = s->parent[s->parent[v]];
        changed = changed || next != grand[v];
        grand[v] = next;
    }
    return changed;
}

static kith_status iterate(fastsv *s, GrB_Matrix adjacency, bool *changed, kith_error *err)
{
    kith_status status = KITH_OK;
    taken grand = { 0 }, least = { 0 };

    KITH_GRB(GrB_mxv(s->least, NULL, GrB_MIN_UINT32, GxB_MIN_SECOND_UINT32, adjacency, s->grand,
                     s->rows));
    if (s->directed)
        KITH_GRB(GrB_mxv(s->least, NULL, GrB_MIN_UINT32, GxB_MIN_SECOND_UINT32, adjacency, s->grand,
                         s->columns));
    KITH_TRY(take_out(s->grand, &grand, err));
    KITH_TRY(take_out(s->least, &least, err));
    *changed = hook(s, grand.values, least.values);
    KITH_TRY(put_back(s->least, &least, err));
    KITH_TRY(put_back(s->grand, &grand, err));

done:
    if (grand.values) put_back(s->grand, &grand, NULL); /* after a failure */
    if (least.values) put_back(s->least, &least, NULL);
    return status;
}

kith_status kith_graph_components(const kith_graph *graph, int64_t *labels, int64_t *count,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Matrix adjacency = NULL; /* the graph's */
    kith_partition *components = NULL;
    fastsv s = { 0 };
    bool changed = true;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(labels || !graph->nodes, KITH_E_ARGUMENT, "labels must not be NULL");
    KITH_TRY(kith_graph_grb(graph, &adjacency, err));
    KITH_TRY(fastsv_init(&s, graph, err));
    while (changed && s.nodes) KITH_TRY(iterate(&s, adjacency, &changed, err));
    KITH_TRY(kith_i_partition_new(s.nodes, s.parent, &components, err));
    if (s.nodes) memcpy(labels, components->labels, (size_t)s.nodes * sizeof *labels);
    if (count) *count = components->communities;

done:
    kith_partition_free(components);
    fastsv_clear(&s);
    return status;
}
