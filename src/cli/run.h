/* How a verb runs: its threads, its time limit, its progress, how it tells its result. */
#ifndef KITH_CLI_RUN_H
#define KITH_CLI_RUN_H

#include "summary.h"

typedef struct run_options {
    int64_t  threads;    /* 0: all */
    double   time_limit; /* seconds, of the whole command; 0: none */
    uint64_t seed;
    bool     json, quiet, progress;
} run_options;

/** Seconds since the command began. */
double run_seconds(void);

/** Notes when the command began. */
void run_start(void);

/** How many threads that is. */
int64_t run_threads(const run_options *run);

/** Fills what a call of the library is given, with the rest of the time; KITH_E_TIME when none is
 *  left. */
kith_status run_fill(const run_options *run, kith_run *out, kith_error *err);

/** What a call is given that takes a run alone, until the next call of this: with the rest of the
 *  time, and for one that deals with a result at hand with as much as it takes. */
const kith_run *run_rest(const run_options *run);
const kith_run *run_untimed(const run_options *run);

/** A call of the library that must not be cut off by a signal: it polls, or it writes a file. */
#define RUN_HELD(run, call) (run_hold(run), run_release((run), (call), err))
void        run_hold(const run_options *run);
kith_status run_release(const run_options *run, kith_status status, kith_error *err);

/** Begins the summary: on standard output, or, when the result itself goes there, on standard error
 *  (not at all with --quiet). */
void run_summary(const run_options *run, bool output_taken, summary *s);

/** Ends it, with "peak_rss_mib" before. */
void run_summary_end(summary *s);

#endif
