/* Reading bipartite graphs: a matrix of rows and columns, or a list of edges between them. */
#include "graph/bipartite.h"

#include "graph/names.h"
#include "io/edge_list.h"
#include "io/npz_matrix.h"
#include "io/reading.h"

#include <stdio.h>
#include <string.h>

/* The edges are taken over. */
static kith_status build(kith_i_reading *r, kith_i_edges *edges, int64_t rows, int64_t columns,
                         kith_i_names *names, kith_bipartite **out, kith_error *err)
{
    const kith_status status = kith_i_bipartite_build(edges, rows, columns, &r->options.graph,
                                                      &r->poll, names, out, err);

    return kith_i_in_file(r->input.name, status, err);
}

/* ---- Matrices ---- */

static kith_status read_matrix(kith_i_reading *r, kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_matrix m = { 0 };

    if (r->format == KITH_FORMAT_NPZ) {
        KITH_TRY(kith_i_npz_matrix_read(&r->input, &r->options, &m, err));
    } else {
        KITH_TRY(kith_i_matrix_market_read(&r->input, &r->options, &m, err));
        KITH_TRY(kith_i_matrix_sparsify(&m, &r->poll, err));
        KITH_TRY(kith_i_matrix_unfold(&m, &r->poll, err));
    }
    kith_i_edges edges = { .count = m.count, .sources = m.row_ids, .targets = m.column_ids,
                           .weights = m.values };
    m.row_ids = m.column_ids = NULL;
    m.values = NULL;
    KITH_TRY(build(r, &edges, m.rows, m.columns, NULL, out, err));

done:
    kith_i_matrix_clear(&m);
    return status;
}

/* ---- Edge lists ---- */

/* Adds a column's name, behind "column:" as often as it takes to be new. */
static kith_status add_column(kith_i_names *names, const char *name, kith_error *err)
{
    static const char prefix[] = "column:";
    kith_status status = KITH_OK;
    const int64_t count = kith_i_names_count(names);
    char *longer = NULL;
    int64_t id;

    KITH_TRY(kith_i_names_add(names, name, (int64_t)strlen(name), &id, err));
    while (id != count) {
        const size_t size = sizeof prefix + strlen(longer ? longer : name);
        char *text = NULL;
        KITH_TRY(kith_i_alloc(&text, (int64_t)size, 1, err));
        snprintf(text, size, "%s%s", prefix, longer ? longer : name);
        kith_i_free(longer);
        longer = text;
        KITH_TRY(kith_i_names_add(names, longer, (int64_t)size - 1, &id, err));
    }

done:
    kith_i_free(longer);
    return status;
}

/* The names of rows, then those of columns. */
static kith_status join_names(const kith_i_edge_list *list, kith_i_poll *poll, kith_i_names **out,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *names = NULL;
    int64_t id;

    KITH_TRY(kith_i_names_new(&names, err));
    for (int64_t i = 0; i < list->rows + list->columns; i++) {
        if (i % 65536 == 0) KITH_TRY(kith_i_poll_check(poll, "reading names", -1, err));
        if (i >= list->rows) {
            KITH_TRY(add_column(names, kith_i_names_text(list->column_names, i - list->rows), err));
        } else {
            const char *name = kith_i_names_text(list->row_names, i);
            KITH_TRY(kith_i_names_add(names, name, (int64_t)strlen(name), &id, err));
        }
    }
    *out = names;
    names = NULL;

done:
    kith_i_names_free(names);
    return status;
}

static kith_status read_edge_list(kith_i_reading *r, kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_edge_list list = { 0 };
    kith_i_names *names = NULL;

    KITH_TRY(kith_i_edge_list_read(&r->input, &r->options, true, &list, err));
    if (list.row_names) KITH_TRY(join_names(&list, &r->poll, &names, err));
    kith_i_edges edges = { .count = list.count, .sources = list.row_ids, .targets = list.column_ids,
                           .weights = list.weights };
    list.row_ids = list.column_ids = NULL;
    list.weights = NULL;
    KITH_TRY(build(r, &edges, list.rows, list.columns, names, out, err));

done:
    kith_i_names_free(names);
    kith_i_edge_list_clear(&list);
    return status;
}

kith_status kith_bipartite_read(const char *path, const kith_read_options *options,
                                kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reading r;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(kith_i_reading_open(&r, path, options, err));
    status = r.format == KITH_FORMAT_EDGE_LIST ? read_edge_list(&r, out, err)
                                               : read_matrix(&r, out, err);
    kith_i_reading_close(&r);

done:
    return status;
}
