/* The graph file, read and written.
 *
 * What scipy.sparse.save_npz writes of a csr matrix (format, shape, indptr, indices, data), and
 *
 *   kith_directed      whether it is directed
 *   kith_unweighted    whether all weights are 1; data are then not read
 *   kith_loops         how many entries stand on the diagonal
 *   kith_total_weight  what the weights add up to, each edge once
 *   kith_names         names of nodes in UTF-8, a zero byte after each
 *   kith_name_offsets  where each of them begins, and the end
 *
 * Reading chooses one of three ways:
 *
 *   1. map     a graph file whose arrays are as a graph has them, without a look at any element but
 *              the first and the last offset
 *   2. borrow  other csr matrices: loaded, checked, and used where they lie if they can be
 *   3. build   csc and coo matrices, from their entries */
#include "io/npz_graph.h"

#include "graph/build.h"
#include "graph/names.h"
#include "io/npz_matrix.h"
#include "io/reading.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* ---- Reading ---- */

/* An open file. The graph owns it when its arrays are used where they lie, and so do its names. */
typedef struct {
    atomic_llong references;
    char *path;  /* our own: zip.path, as long as somebody reads names */
    char *where; /* of names, for messages */
    kith_i_npz_matrix matrix;
    kith_i_npy name_offsets, name_block; /* of names that lie there */
    bool    ours; /* a graph file */
    bool    directed;
    bool    unweighted;
    int64_t loops; /* -1: unknown */
    double  total; /* of the weights, each edge once ... */
    bool    total_known; /* ... where the file says it */
} graph_file;

static void file_free(void *owner)
{
    graph_file *file = owner;

    if (!file || atomic_fetch_sub_explicit(&file->references, 1, memory_order_acq_rel) > 1) return;
    kith_i_npz_matrix_clear(&file->matrix);
    kith_i_free(file->path);
    kith_i_free(file->where);
    kith_i_free(file);
}

static kith_status read_flag(const kith_i_zip *zip, const char *name, bool *flag, bool *found,
                             kith_error *err)
{
    int64_t value = 0;
    const kith_status status = kith_i_npz_scalar(zip, name, &value, found, err);

    *flag = value != 0;
    return status;
}

static kith_status open_file(kith_i_input *input, const kith_read_options *options,
                             graph_file **out, kith_error *err)
{
    kith_status status = KITH_OK;
    graph_file *file = NULL;
    const kith_i_zip *zip;
    bool found;

    KITH_TRY(kith_i_zeroed(&file, 1, sizeof *file, err));
    atomic_init(&file->references, 1);
    KITH_TRY(kith_i_npz_matrix_open(&file->matrix, input, options, err));
    KITH_CHECK(file->matrix.rows == file->matrix.columns, KITH_E_INPUT,
               "%s: is a matrix of %" PRId64 " x %" PRId64 " (expected as many rows as columns)",
               input->name, file->matrix.rows, file->matrix.columns);
    zip = &file->matrix.zip;
    KITH_TRY(read_flag(zip, "kith_directed.npy", &file->directed, &file->ours, err));
    KITH_TRY(read_flag(zip, "kith_unweighted.npy", &file->unweighted, &found, err));
    file->loops = -1;
    KITH_TRY(kith_i_npz_scalar(zip, "kith_loops.npy", &file->loops, &found, err));
    KITH_TRY(kith_i_npz_real(zip, "kith_total_weight.npy", &file->total, &file->total_known, err));
    *out = file;
    file = NULL;

done:
    file_free(file);
    return status;
}

/* What the caller asked for, and what the file says of itself. */
static kith_graph_options merge_options(const graph_file *file, const kith_read_options *options)
{
    kith_graph_options o = options->graph;

    if (file->ours && o.direction == KITH_DETECT)
        o.direction = file->directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    return o;
}

/* ---- Names ---- */

/* Adds the names, which lie in `block` between offsets. */
static kith_status add_names(const kith_i_zip *zip, const kith_i_npy *offsets,
                             const kith_i_npy *block, kith_i_names *names, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *text = block->data;
    int64_t at = 0, id;

    for (int64_t v = 0; v + 1 < offsets->count; v++) {
        int64_t end;

        if (v % 65536 == 0)
            KITH_TRY(kith_i_poll_check(zip->poll, "reading names",
                                       (double)v / (double)offsets->count, err));
        kith_i_npy_integers(offsets, v + 1, 1, &end);
        KITH_CHECK(end > at && end <= block->count &&
                       (int64_t)strnlen(text + at, (size_t)(end - at)) == end - at - 1,
                   KITH_E_INPUT, "%s: kith_names.npy: the name of node %" PRId64 " is damaged",
                   zip->path, v);
        KITH_TRY(kith_i_names_add(names, text + at, end - at - 1, &id, err));
        KITH_CHECK(id == v, KITH_E_INPUT, "%s: kith_names.npy: nodes %" PRId64 " and %" PRId64
                   " have one name, '%s' (expected one for each)", zip->path, id, v, text + at);
        at = end;
    }

done:
    return status;
}

