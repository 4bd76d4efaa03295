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

static int64_t in_both(ids a, ids b, uint32_t u, uint32_t v)
{
    if (a.count > MUCH_LONGER * b.count) return search(b, a, u, v);
    if (b.count > MUCH_LONGER * a.count) return search(a, b, u, v);
    return merge(a, b, u, v);
}

int64_t kith_i_triangles_through(const kith_graph *graph, uint32_t u, uint32_t v)
{
    return u == v ? 0 : in_both(row_of(graph, u), row_of(graph, v), u, v);
}

/* Counts work, and polls when it is time. */
static kith_status count_work(kith_i_triangles *t, int64_t entries, kith_error *err)
{
    t->work += entries;
    if (t->work < POLL_ENTRIES) return KITH_OK;
    t->work = 0;
    return kith_i_poll_check(t->poll, "counting triangles", -1, err);
}

static kith_status weigh(void *context, uint32_t node, const uint32_t *neighbours, int64_t count,
                         double *weights, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_triangles *t = context;

    for (int64_t i = 0; i < count; i++) {
        weights[i] = (double)kith_i_triangles_through(t->graph, node, neighbours[i]);
        KITH_TRY(count_work(t, count + kith_i_degree(t->graph, neighbours[i]), err));
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
    int64_t count = 0;

    KITH_TRY(kith_i_graph_check(g, triangles->poll, err));
    for (uint32_t v = 0; v < g->nodes;
         v++) { /* each triangle where its last corner meets the 2nd */
        const ids row = row_of(g, v);
        for (int64_t i = 0; i < row.count && row.ids[i] < v; i++) {
            const uint32_t u = row.ids[i];
            const ids others = row_of(g, u);
            count += in_both((ids){ row.ids, i }, others, u, v);
            KITH_TRY(count_work(triangles, i + others.count, err));
        }
    }
    *volume = 6 * (double)count;

done:
    return status;
}
