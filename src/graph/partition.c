/* Partitions: canonical numbering, and numbering after another partition. */
#include "graph/partition.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char numbering[] = "numbering communities"; /* a stage */

/* A partition with room for its labels; quality unknown, converged. */
static kith_status allocate(int64_t nodes, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;

    KITH_TRY(kith_i_zeroed(&p, 1, sizeof *p, err));
    KITH_TRY(kith_i_alloc(&p->labels, nodes, sizeof *p->labels, err));
    p->nodes = nodes;
    p->quality = NAN;
    p->converged = true;
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    return status;
}

/* Counts sizes and unassigned nodes of finished labels. */
static kith_status count_sizes(kith_partition *p, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&p->sizes, p->communities, sizeof *p->sizes, err));
    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, numbering, v, p->nodes, err));
        if (p->labels[v] < 0) p->unassigned++;
        else p->sizes[p->labels[v]]++;
    }

done:
    return status;
}

/* A stable sort of items by keys of 0 .. keys - 1: place[i] is where item i goes, and with
 * `descending` larger keys come first. */
static kith_status sort_places(const int64_t *key, int64_t count, int64_t keys, bool descending,
                               kith_i_poll *poll, int64_t *place, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *next = NULL, sum = 0;

    KITH_TRY(kith_i_zeroed(&next, keys, sizeof *next, err));
    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(kith_i_poll_pass(poll, numbering, i, count, err));
        next[key[i]]++;
    }
    for (int64_t k = 0; k < keys; k++) {
        int64_t *here = &next[descending ? keys - 1 - k : k];
        KITH_TRY(kith_i_poll_pass(poll, numbering, k, keys, err));
        const int64_t items = *here;
        *here = sum;
        sum += items;
    }
    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(kith_i_poll_pass(poll, numbering, i, count, err));
        place[i] = next[key[i]]++;
    }

done:
    kith_i_free(next);
    return status;
}

/* Numbers communities in the order of their first nodes: p->labels. `number` is room for as many as
 * there are nodes. */
static kith_status number_by_appearance(kith_partition *p, const uint32_t *labels, int64_t *number,
                                        kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, numbering, v, p->nodes, err));
        number[v] = -1;
    }
    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, numbering, v, p->nodes, err));
        p->labels[v] = -1;
        if (labels[v] == UINT32_MAX) continue;
        if (number[labels[v]] < 0) number[labels[v]] = p->communities++;
        p->labels[v] = number[labels[v]];
    }

done:
    return status;
}

kith_status kith_i_partition_new(int64_t nodes, const uint32_t *labels, kith_i_poll *poll,
                                 kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_run run;
    kith_i_poll patient = kith_i_poll_patient(poll, &run);
    kith_partition *p = NULL;
    int64_t *number = NULL, *sizes = NULL, largest = 0;

    *out = NULL;
    KITH_TRY(allocate(nodes, &p, err));
    KITH_TRY(kith_i_alloc(&number, nodes, sizeof *number, err));
    KITH_TRY(number_by_appearance(p, labels, number, &patient, err));
    KITH_TRY(count_sizes(p, &patient, err));
    for (int64_t c = 0; c < p->communities; c++)
        if (p->sizes[c] > largest) largest = p->sizes[c];
    KITH_TRY(sort_places(p->sizes, p->communities, largest + 1, true, &patient, number, err));
    for (int64_t v = 0; v < nodes; v++) {
        KITH_TRY(kith_i_poll_pass(&patient, numbering, v, nodes, err));
        if (p->labels[v] >= 0) p->labels[v] = number[p->labels[v]];
    }
    KITH_TRY(kith_i_alloc(&sizes, p->communities, sizeof *sizes, err));
    for (int64_t c = 0; c < p->communities; c++) {
        KITH_TRY(kith_i_poll_pass(&patient, numbering, c, p->communities, err));
        sizes[number[c]] = p->sizes[c];
    }
    kith_i_free(p->sizes);
    p->sizes = sizes;
    sizes = NULL;
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    kith_i_free(number);
    kith_i_free(sizes);
    return status;
}

