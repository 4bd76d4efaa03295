/* Threads, time and progress of a verb's run. */
#include "run.h"

#include "progress.h"

#include <math.h>
#include <omp.h>
#include <time.h>

static double started;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void run_start(void)
{
    started = now();
}

double run_seconds(void)
{
    return now() - started;
}

int64_t run_threads(const run_options *run)
{
    return run->threads ? run->threads : omp_get_max_threads();
}

static kith_status out_of_time(const run_options *run, kith_error *err)
{
    return cli_fail(err, KITH_E_TIME, "the time limit of %g s passed before there was a result",
                    run->time_limit);
}

kith_status run_fill(const run_options *run, kith_run *out, kith_error *err)
{
    out->seed = run->seed;
    out->threads = run->threads;
    out->progress = progress_report;
    if (run->time_limit == 0) return KITH_OK;
    out->time_limit = run->time_limit - run_seconds();
    return out->time_limit > 0 ? KITH_OK : out_of_time(run, err);
}

const kith_run *run_untimed(const run_options *run)
{
    static kith_run rest;

    rest = (kith_run)KITH_RUN_INIT(kith_run);
    rest.seed = run->seed;
    rest.threads = run->threads;
    rest.progress = progress_report;
    return &rest;
}

const kith_run *run_rest(const run_options *run)
{
    const double least = 1e-9; /* 0 would be no limit */
    static kith_run rest;

    rest = *run_untimed(run);
    if (run->time_limit > 0) rest.time_limit = fmax(run->time_limit - run_seconds(), least);
    return &rest;
}

void run_hold(const run_options *run)
{
    progress_show(run->progress, run->quiet);
    progress_hold();
}

kith_status run_release(const run_options *run, kith_status status, kith_error *err)
{
    progress_release();
    progress_erase();
    if (progress_signal()) return cli_fail(err, KITH_E_CANCELLED, "interrupted");
    return status == KITH_E_TIME ? out_of_time(run, err) : status;
}

void run_summary(const run_options *run, bool output_taken, summary *s)
{
    summary_begin(s, output_taken ? run->quiet ? NULL : stderr : stdout, run->json);
    summary_text(s, "kith", kith_version());
}

void run_summary_end(summary *s)
{
    summary_peak(s);
    summary_end(s);
}
