/* Partitions: canonical numbering, and numbering after another partition. */
#include "graph/partition.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A community while it is being numbered. */
typedef struct {
    int64_t size, first, id;
} community;

static int larger_first(const void *x, const void *y)
{
    const community *a = x, *b = y;

    if (a->size != b->size) return a->size > b->size ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

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
static kith_status count_sizes(kith_partition *p, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&p->sizes, p->communities, sizeof *p->sizes, err));
    for (int64_t v = 0; v < p->nodes; v++) {
        if (p->labels[v] < 0) p->unassigned++;
        else p->sizes[p->labels[v]]++;
    }

done:
    return status;
}

kith_status kith_i_partition_new(int64_t nodes, const uint32_t *labels, kith_partition **out,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;
    community *c = NULL;
    int64_t *number = NULL;
    int64_t count = 0;

    *out = NULL;
    KITH_TRY(allocate(nodes, &p, err));
    KITH_TRY(kith_i_alloc(&number, nodes, sizeof *number, err));
    for (int64_t v = 0; v < nodes; v++) number[v] = -1;
    for (int64_t v = 0; v < nodes; v++) /* number by first appearance */
        if (labels[v] != UINT32_MAX && number[labels[v]] < 0) number[labels[v]] = count++;
    KITH_TRY(kith_i_zeroed(&c, count, sizeof *c, err));
    for (int64_t v = 0; v < nodes; v++) {
        p->labels[v] = labels[v] == UINT32_MAX ? -1 : number[labels[v]];
        if (p->labels[v] < 0) continue;
        community *mine = &c[p->labels[v]];
        if (mine->size++ == 0) *mine = (community){ 1, v, p->labels[v] };
    }
    qsort(c, (size_t)count, sizeof *c, larger_first);
    for (int64_t i = 0; i < count; i++) number[c[i].id] = i;
    for (int64_t v = 0; v < nodes; v++)
        if (p->labels[v] >= 0) p->labels[v] = number[p->labels[v]];
    p->communities = count;
    KITH_TRY(count_sizes(p, err));
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    kith_i_free(number);
    kith_i_free(c);
    return status;
}

kith_status kith_partition_from_labels(int64_t nodes, const int64_t *labels, kith_partition **out,
                                       kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(nodes >= 0, KITH_E_ARGUMENT, "nodes is %" PRId64 " (expected at least 0)", nodes);
    KITH_CHECK(labels || !nodes, KITH_E_ARGUMENT, "labels must not be NULL");
    KITH_TRY(allocate(nodes, &p, err));
    for (int64_t v = 0; v < nodes; v++) {
        KITH_CHECK(labels[v] >= -1 && labels[v] < nodes, KITH_E_INPUT,
                   "label %" PRId64 " of node %" PRId64 " (expected -1 to %" PRId64 ")", labels[v],
                   v, nodes - 1);
        p->labels[v] = labels[v];
        if (labels[v] >= p->communities) p->communities = labels[v] + 1;
    }
    KITH_TRY(count_sizes(p, err));
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    return status;
}

/* Nodes shared by community `mine` and community `theirs` of the reference. */
typedef struct {
    int64_t mine, theirs, shared;
} overlap;

static int by_pair(const void *x, const void *y)
{
    const overlap *a = x, *b = y;

    if (a->theirs != b->theirs) return a->theirs < b->theirs ? -1 : 1;
    return a->mine < b->mine ? -1 : a->mine > b->mine;
}

static int by_overlap(const void *x, const void *y)
{
    const overlap *a = x, *b = y;

    if (a->shared != b->shared) return a->shared > b->shared ? -1 : 1;
    return by_pair(x, y);
}

/* The pairs of communities that share nodes, each once, largest overlap first. */
static int64_t list_overlaps(const kith_partition *p, const kith_partition *reference,
                             overlap *list)
{
    int64_t count = 0, kept = 0;

    for (int64_t v = 0; v < p->nodes; v++)
        if (p->labels[v] >= 0 && reference->labels[v] >= 0)
            list[count++] = (overlap){ p->labels[v], reference->labels[v], 1 };
    qsort(list, (size_t)count, sizeof *list, by_pair);
    for (int64_t i = 0; i < count; i++) {
        if (kept && by_pair(&list[kept - 1], &list[i]) == 0) list[kept - 1].shared++;
        else list[kept++] = list[i];
    }
    qsort(list, (size_t)kept, sizeof *list, by_overlap);
    return kept;
}

kith_status kith_partition_match(const kith_partition *partition, const kith_partition *reference,
                                 kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *p = NULL;
    overlap *list = NULL;
    int64_t *number = NULL, *labels = NULL;
    bool *taken = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(partition && reference, KITH_E_ARGUMENT, "both partitions must be given");
    KITH_CHECK(partition->nodes == reference->nodes, KITH_E_ARGUMENT,
               "the partitions have %" PRId64 " and %" PRId64 " nodes (expected as many)",
               partition->nodes, reference->nodes);
    KITH_TRY(allocate(partition->nodes, &p, err));
    KITH_TRY(kith_i_alloc(&list, partition->nodes, sizeof *list, err));
    KITH_TRY(kith_i_alloc(&number, partition->communities, sizeof *number, err));
    KITH_TRY(kith_i_zeroed(&taken, reference->communities, sizeof *taken, err));
    for (int64_t c = 0; c < partition->communities; c++) number[c] = -1;
    const int64_t pairs = list_overlaps(partition, reference, list);
    for (int64_t i = 0; i < pairs; i++) {
        if (number[list[i].mine] >= 0 || taken[list[i].theirs]) continue;
        number[list[i].mine] = list[i].theirs;
        taken[list[i].theirs] = true;
    }
    int64_t next = reference->communities;
    for (int64_t c = 0; c < partition->communities; c++)
        if (number[c] < 0 && partition->sizes[c]) number[c] = next++;

    labels = p->labels;
    *p = *partition; /* quality, phases, stop reason */
    p->labels = labels;
    p->sizes = NULL;
    p->unassigned = 0;
    p->communities = next;
    for (int64_t v = 0; v < p->nodes; v++)
        labels[v] = partition->labels[v] < 0 ? -1 : number[partition->labels[v]];
    KITH_TRY(count_sizes(p, err));
    *out = p;
    p = NULL;

done:
    kith_partition_free(p);
    kith_i_free(list);
    kith_i_free(number);
    kith_i_free(taken);
    return status;
}

void kith_partition_free(kith_partition *partition)
{
    if (!partition) return;
    kith_i_free(partition->labels);
    kith_i_free(partition->sizes);
    kith_i_free(partition);
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
