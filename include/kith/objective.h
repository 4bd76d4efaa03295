/* Kith: the quality functions that Leiden and Louvain maximise.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_OBJECTIVE_H
#define KITH_OBJECTIVE_H

/** modularity  Q = 1/2m sum_c (e_c - gamma K_c^2 / 2m)                       [Traag2019 eq. 1]
 *              directed: Q = 1/W sum_c (e_c - gamma Kout_c Kin_c / W)         [Leicht2008]
 *  CPM         H = sum_c (e_c/2 - gamma n_c (n_c - 1)/2)                     [Traag2011]
 *  RB          the same with gamma p for gamma, p the density of the graph   [Reichardt2006] */
typedef enum kith_objective {
    KITH_OBJECTIVE_MODULARITY, /* against the configuration model; directed for directed graphs */
    KITH_OBJECTIVE_CPM,        /* constant Potts model; undirected graphs */
    KITH_OBJECTIVE_RB          /* against an Erdos-Renyi graph; undirected graphs */
} kith_objective;

#endif
