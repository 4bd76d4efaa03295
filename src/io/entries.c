/* Entries, block by block. */
#include "io/entries.h"

#include "graph/view.h"
#include "io/text.h"

#include <inttypes.h>
#include <math.h>

enum { MOST_BLOCKS = 64 }; /* in one parallel round */

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
    int64_t room = e->room;

    if (e->count + more <= room) return KITH_OK;
    while (room < e->count + more) room += room / 2 + 1024;
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

/* A block and what became of it. */
typedef struct {
    kith_i_block block;
    int64_t      first, lines, count; /* entries; count <= lines */
    kith_status  status;
    kith_error   failed;
} job;

/* Takes blocks, as many as may be parsed at a time, and gives each a place for every line. */
static kith_status take_blocks(kith_i_lines *lines, int threads, kith_i_entries *e, job *jobs,
                               int *count, kith_error *err)
{
    kith_status status = KITH_OK;
    const int most = !lines->mapped || threads == 1 ? 1
                     : threads < MOST_BLOCKS        ? threads
                                                    : MOST_BLOCKS;
    int64_t first = e->count;

    *count = 0;
    while (*count < most) {
        job *j = &jobs[*count];
        KITH_TRY(kith_i_lines_next(lines, &j->block, err));
        if (j->block.at == j->block.end) break;
        j->lines = lines->left.line - j->block.line;
        j->first = first;
        first += j->lines;
        ++*count;
    }
    KITH_TRY(reserve(e, first - e->count, err));

done:
    return status;
}

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

kith_status kith_i_entries_read(kith_i_lines *lines, const kith_i_entry_reader *reader,
                                kith_i_entries *e, kith_error *err)
{
    kith_status status = KITH_OK;
    job *jobs = NULL;
    int count;

    KITH_TRY(kith_i_zeroed(&jobs, MOST_BLOCKS, sizeof *jobs, err));
    do {
        KITH_TRY(take_blocks(lines, reader->threads, e, jobs, &count, err));
#pragma omp parallel for num_threads(reader->threads) schedule(dynamic) if (count > 1)
        for (int i = 0; i < count; i++)
            jobs[i].status = reader->parse(reader->self, &jobs[i].block, e, jobs[i].first,
                                           &jobs[i].count, &jobs[i].failed);
        for (int i = 0; i < count; i++) {
            if (jobs[i].status != KITH_OK) {
                status = kith_i_fail(err, jobs[i].status, "%s", jobs[i].failed.message);
                goto done;
            }
            if (jobs[i].count > reader->most - e->count) {
                status = kith_i_text_fail(
                    lines->input->name, line_of_entry(&jobs[i].block, reader->most - e->count), err,
                    "there are more entries (expected %s)", reader->excess);
                goto done;
            }
            gather(e, &jobs[i]);
        }
    } while (count);

done:
    kith_i_free(jobs);
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
