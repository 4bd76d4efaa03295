/* Disjoint sets of nodes: a forest in which each tree is a set and its root the lowest node of it.
 */
#ifndef KITH_CORE_FOREST_H
#define KITH_CORE_FOREST_H

#include <stdint.h>

/** The lowest node of v's set, halving the path on the way [Tarjan1984]. A node is its own parent
 *  at first. */
static inline uint32_t kith_i_forest_find(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

/** Makes the sets of u and v one. */
static inline void kith_i_forest_join(uint32_t *parent, uint32_t u, uint32_t v)
{
    u = kith_i_forest_find(parent, u);
    v = kith_i_forest_find(parent, v);
    if (u < v) parent[v] = u;
    else parent[u] = v;
}

#endif
