/* What a verb has to say, once: a JSON object for programs, or a short table for people, from the
 * same calls. In the table a top-level key has a line of its own, the members of an object follow
 * one another on the object's line, and what is null or empty is left out. */
#ifndef KITH_CLI_SUMMARY_H
#define KITH_CLI_SUMMARY_H

#include "cli.h"

#include <stdio.h>

enum { SUMMARY_DEPTH = 8 };

typedef struct summary {
    FILE       *file; /* NULL: nothing is written */
    bool        json;
    bool        follows; /* something stands before the next value on its level, so put a comma */
    int         depth;
    char        closers[SUMMARY_DEPTH];
    int         column;
    const char *pending; /* a key whose line waits for the first thing that it holds */
} summary;

void summary_begin(summary *s, FILE *file, bool json);
void summary_end(summary *s);

/* A key is NULL inside an array. */
void summary_object(summary *s, const char *key);
void summary_array(summary *s, const char *key);
void summary_close(summary *s);

void summary_text(summary *s, const char *key, const char *value);     /* NULL: null */
void summary_integer(summary *s, const char *key, int64_t value);
void summary_unsigned(summary *s, const char *key, uint64_t value);
void summary_real(summary *s, const char *key, double value);          /* NaN, infinite: null */
void summary_seconds(summary *s, const char *key, double value);
void summary_bytes(summary *s, const char *key, double value);         /* "1.5 MiB" for people */
void summary_boolean(summary *s, const char *key, bool value);
void summary_null(summary *s, const char *key);

/* Parts that several verbs share. */
void        summary_graph(summary *s, const char *key, const char *path, const kith_graph *graph);
void        summary_peak(summary *s);
kith_status summary_sizes(summary *s, const kith_partition *partition, kith_error *err);

#endif
