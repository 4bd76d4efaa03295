/* Kith: a cover, communities that may overlap and need not hold every node.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_COVER_H
#define KITH_COVER_H

#include "kith/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Communities as lists of nodes. Immutable. */
typedef struct kith_cover kith_cover;

/** A cover from lists of members.
 *
 *  nodes        of the graph
 *  communities  how many
 *  offsets      communities + 1; community c holds members[offsets[c]] .. members[offsets[c+1] - 1]
 *  members      node ids, each at most once in one community; copied and sorted
 *  out          free with kith_cover_free()
 *  returns      KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT (id out of range or twice), KITH_E_MEMORY,
 *               and what a run ends in
 */
KITH_API kith_status kith_cover_from_members(int64_t nodes, int64_t communities,
                                             const int64_t *offsets, const int64_t *members,
                                             const kith_run *run, kith_cover **out,
                                             kith_error *err);

KITH_API void    kith_cover_free(kith_cover *cover);
KITH_API int64_t kith_cover_nodes(const kith_cover *cover);
KITH_API int64_t kith_cover_communities(const kith_cover *cover);

/** communities + 1 offsets into kith_cover_members(); borrowed. */
KITH_API const int64_t *kith_cover_offsets(const kith_cover *cover);

/** Node ids, ascending within each community; borrowed. */
KITH_API const int64_t *kith_cover_members(const kith_cover *cover);

#ifdef __cplusplus
}
#endif

#endif