/* Checksums of the names, when they are first read as a whole. */
static kith_status verify_names(void *owner, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const graph_file *file = owner;
    kith_i_zip zip = file->matrix.zip; /* whose path and poll were those of the opening */

    zip.path = file->path;
    zip.poll = poll;
    KITH_TRY(kith_i_zip_verify(&zip, &file->name_offsets.member, err));
    KITH_TRY(kith_i_zip_verify(&zip, &file->name_block.member, err));

done:
    return status;
}

/* Names that are used where they lie. */
static kith_status borrow_names(graph_file *file, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t length = (int64_t)strlen(file->matrix.zip.path) + 32;

    KITH_TRY(kith_i_copy_text(&file->path, file->matrix.zip.path, err));
    KITH_TRY(kith_i_alloc(&file->where, length, 1, err));
    snprintf(file->where, (size_t)length, "%s: kith_names.npy", file->path);
    const kith_i_names_file names = {
        .count = file->matrix.rows,
        .offsets = file->name_offsets.data,
        .block = file->name_block.data,
        .size = file->name_block.count,
        .where = file->where,
        .verify = verify_names,
        .release = file_free,
        .owner = file,
    };
    KITH_TRY(kith_i_names_borrow(&names, out, err));
    atomic_fetch_add_explicit(&file->references, 1, memory_order_relaxed);

done:
    return status;
}

/* Names that have to be decompressed, or whose file is not mapped. */
static kith_status load_names(const graph_file *file, kith_i_npy *offsets, kith_i_npy *block,
                              kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_zip *zip = &file->matrix.zip;
    kith_i_names *names = NULL;

    KITH_TRY(kith_i_npy_load(zip, block, err));
    KITH_TRY(kith_i_npy_load(zip, offsets, err));
    KITH_TRY(kith_i_names_new(&names, err));
    KITH_TRY(add_names(zip, offsets, block, names, err));
    *out = names;
    names = NULL;

done:
    kith_i_names_free(names);
    return status;
}

/* The names of nodes; *out stays NULL without. */
static kith_status read_names(graph_file *file, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_zip *zip = &file->matrix.zip;
    kith_i_npy offsets = { 0 }, block = { 0 };

    KITH_TRY(kith_i_npy_open(zip, "kith_names.npy", &block, err));
    if (!block.member.name) goto done;
    KITH_TRY(kith_i_npy_require(zip, &block, "kith_names.npy", "u", -1, err));
    KITH_CHECK(block.width == 1, KITH_E_INPUT, "%s: kith_names.npy: has elements of type 'u%d' "
               "(expected u1)", zip->path, block.width);
    KITH_TRY(kith_i_npy_open(zip, "kith_name_offsets.npy", &offsets, err));
    KITH_TRY(kith_i_npy_require(zip, &offsets, "kith_name_offsets.npy", "i", file->matrix.rows + 1,
                                err));
    if (file->matrix.bytes.mapped && offsets.width == 8 && kith_i_npy_map(&offsets) &&
        kith_i_npy_map(&block)) {
        file->name_offsets = offsets;
        file->name_block = block;
        KITH_TRY(borrow_names(file, out, err));
    } else {
        KITH_TRY(load_names(file, &offsets, &block, out, err));
    }

done:
    kith_i_npy_clear(&offsets);
    kith_i_npy_clear(&block);
    return status;
}

/* ---- 1. Map ---- */

static bool can_map(graph_file *file, const kith_graph_options *o)
{
    kith_i_npz_matrix *m = &file->matrix;

    if (!file->ours || file->loops < 0 || m->layout != KITH_I_NPZ_CSR) return false;
    if (o->loops != KITH_LOOPS_KEEP || o->signed_weights) return false;
    if (file->directed && o->direction == KITH_UNDIRECTED) return false;
    if (kith_i_npy_type(&m->offsets) != KITH_I64 || kith_i_npy_type(&m->column_ids) != KITH_I32)
        return false;
    if (!kith_i_npy_map(&m->offsets) || !kith_i_npy_map(&m->column_ids)) return false;
    if (file->unweighted || o->ignore_weights) return true;
    return m->values.kind == 'f' && kith_i_npy_map(&m->values);
}

