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

/** Names that lie in a file. Nothing is read of them before somebody asks. */
typedef struct kith_i_names_file {
    int64_t count;
    const int64_t *offsets; /* count + 1: where each begins and the last ends */
    const char *block;      /* `size` bytes, a zero behind each name */
    int64_t size;
    const char *where; /* for messages; the owner's */
    kith_status (*verify)(void *owner, kith_i_poll *poll, kith_error *err); /* checksums */
    void (*release)(void *owner);
    void *owner; /* released with the last reference */
} kith_i_names_file;

/** The names of a file, which they then own. */
kith_status kith_i_names_borrow(const kith_i_names_file *file, kith_i_names **out, kith_error *err);

/** What goes before all names are walked: those in a file are whole. O(1) after the first call.
 *  returns  KITH_OK, KITH_E_INPUT, and what polling returns */
kith_status kith_i_names_check(kith_i_names *names, kith_i_poll *poll, kith_error *err);

/** What goes before names are searched for: they are whole, differ, and have an index. O(1) after
 *  the first call. returns also KITH_E_MEMORY */
kith_status kith_i_names_require(kith_i_names *names, kith_i_poll *poll, kith_error *err);

/** The names of nodes[0 .. count - 1], renumbered. */
kith_status kith_i_names_select(kith_i_names *names, const int64_t *nodes, int64_t count,
                                kith_i_poll *poll, kith_i_names **out, kith_error *err);

/** All of them, in a list of its own. */
kith_status kith_i_names_copy(kith_i_names *names, kith_i_poll *poll, kith_i_names **out,
                              kith_error *err);

int64_t kith_i_names_count(const kith_i_names *names);

/** One name; NULL when it lies in a file and is damaged, which a check before rules out. */
const char *kith_i_names_text(const kith_i_names *names, int64_t id);

/** The id of a name, or -1: also when kith_i_names_require() fails, which it calls. */
int64_t kith_i_names_find(kith_i_names *names, const char *text, int64_t length);

kith_i_names *kith_i_names_share(kith_i_names *names); /* one more reference; NULL stays NULL */
void          kith_i_names_free(kith_i_names *names);  /* one fewer */

#endif
