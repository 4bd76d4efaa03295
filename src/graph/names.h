/* Names of nodes: one block of zero-terminated strings, their offsets, and an index by name. */
#ifndef KITH_GRAPH_NAMES_H
#define KITH_GRAPH_NAMES_H

#include "core/base.h"

/** Names that several graphs may share; counted references. */
typedef struct kith_i_names kith_i_names;

/** An empty list. */
kith_status kith_i_names_new(kith_i_names **out, kith_error *err);

/** The id of a name of `length` bytes, added at the end when it is new. O(1) expected. Only before
 *  the names are shared. */
kith_status kith_i_names_add(kith_i_names *names, const char *text, int64_t length, int64_t *id,
                             kith_error *err);

/** The names of nodes[0 .. count - 1], renumbered. */
kith_status kith_i_names_select(const kith_i_names *names, const int64_t *nodes, int64_t count,
                                kith_i_poll *poll, kith_i_names **out, kith_error *err);

/** All of them, in a list of its own. */
kith_status kith_i_names_copy(const kith_i_names *names, kith_i_poll *poll, kith_i_names **out,
                              kith_error *err);

int64_t     kith_i_names_count(const kith_i_names *names);
const char *kith_i_names_text(const kith_i_names *names, int64_t id);

/** The id of a name, or -1. */
int64_t kith_i_names_find(const kith_i_names *names, const char *text, int64_t length);

kith_i_names *kith_i_names_share(kith_i_names *names); /* one more reference; NULL stays NULL */
void          kith_i_names_free(kith_i_names *names);  /* one fewer */

#endif