/* The graph takes over *file on success. */
static kith_status map_graph(graph_file **file, const kith_graph_options *o, kith_i_names *names,
                             kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_npz_matrix *m = &(*file)->matrix;
    const int64_t *offsets = m->offsets.data, loops = (*file)->loops;
    const bool weighted = !(*file)->unweighted && !o->ignore_weights;
    const kith_i_arrays arrays = {
        .nodes = m->rows,
        .offsets = offsets,
        .targets = m->column_ids.data,
        .weights32 = weighted && m->values.width == 4 ? m->values.data : NULL,
        .weights64 = weighted && m->values.width == 8 ? m->values.data : NULL,
        .directed = o->direction == KITH_DIRECTED,
        .unchecked = true,
        .mapped = m->bytes.mapped ? m->bytes.at : NULL,
        .file = m->bytes.fd,
        .loops = loops,
        .total_weight = (*file)->total_known ? &(*file)->total : NULL,
        .names = names,
        .release = file_free,
        .owner = *file,
    };

    KITH_CHECK(offsets[0] == 0 && offsets[m->rows] == m->entries, KITH_E_INPUT,
               "%s: indptr.npy: runs from %" PRId64 " to %" PRId64 " (expected 0 to %" PRId64 ")",
               m->zip.path, offsets[0], offsets[m->rows], m->entries);
    KITH_CHECK(loops <= m->rows && loops <= m->entries &&
                   ((*file)->directed || (m->entries - loops) % 2 == 0),
               KITH_E_INPUT, "%s: kith_loops.npy: is %" PRId64 " (it cannot be with %" PRId64
               " rows and %" PRId64 " entries)", m->zip.path, loops, m->rows, m->entries);
    KITH_CHECK(!(*file)->total_known || isfinite((*file)->total), KITH_E_INPUT,
               "%s: kith_total_weight.npy: is %g (expected a finite number)", m->zip.path,
               (*file)->total);
    kith_i_bytes_scattered(&m->bytes, kith_i_bytes_vast(&m->bytes)); /* the headers are read */
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    *file = NULL;

done:
    return status;
}

/* ---- 2. Borrow ---- */

static kith_status borrow_graph(graph_file **file, const kith_graph_options *o,
                                kith_i_names *names, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npz_matrix *m = &(*file)->matrix;
    const char *path = m->zip.path; /* the graph may release the file at once */

    KITH_TRY(kith_i_npz_matrix_conform(m, err));
    const kith_csr csr = {
        .nodes = m->rows,
        .offsets = m->offsets.data,
        .offset_type = KITH_I64,
        .targets = m->column_ids.data,
        .target_type = kith_i_npy_type(&m->column_ids),
        .weights = (*file)->unweighted ? NULL : m->values.data,
        .weight_type = kith_i_npy_type(&m->values),
        .release = file_free,
        .owner = *file,
    };
    KITH_TRY(kith_i_in_file(path, kith_graph_from_csr(&csr, o, out, err), err));
    *file = NULL; /* the graph has it, or has released it */
    (*out)->names = kith_i_names_share(names);

done:
    return status;
}

/* ---- 3. Build ---- */

static kith_status build_graph(graph_file **file, const kith_graph_options *o, kith_i_poll *poll,
                               kith_i_names *names, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *path = (*file)->matrix.zip.path;
    kith_i_matrix entries;

    KITH_TRY(kith_i_npz_matrix_entries(&(*file)->matrix, (*file)->unweighted, o, &entries, err));
    file_free(*file);
    *file = NULL;
    kith_i_edges edges = { .nodes = entries.rows, .count = entries.count,
                           .sources = entries.row_ids, .targets = entries.column_ids,
                           .weights = entries.values, .matrix = true };
    KITH_TRY(kith_i_in_file(path, kith_i_graph_build(&edges, o, poll, names, out, err), err));

done:
    return status;
}

kith_status kith_i_npz_graph_read(kith_i_input *input, const kith_read_options *options,
                                  kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    graph_file *file = NULL;
    kith_i_names *names = NULL;

    *out = NULL;
    KITH_TRY(open_file(input, options, &file, err));
    const kith_graph_options o = merge_options(file, options);
    KITH_TRY(read_names(file, &names, err));
    if (can_map(file, &o)) {
        KITH_TRY(map_graph(&file, &o, names, out, err));
        goto done;
    }
    kith_i_bytes_scattered(&file->matrix.bytes, false);
    KITH_TRY(kith_i_npz_matrix_load(&file->matrix, err));
    if (file->matrix.layout == KITH_I_NPZ_CSR)
        status = borrow_graph(&file, &o, names, out, err);
    else
        status = build_graph(&file, &o, poll, names, out, err);

done:
    file_free(file);
    kith_i_names_free(names);
    return status;
}

