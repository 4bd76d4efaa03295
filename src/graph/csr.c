/* A graph from somebody's compressed sparse rows: used where they lie when they are as ours would
 * be, else read as entries and built anew. */
#include "graph/build.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What one pass over the arrays found. */
typedef struct {
    bool ordered; /* rows ascend strictly and hold no zero: as a graph has them */
    bool ones;    /* all weights are 1 */
    bool loops;
} findings;

static int64_t integer_at(const void *array, kith_type type, int64_t i)
{
    switch (type) {
    case KITH_I8: return ((const int8_t *)array)[i];
    case KITH_I32: return ((const int32_t *)array)[i];
    case KITH_U32: return ((const uint32_t *)array)[i];
    default: return ((const int64_t *)array)[i];
    }
}

static double weight_at(const kith_csr *csr, int64_t i)
{
    if (!csr->weights) return 1;
    if (csr->weight_type == KITH_F64) return ((const double *)csr->weights)[i];
    if (csr->weight_type == KITH_F32) return (double)((const float *)csr->weights)[i];
    return (double)integer_at(csr->weights, csr->weight_type, i);
}

static kith_status check_types(const kith_csr *csr, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(csr->nodes >= 0 && csr->nodes <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "nodes is %" PRId64 " (expected 0 to %" PRId64 ")", csr->nodes, KITH_I_MAX_NODES);
    KITH_CHECK(csr->offsets, KITH_E_ARGUMENT, "offsets must not be NULL");
    KITH_CHECK(csr->offset_type == KITH_I32 || csr->offset_type == KITH_I64, KITH_E_ARGUMENT,
               "offset_type is %d (expected KITH_I32 or KITH_I64)", (int)csr->offset_type);
    KITH_CHECK(csr->target_type == KITH_I32 || csr->target_type == KITH_U32 ||
                   csr->target_type == KITH_I64,
               KITH_E_ARGUMENT, "target_type is %d (expected KITH_I32, KITH_U32 or KITH_I64)",
               (int)csr->target_type);
    KITH_CHECK(!csr->weights || (csr->weight_type != KITH_NONE && csr->weight_type != KITH_U32),
               KITH_E_ARGUMENT,
               "weight_type is %d (expected KITH_I8, KITH_I32, KITH_I64, KITH_F32 or KITH_F64)",
               (int)csr->weight_type);

done:
    return status;
}

/* Checks every offset, id and weight, and says how the rows lie. */
static kith_status inspect(const kith_csr *csr, const kith_graph_options *o, kith_i_poll *poll,
                           findings *f, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t e = integer_at(csr->offsets, csr->offset_type, 0);
    const int64_t entries = integer_at(csr->offsets, csr->offset_type, csr->nodes);

    *f = (findings){ .ordered = true, .ones = true };
    KITH_CHECK(e == 0, KITH_E_INPUT, "the first offset is %" PRId64 " (expected 0)", e);
    for (int64_t v = 0; v < csr->nodes; v++) {
        const int64_t end = integer_at(csr->offsets, csr->offset_type, v + 1);
        int64_t previous = -1;
        KITH_CHECK(end >= e, KITH_E_INPUT,
                   "offset %" PRId64 " is %" PRId64 " (expected at least %" PRId64
                   ", the one before)",
                   v + 1, end, e);
        KITH_CHECK(csr->targets || end == 0, KITH_E_ARGUMENT, "targets must not be NULL");
        for (; e < end; e++) {
            const int64_t u = integer_at(csr->targets, csr->target_type, e);
            const double w = weight_at(csr, e);
            KITH_TRY(kith_i_poll_pass(poll, "checking rows", e, entries, err));
            KITH_CHECK(u >= 0 && u < csr->nodes, KITH_E_INPUT,
                       "row %" PRId64 " holds the id %" PRId64 " (expected 0 to %" PRId64 ")", v, u,
                       csr->nodes - 1);
            KITH_CHECK(
                o->ignore_weights || (isfinite(w) && (o->signed_weights || w >= 0)), KITH_E_INPUT,
                "entry (%" PRId64 ", %" PRId64 ") has weight %g (expected a finite number%s)", v, u,
                w, o->signed_weights ? "" : ", at least 0");
            f->ordered = f->ordered && u > previous && w != 0;
            f->ones = f->ones && w == 1;
            f->loops = f->loops || u == v;
            previous = u;
        }
    }

done:
    return status;
}

