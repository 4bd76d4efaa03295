/* Clusters: sets of nodes with scores. */
#include "graph/cluster.h"

kith_status kith_i_cluster_new(int64_t size, kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cluster *c = NULL;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&c, 1, sizeof *c, err));
    KITH_TRY(kith_i_alloc(&c->nodes, size, sizeof *c->nodes, err));
    KITH_TRY(kith_i_alloc(&c->scores, size, sizeof *c->scores, err));
    c->size = size;
    c->converged = true;
    c->conductance = 1;
    *out = c;
    c = NULL;

done:
    kith_cluster_free(c);
    return status;
}

void kith_i_cluster_figure(kith_cluster *cluster, const char *name, double value)
{
    kith_i_figure_add(cluster->figures, name, value);
}

void kith_cluster_free(kith_cluster *cluster)
{
    if (!cluster) return;
    kith_i_free(cluster->nodes);
    kith_i_free(cluster->scores);
    kith_i_free(cluster);
}

const char *kith_cluster_figure(const kith_cluster *cluster, int64_t i, double *value)
{
    return kith_i_figure_at(cluster->figures, i, value);
}

int64_t kith_cluster_size(const kith_cluster *cluster)
{
    return cluster->size;
}

const int64_t *kith_cluster_nodes(const kith_cluster *cluster)
{
    return cluster->nodes;
}

const double *kith_cluster_scores(const kith_cluster *cluster)
{
    return cluster->scores;
}

double kith_cluster_volume(const kith_cluster *cluster)
{
    return cluster->volume;
}

double kith_cluster_cut(const kith_cluster *cluster)
{
    return cluster->cut;
}

double kith_cluster_conductance(const kith_cluster *cluster)
{
    return cluster->conductance;
}

int64_t kith_cluster_touched_nodes(const kith_cluster *cluster)
{
    return cluster->touched_nodes;
}

int64_t kith_cluster_touched_edges(const kith_cluster *cluster)
{
    return cluster->touched_edges;
}

int64_t kith_cluster_iterations(const kith_cluster *cluster)
{
    return cluster->iterations;
}

bool kith_cluster_converged(const kith_cluster *cluster)
{
    return cluster->converged;
}

kith_stop kith_cluster_stop(const kith_cluster *cluster)
{
    return cluster->stop;
}
