/* Entries, block by block. */
#include "io/entries.h"

#include "graph/view.h"

#include <inttypes.h>
#include <math.h>

/* By default: nodes that any file may have, and more for each of its bytes. */
enum { FREE_NODES = 1000000, NODES_PER_BYTE = 16 };

void kith_i_entries_clear(kith_i_entries *entries)
{
    kith_i_free(entries->row_ids);
    kith_i_free(entries->column_ids);
    kith_i_free(entries->values);
    *entries = (kith_i_entries){ 0 };
}

static kith_status reserve(kith_i_entries *e, int64_t more, kith_error *err)
{
    kith_status status = KITH_OK;
    const double bytes = (double)((e->located ? 2 * sizeof *e->row_ids : 0) +
                                  (e->weighted ? sizeof *e->values : 0));
    int64_t room = e->room ? e->room + e->room / 2 : more;

    if (e->count + more <= e->room) return KITH_OK;
    if (room < e->count + more) room = e->count + more;
    KITH_TRY(kith_i_memory_require((double)room * bytes, "the list of entries", err));
    if (e->located) KITH_TRY(kith_i_resize(&e->row_ids, room, sizeof *e->row_ids, err));
    if (e->located) KITH_TRY(kith_i_resize(&e->column_ids, room, sizeof *e->column_ids, err));
    if (e->weighted) KITH_TRY(kith_i_resize(&e->values, room, sizeof *e->values, err));
    e->room = room;

done:
    return status;
}

bool kith_i_line_is_empty(const char *at, const char *end)
{
    at = kith_i_skip_blanks(at);
    return at >= end || *at == '\n' || *at == '\r' || *at == '%' || *at == '#';
}

/* ---- Blocks ---- */

/* A block and what became of it. */
typedef struct {
    kith_i_block block;
    int64_t      first, lines, count; /* entries; count <= lines */
} job;

/* Closes the gaps that lines without an entry left. */
static void gather(kith_i_entries *e, const job *j)
{
    const int64_t from = j->first, to = e->count;
    const size_t count = (size_t)j->count;

    e->count += j->count;
    if (from == to || !count) return;
    if (e->located) memmove(e->row_ids + to, e->row_ids + from, count * sizeof *e->row_ids);
    if (e->located)
        memmove(e->column_ids + to, e->column_ids + from, count * sizeof *e->column_ids);
    if (e->weighted) memmove(e->values + to, e->values + from, count * sizeof *e->values);
}

/* The line of a block's entry number `skip` (from 0). */
static int64_t line_of_entry(const kith_i_block *block, int64_t skip)
{
    int64_t line = block->line;

    for (const char *at = block->at; at < block->end; at = kith_i_next_line(at, block->end), line++)
        if (!kith_i_line_is_empty(at, block->end) && skip-- == 0) break;
    return line;
}

/* Fails when a block's entries are more than may come. */
static kith_status check_count(const kith_i_lines *lines, const kith_i_entry_reader *reader,
                               const kith_i_entries *e, const job *j, kith_error *err)
{
    const int64_t left = reader->most - e->count;

    if (j->count <= left) return KITH_OK;
    return kith_i_text_fail(lines->input->name, line_of_entry(&j->block, left), err,
                            "there are more entries (expected %s)", reader->excess);
}

/* One block after the other. */
static kith_status read_in_order(kith_i_lines *lines, const kith_i_entry_reader *reader,
                                 kith_i_entries *e, kith_error *err)
{
    kith_status status = KITH_OK;

    for (;;) {
        job j = { .first = e->count };

        KITH_TRY(kith_i_lines_next(lines, &j.block, err));
        if (j.block.at == j.block.end) break;
        KITH_TRY(reserve(e, lines->left.line - j.block.line, err));
        KITH_TRY(reader->parse(reader->self, &j.block, e, j.first, &j.count, err));
        KITH_TRY(check_count(lines, reader, e, &j, err));
        gather(e, &j);
    }

done:
    return status;
}

/* ---- All blocks of a mapped file ---- */

typedef struct {
    job            *jobs;
    int64_t         count;
    kith_i_poll    *poll;
    atomic_llong    failed_job; /* the first that failed: those behind it do not matter */
    pthread_mutex_t lock;       /* of what follows */
    kith_status     status;     /* of that job */
    kith_error      failed;
} region;

/* Cuts what is left into blocks; their lines are not counted yet. */
static kith_status cut(const kith_i_lines *lines, region *g, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *at = lines->left.at, *end = lines->left.end;

    KITH_TRY(kith_i_alloc(&g->jobs, (end - at) / KITH_I_BLOCK + 1, sizeof *g->jobs, err));
    for (const char *next = at; at < end; at = next) {
        next = end - at > KITH_I_BLOCK ? kith_i_next_line(at + KITH_I_BLOCK - 1, end) : end;
        g->jobs[g->count++] = (job){ .block = { .at = at, .end = next } };
    }

done:
    return status;
}

/* Whether job i is still to be done. The calling thread polls. */
static bool is_wanted(region *g, int64_t i, const char *stage)
{
    if (omp_get_thread_num() == 0)
        (void)kith_i_poll_check(g->poll, stage, (double)i / (double)g->count, NULL);
    return !kith_i_poll_stopped(g->poll) && i < atomic_load(&g->failed_job);
}