kith_status kith_partition_from_labels(int64_t nodes, const int64_t *labels, const kith_run *run,
                                       kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(nodes >= 0, KITH_E_ARGUMENT, "nodes is %" PRId64 " (expected at least 0)", nodes);
    KITH_CHECK(labels || !nodes, KITH_E_ARGUMENT, "labels must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(allocate(nodes, &p, err));
    for (int64_t v = 0; v < nodes; v++) {
        KITH_TRY(kith_i_poll_pass(&poll, numbering, v, nodes, err));
        KITH_CHECK(labels[v] >= -1 && labels[v] < nodes, KITH_E_INPUT,
                   "label %" PRId64 " of node %" PRId64 " (expected -1 to %" PRId64 ")", labels[v],
                   v, nodes - 1);
        p->labels[v] = labels[v];
        if (labels[v] >= p->communities) p->communities = labels[v] + 1;
    }
    KITH_TRY(count_sizes(p, &poll, err));
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    return status;
}

/* ---- Numbers after another partition ---- */

/* Nodes shared by community `mine` and community `theirs` of the reference. */
typedef struct {
    int64_t mine, theirs, shared;
} overlap;

typedef struct {
    const kith_partition *partition, *reference;
    kith_i_poll *poll;
    int64_t *place, *key;  /* nodes each: the keys of a sort and what it gives */
    overlap *list, *spare; /* nodes each */
    int64_t count;         /* of overlaps */
} matching;

static kith_status matching_init(matching *m, const kith_partition *partition,
                                 const kith_partition *reference, kith_error *err)
{
    kith_status status = KITH_OK;

    m->partition = partition;
    m->reference = reference;
    KITH_TRY(kith_i_alloc(&m->place, partition->nodes, sizeof *m->place, err));
    KITH_TRY(kith_i_alloc(&m->key, partition->nodes, sizeof *m->key, err));
    KITH_TRY(kith_i_alloc(&m->list, partition->nodes, sizeof *m->list, err));
    KITH_TRY(kith_i_alloc(&m->spare, partition->nodes, sizeof *m->spare, err));

done:
    return status;
}

static void matching_clear(matching *m)
{
    kith_i_free(m->place);
    kith_i_free(m->key);
    kith_i_free(m->list);
    kith_i_free(m->spare);
}

typedef enum { BY_MINE, BY_THEIRS, BY_SHARED } order;

/* Sorts the overlaps stably; the largest share first. */
static kith_status sort_by(matching *m, order by, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t keys = by == BY_MINE     ? m->partition->communities
                         : by == BY_THEIRS ? m->reference->communities
                                           : m->partition->nodes + 1;

    for (int64_t i = 0; i < m->count; i++) {
        const overlap *o = &m->list[i];
        KITH_TRY(kith_i_poll_pass(m->poll, numbering, i, m->count, err));
        m->key[i] = by == BY_MINE ? o->mine : by == BY_THEIRS ? o->theirs : o->shared;
    }
    KITH_TRY(sort_places(m->key, m->count, keys, by == BY_SHARED, m->poll, m->place, err));
    for (int64_t i = 0; i < m->count; i++) {
        KITH_TRY(kith_i_poll_pass(m->poll, numbering, i, m->count, err));
        m->spare[m->place[i]] = m->list[i];
    }
    overlap *const sorted = m->spare;
    m->spare = m->list;
    m->list = sorted;

done:
    return status;
}

/* The pairs of communities that share nodes, each once, largest overlap first. */
static kith_status list_overlaps(matching *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_partition *p = m->partition, *r = m->reference;
    int64_t kept = 0;

    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(m->poll, numbering, v, p->nodes, err));
        if (p->labels[v] >= 0 && r->labels[v] >= 0)
            m->list[m->count++] = (overlap){ p->labels[v], r->labels[v], 1 };
    }
    KITH_TRY(sort_by(m, BY_MINE, err));
    KITH_TRY(sort_by(m, BY_THEIRS, err));
    for (int64_t i = 0; i < m->count; i++) {
        const overlap *o = &m->list[i], *last = &m->list[kept - (kept > 0)];
        KITH_TRY(kith_i_poll_pass(m->poll, numbering, i, m->count, err));
        if (kept && last->mine == o->mine && last->theirs == o->theirs)
            m->list[kept - 1].shared++;
        else
            m->list[kept++] = *o;
    }
    m->count = kept;
    KITH_TRY(sort_by(m, BY_SHARED, err));

done:
    return status;
}

