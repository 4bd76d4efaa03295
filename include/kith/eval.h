/* Kith: how good a partition is, by itself and against the truth.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_EVAL_H
#define KITH_EVAL_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Agreement of a partition with a truth. Nodes whose truth is -1 are left out. A node that the
 *  partition leaves unassigned counts as a community of its own, and never as matched. With no node
 *  left every measure is NaN. */
typedef struct kith_comparison {
    int64_t nodes;               /* compared */
    double  mutual_information;  /* I(partition; truth) in nats */
    double nmi; /* I over the arithmetic mean of the entropies; 1 when both are trivial */
    double  nmi_geometric, nmi_min, nmi_max;
    double  ami;      /* adjusted for chance, arithmetic mean [Vinh2010] */
    double  ari;      /* adjusted Rand index [Hubert1985] */
    double  accuracy; /* share of nodes matched by the best one-to-one matching (Hungarian) */
    double  f1_macro; /* mean over the truth's classes of F1 after that matching */
} kith_comparison;

/** Compares two partitions of the same nodes.
 *
 *  labels, truth  `nodes` numbers each, -1 or larger
 *  returns        KITH_OK, KITH_E_ARGUMENT, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n log n + k^3) time, O(n + k^2) memory at worst, k the smaller number of classes that touch.
 */
KITH_API kith_status kith_compare(int64_t nodes, const int64_t *labels, const int64_t *truth,
                                  const kith_run *run, kith_comparison *out, kith_error *err);

/** Quality of a partition on its graph. An unassigned node is a community of its own. The measures
 *  of an edgeless graph are NaN, cpm aside. */
typedef struct kith_quality {
    double modularity;       /* at the resolution given; directed for directed graphs */
    double cpm; /* sum_c [ e_c/2 - gamma n_c (n_c - 1)/2 ] [Traag2011]; directed: e_c */
    double coverage;         /* share of the edge weight inside communities */
    double conductance_mean; /* over the communities that have edges and are not everything */
    double conductance_max;
    double normalized_cut;   /* sum_c cut(c) / vol(c) over communities of positive volume */
} kith_quality;

/** conductance: optional array of kith_partition_communities() numbers; the conductance
 *  cut(c) / min(vol(c), vol(V - c)) of each community, NaN where it is not defined.
 *
 *  returns  KITH_OK, KITH_E_ARGUMENT (sizes differ; resolution negative), KITH_E_MEMORY,
 *           KITH_E_INPUT (a damaged mapped file), and what a run ends in
 *
 *  O(n + m) time. Directed graphs: volumes and cuts of A + A^T. [Newman2004, Leicht2008, Shi2000]
 */
KITH_API kith_status kith_evaluate(const kith_graph *graph, const kith_partition *partition,
                                   double resolution, const kith_run *run, kith_quality *out,
                                   double *conductance, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
