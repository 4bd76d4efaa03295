/* Contingency tables, by sorting.
 *
 * The pairs (label, class) are sorted by class, then stably by label. While they are sorted by one
 * of the two, its distinct values are numbered in place, so no table of labels is ever needed: they
 * may be any numbers. A radix sort skips the bytes in which all keys agree, which makes small
 * labels cheap and leaves no bad case. */
#include "eval/contingency.h"

#include <inttypes.h>

static const char tabulating[] = "counting what communities share"; /* a stage */

enum { LABEL, CLASS };

/* Keys are labels plus one, so that unassigned nodes sort first. */
enum { UNASSIGNED = 0 };

typedef struct {
    uint64_t key[2];
} pair;

static kith_status load(int64_t nodes, const int64_t *labels, const int64_t *truth,
                        kith_i_poll *poll, pair *pairs, kith_i_contingency *t, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t v = 0; v < nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, tabulating, v, nodes, err));
        KITH_CHECK(labels[v] >= -1 && truth[v] >= -1, KITH_E_ARGUMENT,
                   "node %" PRId64 " has label %" PRId64 " and truth %" PRId64
                   " (expected at least -1)", v, labels[v], truth[v]);
        if (truth[v] < 0) continue;
        pairs[t->nodes++] = (pair){ { (uint64_t)labels[v] + 1, (uint64_t)truth[v] + 1 } };
        t->unassigned += labels[v] < 0;
    }

done:
    return status;
}

/* One stable pass over the byte of a key that begins at bit `shift`. */
static kith_status sort_by_byte(const pair *from, pair *to, int64_t n, int field, int shift,
                                kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t begin[256] = { 0 }, sum = 0;

    for (int64_t i = 0; i < n; i++) {
        KITH_TRY(kith_i_poll_pass(poll, tabulating, i, n, err));
        begin[from[i].key[field] >> shift & 255]++;
    }
    for (int b = 0; b < 256; b++) {
        const int64_t count = begin[b];
        begin[b] = sum;
        sum += count;
    }
    for (int64_t i = 0; i < n; i++) {
        KITH_TRY(kith_i_poll_pass(poll, tabulating, i, n, err));
        to[begin[from[i].key[field] >> shift & 255]++] = from[i];
    }

done:
    return status;
}

/* Sorts *pairs stably by one of its keys; *pairs and *spare may change places. */
static kith_status sort_by(pair **pairs, pair **spare, int64_t n, int field, kith_i_poll *poll,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t differing = 0;

    for (int64_t i = 1; i < n; i++) differing |= (*pairs)[i].key[field] ^ (*pairs)[0].key[field];
    for (int shift = 0; shift < 64; shift += 8) {
        if (!(differing >> shift & 255)) continue;
        KITH_TRY(sort_by_byte(*pairs, *spare, n, field, shift, poll, err));
        pair *const sorted = *spare;
        *spare = *pairs;
        *pairs = sorted;
    }

done:
    return status;
}

/* Replaces the keys of sorted pairs by 0, 1, ... and counts the distinct ones. */
static kith_status number(pair *pairs, int64_t n, int field, kith_i_poll *poll, int64_t *out,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t previous = UNASSIGNED;
    int64_t count = 0;

    for (int64_t i = 0; i < n; i++) {
        const uint64_t key = pairs[i].key[field];
        KITH_TRY(kith_i_poll_pass(poll, tabulating, i, n, err));
        if (key != previous || key == UNASSIGNED) count++;
        previous = key;
        pairs[i].key[field] = (uint64_t)count - 1;
    }
    *out = count;

done:
    return status;
}

static bool same_cell(const pair *a, const pair *b)
{
    return a->key[LABEL] == b->key[LABEL] && a->key[CLASS] == b->key[CLASS];
}

/* The table of numbered pairs, sorted by label and then by class. */
static kith_status tabulate(kith_i_contingency *t, const pair *pairs, kith_i_poll *poll,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t cell = -1;

    for (int64_t i = 0; i < t->nodes; i++) t->cells += !i || !same_cell(&pairs[i - 1], &pairs[i]);
    KITH_TRY(kith_i_zeroed(&t->row_sums, t->rows, sizeof *t->row_sums, err));
    KITH_TRY(kith_i_zeroed(&t->column_sums, t->columns, sizeof *t->column_sums, err));
    KITH_TRY(kith_i_zeroed(&t->offsets, t->rows + 1, sizeof *t->offsets, err));
    KITH_TRY(kith_i_alloc(&t->targets, t->cells, sizeof *t->targets, err));
    KITH_TRY(kith_i_zeroed(&t->counts, t->cells, sizeof *t->counts, err));
    for (int64_t i = 0; i < t->nodes; i++) {
        const uint64_t row = pairs[i].key[LABEL], column = pairs[i].key[CLASS];
        KITH_TRY(kith_i_poll_pass(poll, tabulating, i, t->nodes, err));
        if (!i || !same_cell(&pairs[i - 1], &pairs[i])) t->targets[++cell] = (uint32_t)column;
        t->counts[cell]++;
        t->row_sums[row]++;
        t->column_sums[column]++;
        t->offsets[row + 1] = cell + 1;
    }

done:
    return status;
}

kith_status kith_i_contingency_build(kith_i_contingency *table, int64_t nodes,
                                     const int64_t *labels, const int64_t *truth, kith_i_poll *poll,
                                     kith_error *err)
{
    kith_status status = KITH_OK;
    pair *pairs = NULL, *spare = NULL;

    *table = (kith_i_contingency){ 0 };
    KITH_TRY(kith_i_alloc(&pairs, nodes, sizeof *pairs, err));
    KITH_TRY(kith_i_alloc(&spare, nodes, sizeof *spare, err));
    KITH_TRY(load(nodes, labels, truth, poll, pairs, table, err));
    const int64_t n = table->nodes;
    KITH_TRY(sort_by(&pairs, &spare, n, CLASS, poll, err));
    KITH_TRY(number(pairs, n, CLASS, poll, &table->columns, err));
    KITH_TRY(sort_by(&pairs, &spare, n, LABEL, poll, err));
    KITH_TRY(number(pairs, n, LABEL, poll, &table->rows, err));
    KITH_TRY(tabulate(table, pairs, poll, err));

done:
    kith_i_free(pairs);
    kith_i_free(spare);
    return status;
}

void kith_i_contingency_clear(kith_i_contingency *table)
{
    kith_i_free(table->row_sums);
    kith_i_free(table->column_sums);
    kith_i_free(table->offsets);
    kith_i_free(table->targets);
    kith_i_free(table->counts);
    *table = (kith_i_contingency){ 0 };
}