/* Gives every block the number of its first line and a place for each of its lines. */
static kith_status count_lines(kith_i_lines *lines, region *g, int threads, int64_t *total,
                               kith_error *err)
{
    kith_status status = KITH_OK;

#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int64_t i = 0; i < g->count; i++)
        if (is_wanted(g, i, "counting lines"))
            g->jobs[i].lines = kith_i_count_lines(g->jobs[i].block.at, g->jobs[i].block.end);
    KITH_TRY(kith_i_poll_check(g->poll, "counting lines", 1, err));
    *total = 0;
    for (int64_t i = 0; i < g->count; i++) {
        g->jobs[i].block.line = lines->left.line + *total;
        g->jobs[i].first = *total;
        *total += g->jobs[i].lines;
    }

done:
    return status;
}

static void note_failure(region *g, int64_t i, kith_status status, const kith_error *error)
{
    pthread_mutex_lock(&g->lock);
    if (i < atomic_load(&g->failed_job)) {
        atomic_store(&g->failed_job, i);
        g->status = status;
        g->failed = *error;
    }
    pthread_mutex_unlock(&g->lock);
}

/* Parses every block into its place, then closes the gaps. */
static kith_status parse_all(kith_i_lines *lines, region *g, const kith_i_entry_reader *reader,
                             int64_t total, kith_i_entries *e, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(reserve(e, total, err));
#pragma omp parallel for schedule(dynamic) num_threads(reader->threads)
    for (int64_t i = 0; i < g->count; i++) {
        kith_error error = { 0 };
        job *j = &g->jobs[i];

        if (!is_wanted(g, i, "reading")) continue;
        const kith_status outcome =
            reader->parse(reader->self, &j->block, e, j->first, &j->count, &error);
        if (outcome != KITH_OK) note_failure(g, i, outcome, &error);
    }
    KITH_TRY(kith_i_poll_check(g->poll, "reading", 1, err));
    for (int64_t i = 0; i < g->count; i++) {
        KITH_CHECK(i < g->failed_job, g->status, "%s", g->failed.message);
        KITH_TRY(check_count(lines, reader, e, &g->jobs[i], err));
        gather(e, &g->jobs[i]);
    }
    lines->left.at = lines->left.end;
    lines->left.line += total;

done:
    return status;
}

kith_status kith_i_entries_read(kith_i_lines *lines, const kith_i_entry_reader *reader,
                                kith_i_entries *e, kith_error *err)
{
    kith_status status = KITH_OK;
    region  g = { .poll = lines->input->poll };
    int64_t total = 0;
    bool    at_once = lines->mapped && reader->threads > 1;

    pthread_mutex_init(&g.lock, NULL);
    atomic_init(&g.failed_job, INT64_MAX);
    if (at_once) {
        KITH_TRY(cut(lines, &g, err));
        KITH_TRY(count_lines(lines, &g, reader->threads, &total, err));
        at_once = total < reader->most || total - reader->most < KITH_I_BLOCK; /* some are blank */
    }
    if (at_once)
        KITH_TRY(parse_all(lines, &g, reader, total, e, err));
    else /* also a file of far too many lines: no room is made for those */
        KITH_TRY(read_in_order(lines, reader, e, err));

done:
    pthread_mutex_destroy(&g.lock);
    kith_i_free(g.jobs);
    return status;
}

int64_t kith_i_most_nodes(int64_t limit, int64_t bytes)
{
    if (limit) return limit;
    if (bytes > (KITH_I_MAX_NODES - FREE_NODES) / NODES_PER_BYTE) return KITH_I_MAX_NODES;
    return FREE_NODES + NODES_PER_BYTE * bytes;
}

kith_status kith_i_take_weight(const char *name, const kith_read_options *options,
                               const kith_i_block *block, const char **at, const char *what,
                               double *weight, kith_error *err)
{
    const char *from = *at;
    const bool negative_too = options->graph.signed_weights || options->graph.ignore_weights;

    *at = kith_i_take_double(from, weight);
    if (*at == from || !strchr(" \t\r\n", **at) || !isfinite(*weight))
        return kith_i_text_fail(name, kith_i_line_of(block, from), err,
                                "the %s is '%s' (expected a finite number)", what,
                                kith_i_show(from, block->end).text);
    if (*weight < 0 && !negative_too)
        return kith_i_text_fail(name, kith_i_line_of(block, from), err,
                                "the %s is %g (expected at least 0)", what, *weight);
    return KITH_OK;
}

kith_status kith_i_check_nodes(const kith_i_lines *lines, int64_t line, const char *what,
                               int64_t nodes, int64_t limit, kith_error *err)
{
    const int64_t most = kith_i_most_nodes(limit, lines->bytes);

    if (nodes <= most) return KITH_OK;
    return kith_i_text_fail(lines->input->name, line, err,
                            "%" PRId64 " %s (expected at most %" PRId64 "%s)", nodes, what, most,
                            limit ? "" : " in a file of this size; are the ids names?");
}