/* The new number of every community; *most becomes one more than the largest. */
static kith_status number_by_overlap(const matching *m, int64_t *number, int64_t *most,
                                     kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_partition *p = m->partition;
    bool *taken = NULL;

    KITH_TRY(kith_i_zeroed(&taken, m->reference->communities, sizeof *taken, err));
    memset(number, 0xff, (size_t)p->communities * sizeof *number); /* -1 */
    for (int64_t i = 0; i < m->count; i++) {
        KITH_TRY(kith_i_poll_pass(m->poll, numbering, i, m->count, err));
        if (number[m->list[i].mine] >= 0 || taken[m->list[i].theirs]) continue;
        number[m->list[i].mine] = m->list[i].theirs;
        taken[m->list[i].theirs] = true;
    }
    *most = m->reference->communities;
    for (int64_t c = 0; c < p->communities; c++)
        if (number[c] < 0 && p->sizes[c]) number[c] = (*most)++;

done:
    kith_i_free(taken);
    return status;
}

kith_status kith_partition_match(const kith_partition *partition, const kith_partition *reference,
                                 const kith_run *run, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;
    int64_t *number = NULL, *labels, most;
    matching m = { 0 };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(partition && reference, KITH_E_ARGUMENT, "both partitions must be given");
    KITH_CHECK(partition->nodes == reference->nodes, KITH_E_ARGUMENT,
               "the partitions have %" PRId64 " and %" PRId64 " nodes (expected as many)",
               partition->nodes, reference->nodes);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    m.poll = &poll;
    KITH_TRY(allocate(partition->nodes, &p, err));
    KITH_TRY(matching_init(&m, partition, reference, err));
    KITH_TRY(kith_i_alloc(&number, partition->communities, sizeof *number, err));
    KITH_TRY(list_overlaps(&m, err));
    KITH_TRY(number_by_overlap(&m, number, &most, err));

    labels = p->labels;
    *p = *partition; /* quality, phases, figures, stop reason */
    p->labels = labels;
    p->sizes = NULL;
    p->unassigned = 0;
    p->communities = most;
    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(&poll, numbering, v, p->nodes, err));
        labels[v] = partition->labels[v] < 0 ? -1 : number[partition->labels[v]];
    }
    KITH_TRY(count_sizes(p, &poll, err));
    *out = p;
    p = NULL;

done:
    matching_clear(&m);
    kith_partition_free(p);
    kith_i_free(number);
    return status;
}

void kith_partition_free(kith_partition *partition)
{
    if (!partition) return;
    kith_i_free(partition->labels);
    kith_i_free(partition->sizes);
    kith_i_free(partition);
}

int64_t kith_i_renumber(uint32_t *labels, int64_t n, uint32_t *number)
{
    int64_t count = 0;

    memset(number, 0xff, (size_t)n * sizeof *number);
    for (int64_t v = 0; v < n; v++) {
        if (number[labels[v]] == UINT32_MAX) number[labels[v]] = (uint32_t)count++;
        labels[v] = number[labels[v]];
    }
    return count;
}

void kith_i_partition_phase(kith_partition *partition, const char *name, double seconds)
{
    for (int i = 0; i < KITH_I_PHASES; i++) {
        if (partition->phases[i].name && strcmp(partition->phases[i].name, name)) continue;
        partition->phases[i].name = name;
        partition->phases[i].seconds += seconds;
        return;
    }
}

const char *kith_partition_phase(const kith_partition *partition, int64_t i, double *seconds)
{
    if (i < 0 || i > KITH_I_PHASES || !partition->phases[i].name) return NULL;
    if (seconds) *seconds = partition->phases[i].seconds;
    return partition->phases[i].name;
}

void kith_i_partition_figure(kith_partition *partition, const char *name, double value)
{
    kith_i_figure_add(partition->figures, name, value);
}

const char *kith_partition_figure(const kith_partition *partition, int64_t i, double *value)
{
    return kith_i_figure_at(partition->figures, i, value);
}

int64_t kith_partition_nodes(const kith_partition *partition)
{
    return partition->nodes;
}

int64_t kith_partition_communities(const kith_partition *partition)
{
    return partition->communities;
}

const int64_t *kith_partition_labels(const kith_partition *partition)
{
    return partition->labels;
}

const int64_t *kith_partition_sizes(const kith_partition *partition)
{
    return partition->sizes;
}

int64_t kith_partition_unassigned(const kith_partition *partition)
{
    return partition->unassigned;
}

double kith_partition_quality(const kith_partition *partition)
{
    return partition->quality;
}

int64_t kith_partition_iterations(const kith_partition *partition)
{
    return partition->iterations;
}

bool kith_partition_converged(const kith_partition *partition)
{
    return partition->converged;
}

kith_stop kith_partition_stop(const kith_partition *partition)
{
    return partition->stop;
}