/* ---- Writing ---- */

static void fill_ones(const void *from, int64_t first, int64_t count, void *out)
{
    (void)from;
    (void)first;
    memset(out, 1, (size_t)count);
}

static void fill_wide_ids(const void *from, int64_t first, int64_t count, void *out)
{
    const uint32_t *ids = from;
    int64_t *wide = out;

    for (int64_t i = 0; i < count; i++) wide[i] = ids[first + i];
}

/* Names lie behind one another, so their places are their offsets. */
static int64_t name_offset(const kith_i_names *names, int64_t v)
{
    const char *last = kith_i_names_text(names, kith_i_names_count(names) - 1);
    const char *text = v < kith_i_names_count(names) ? kith_i_names_text(names, v)
                                                     : last + strlen(last) + 1;

    return text - kith_i_names_text(names, 0);
}

static void fill_name_offsets(const void *from, int64_t first, int64_t count, void *out)
{
    for (int64_t i = 0; i < count; i++) ((int64_t *)out)[i] = name_offset(from, first + i);
}

static kith_status write_names(kith_i_zip_writer *writer, const kith_i_names *names,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = kith_i_names_count(names);
    const kith_i_npy_source offsets = { .name = "kith_name_offsets.npy", .descr = "<i8", .width = 8,
                                        .count = count + 1, .fill = fill_name_offsets,
                                        .from = names };
    const kith_i_npy_source block = { .name = "kith_names.npy", .descr = "|u1", .width = 1,
                                      .count = name_offset(names, count),
                                      .data = kith_i_names_text(names, 0) };

    KITH_TRY(kith_i_npy_write(writer, &offsets, err));
    KITH_TRY(kith_i_npy_write(writer, &block, err));

done:
    return status;
}

/* SciPy's ids are signed: in 32 bits while those count the nodes, else in 64. */
static kith_i_npy_source ids_of(const kith_graph *g)
{
    kith_i_npy_source source = { .name = "indices.npy", .descr = "<i4", .width = 4,
                                 .count = g->entries, .data = g->targets };

    if (g->nodes > INT32_MAX)
        source = (kith_i_npy_source){ .name = "indices.npy", .descr = "<i8", .width = 8,
                                      .count = g->entries, .fill = fill_wide_ids,
                                      .from = g->targets };
    return source;
}

/* The weights as they are kept; ones of a byte when there are none. */
static kith_i_npy_source weights_of(const kith_graph *g)
{
    kith_i_npy_source source = { .name = "data.npy", .descr = "|i1", .width = 1,
                                 .count = g->entries, .fill = fill_ones };

    if (g->weights32)
        source = (kith_i_npy_source){ .name = "data.npy", .descr = "<f4", .width = 4,
                                      .count = g->entries, .data = g->weights32 };
    if (g->weights64)
        source = (kith_i_npy_source){ .name = "data.npy", .descr = "<f8", .width = 8,
                                      .count = g->entries, .data = g->weights64 };
    return source;
}

kith_status kith_i_npz_graph_write(const kith_graph *g, kith_output *output, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_zip_writer writer = { .output = output };
    const bool unweighted = !kith_graph_weighted(g);

    const int64_t shape[] = { g->nodes, g->nodes }, loops = kith_graph_loops(g);
    double total;

    KITH_TRY(kith_graph_total_weight(g, NULL, &total, err));
    const kith_i_npy_source sources[] = {
        { .name = "format.npy", .descr = "|S3", .width = 3, .count = 1, .scalar = true,
          .data = "csr" },
        { .name = "shape.npy", .descr = "<i8", .width = 8, .count = 2, .data = shape },
        { .name = "kith_directed.npy", .descr = "|b1", .width = 1, .count = 1, .scalar = true,
          .data = &g->directed },
        { .name = "kith_unweighted.npy", .descr = "|b1", .width = 1, .count = 1, .scalar = true,
          .data = &unweighted },
        { .name = "kith_loops.npy", .descr = "<i8", .width = 8, .count = 1, .scalar = true,
          .data = &loops },
        { .name = "kith_total_weight.npy", .descr = "<f8", .width = 8, .count = 1, .scalar = true,
          .data = &total },
        { .name = "indptr.npy", .descr = "<i8", .width = 8, .count = g->nodes + 1,
          .data = g->offsets },
        ids_of(g),
        weights_of(g),
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        KITH_TRY(kith_i_npy_write(&writer, &sources[i], err));
    if (g->names && g->nodes) KITH_TRY(write_names(&writer, g->names, err));
    KITH_TRY(kith_i_zip_finish(&writer, err));

done:
    kith_i_zip_writer_clear(&writer);
    return status;
}
