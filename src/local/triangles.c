/* Triangles through edges, by intersecting ascending rows. */
#include "local/triangles.h"

enum { POLL_ENTRIES = 1 << 20 };
enum { MUCH_LONGER = 16 }; /* times: a row in which searching is faster than reading */

/* A row that shrinks from its front. */
typedef struct {
    const uint32_t *ids;
    int64_t count;
} ids;

static ids row_of(const kith_graph *g, uint32_t node)
{
    return (ids){ g->targets + g->offsets[node], kith_i_degree(g, node) };
}

static void drop(ids *row, int64_t count)
{
    row->ids += count;
    row->count -= count;
}

/* Drops what is below `id`, looking ever farther ahead and then between the last two places. */
static void skip_below(ids *row, uint32_t id)
{
    int64_t ahead = 1;

    while (ahead <= row->count && row->ids[ahead - 1] < id) {
        drop(row, ahead);
        ahead *= 2;
    }
    int64_t low = 0, high = ahead <= row->count ? ahead - 1 : row->count;
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        if (row->ids[middle] < id) low = middle + 1;
        else high = middle;
    }
    drop(row, low);
}

static int64_t search(ids few, ids many, uint32_t u, uint32_t v)
{
    int64_t common = 0;

    for (int64_t i = 0; i < few.count; i++) {
        const uint32_t id = few.ids[i];
        skip_below(&many, id);
        common += many.count > 0 && many.ids[0] == id && id != u && id != v;
    }
    return common;
}

static int64_t merge(ids a, ids b, uint32_t u, uint32_t v)
{
    int64_t common = 0, i = 0, j = 0;

    while (i < a.count && j < b.count) {
        const uint32_t x = a.ids[i], y = b.ids[j];
        common += x == y && x != u && x != v;
        i += x <= y;
        j += y <= x;
    }
    return common;
}

int64_t kith_i_triangles_through(const kith_graph *graph, uint32_t u, uint32_t v)
{
    const ids a = row_of(graph, u), b = row_of(graph, v);

    if (u == v) return 0;
    if (a.count > MUCH_LONGER * b.count) return search(b, a, u, v);
    if (b.count > MUCH_LONGER * a.count) return search(a, b, u, v);
    return merge(a, b, u, v);
}

/* The triangles through an edge, and a poll when it is time for one. */
static kith_status count_edge(kith_i_triangles *t, uint32_t u, uint32_t v, int64_t *count,
                              kith_error *err)
{
    *count = kith_i_triangles_through(t->graph, u, v);
    t->work += kith_i_degree(t->graph, u) + kith_i_degree(t->graph, v);
    if (t->work < POLL_ENTRIES) return KITH_OK;
    t->work = 0;
    return kith_i_poll_check(t->poll, "counting triangles", -1, err);
}

static kith_status weigh(void *context, uint32_t node, const uint32_t *neighbours, int64_t count,
                         double *weights, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t through;

    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(count_edge(context, node, neighbours[i], &through, err));
        weights[i] = (double)through;
    }

done:
    return status;
}

kith_i_weighing kith_i_triangles_weighing(kith_i_triangles *triangles)
{
    return (kith_i_weighing){ .row = weigh, .context = triangles, .lazy = true, .wide = true };
}

kith_status kith_i_triangles_volume(kith_i_triangles *triangles, double *volume, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = triangles->graph;
    int64_t sum = 0, through;

    KITH_TRY(kith_i_graph_check(g, triangles->poll, err));
    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            if (g->targets[e] >= v) break; /* each edge once */
            KITH_TRY(count_edge(triangles, (uint32_t)v, g->targets[e], &through, err));
            sum += 2 * through;
        }
    *volume = (double)sum;

done:
    return status;
}