/* Whether the arrays can be used where they lie. */
static bool can_borrow(const kith_csr *csr, const findings *f, const kith_graph_options *o)
{
    return csr->release && f->ordered && csr->offset_type == KITH_I64 &&
           csr->target_type != KITH_I64 &&
           (!csr->weights || f->ones || csr->weight_type == KITH_F32 ||
            csr->weight_type == KITH_F64) &&
           (o->loops == KITH_LOOPS_KEEP || (o->loops == KITH_LOOPS_DROP && !f->loops));
}

static kith_status borrow(const kith_csr *csr, bool weighted, kith_direction direction,
                          kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL;
    const kith_i_arrays arrays = {
        .nodes = csr->nodes,
        .offsets = csr->offsets,
        .targets = csr->targets,
        .weights32 = weighted && csr->weight_type == KITH_F32 ? csr->weights : NULL,
        .weights64 = weighted && csr->weight_type == KITH_F64 ? csr->weights : NULL,
        .directed = true,
        .loops = -1,
        .release = csr->release,
        .owner = csr->owner,
    };

    KITH_TRY(kith_i_graph_adopt(&arrays, &graph, err));
    status = kith_i_graph_settle(graph, direction, poll, err);
    if (status == KITH_OK) {
        *out = graph;
    } else { /* the arrays stay the caller's */
        graph->release = kith_i_keep;
        kith_graph_free(graph);
    }

done:
    return status;
}

/* The entries as edges of a matrix. */
static kith_status copy_entries(const kith_csr *csr, bool weighted, kith_i_poll *poll,
                                kith_i_edges *edges, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t e = 0;

    edges->nodes = csr->nodes;
    edges->count = integer_at(csr->offsets, csr->offset_type, csr->nodes);
    edges->matrix = true;
    KITH_TRY(kith_i_alloc(&edges->sources, edges->count, sizeof *edges->sources, err));
    KITH_TRY(kith_i_alloc(&edges->targets, edges->count, sizeof *edges->targets, err));
    if (weighted) KITH_TRY(kith_i_alloc(&edges->weights, edges->count, sizeof(double), err));
    for (int64_t v = 0; v < csr->nodes; v++)
        for (const int64_t end = integer_at(csr->offsets, csr->offset_type, v + 1); e < end; e++) {
            KITH_TRY(kith_i_poll_pass(poll, "reading rows", e, edges->count, err));
            edges->sources[e] = (uint32_t)v;
            edges->targets[e] = (uint32_t)integer_at(csr->targets, csr->target_type, e);
            if (weighted) edges->weights[e] = weight_at(csr, e);
        }

done:
    return status;
}

kith_status kith_graph_from_csr(const kith_csr *csr, const kith_graph_options *options,
                                kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o;
    kith_i_edges edges = { 0 };
    kith_i_poll poll;
    findings f;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(csr, KITH_E_ARGUMENT, "csr must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_graph_options_spec, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    KITH_TRY(check_types(csr, err));
    KITH_TRY(inspect(csr, &o, &poll, &f, err));
    if (can_borrow(csr, &f, &o)) {
        KITH_TRY(borrow(csr, !f.ones && !o.ignore_weights, o.direction, &poll, out, err));
    } else {
        KITH_TRY(copy_entries(csr, !f.ones, &poll, &edges, err));
        KITH_TRY(kith_i_graph_build(&edges, &o, &poll, NULL, out, err));
        if (csr->release) csr->release(csr->owner);
    }

done:
    kith_i_edges_clear(&edges);
    return status;
}
