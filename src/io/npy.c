/* Reading and writing of NumPy arrays in a zip archive. */
#include "io/npy.h"

#include "io/bytes.h"
#include "io/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are mapped as they lie");

enum {
    PRELUDE = 8,       /* magic string and version */
    MAX_HEADER = 4096, /* NumPy writes 118 */
    CHUNK = 1 << 16
};

static const char magic[] = "\x93NUMPY";

/* ---- The header: a Python dictionary ---- */

typedef struct parser {
    const char *at; /* zero-terminated */
    kith_i_npy *array;
} parser;

static void skip_space(parser *p)
{
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t') p->at++;
}

/* Takes the text when it comes next. */
static bool take(parser *p, const char *text)
{
    const size_t length = strlen(text);

    skip_space(p);
    if (strncmp(p->at, text, length)) return false;
    p->at += length;
    return true;
}

/* A string of printable characters in either kind of quotes, without escapes. */
static bool take_string(parser *p, char *out, size_t size)
{
    size_t length = 0;
    char   quote;

    skip_space(p);
    quote = *p->at;
    if (quote != '\'' && quote != '"') return false;
    for (p->at++; *p->at != quote; p->at++) {
        if (*p->at < ' ' || *p->at > '~' || *p->at == '\\' || length + 1 == size) return false;
        out[length++] = *p->at;
    }
    p->at++;
    out[length] = '\0';
    return true;
}

static bool take_bool(parser *p, bool *out)
{
    *out = take(p, "True");
    return *out || take(p, "False");
}

/* An element type: byte order, kind, width. The width stays 0 for those that are not read. */
static bool parse_descr(const char *descr, kith_i_npy *array)
{
    const char kind = descr[0] ? descr[1] : '\0';
    char *end;
    long  width;
    bool  known;

    if (descr[0] != '<' && descr[0] != '|' && descr[0] != '=') return false;
    if (!kind || descr[2] < '0' || descr[2] > '9' || strlen(descr) > 6) return false;
    width = strtol(descr + 2, &end, 10);
    switch (kind) {
    case 'b': known = width == 1; break;
    case 'i':
    case 'u': known = width == 1 || width == 2 || width == 4 || width == 8; break;
    case 'f': known = width == 4 || width == 8; break;
    case 'S':
    case 'U': known = width >= 1; break;
    default: known = false;
    }
    if (*end || !known) return false;
    array->kind = kind;
    array->width = (int)(kind == 'U' ? 4 * width : width);
    return true;
}

/* "(3, 2)", "(3,)" or "()"; leaves the product in array->count. False for more than two. */
static bool take_shape(parser *p, kith_i_npy *array)
{
    if (!take(p, "(")) return false;
    array->dimensions = 0;
    array->count = 1;
    while (!take(p, ")")) {
        int64_t extent = 0;

        if (*p->at < '0' || *p->at > '9' || array->dimensions == 2) return false;
        for (; *p->at >= '0' && *p->at <= '9'; p->at++)
            if (__builtin_mul_overflow(extent, 10, &extent) ||
                __builtin_add_overflow(extent, *p->at - '0', &extent))
                return false;
        array->shape[array->dimensions++] = extent;
        if (__builtin_mul_overflow(array->count, extent, &array->count)) return false;
        if (!take(p, ",")) {
            if (!take(p, ")")) return false;
            break;
        }
    }
    return true;
}

/* Fills the array's type, order and shape. `descr` holds the type's name once it is known. */
static bool parse_header(const char *header, kith_i_npy *array, char *descr, size_t size)
{
    parser p = { header, array };
    bool   known = false, shaped = false;

    if (!take(&p, "{")) return false;
    while (!take(&p, "}")) {
        char key[16];

        if (!take_string(&p, key, sizeof key) || !take(&p, ":")) return false;
        if (!strcmp(key, "descr")) {
            if (!take_string(&p, descr, size)) *descr = '\0';
            if (!parse_descr(descr, array)) return false;
            known = true;
        } else if (!strcmp(key, "fortran_order")) {
            if (!take_bool(&p, &array->fortran)) return false;
        } else if (!strcmp(key, "shape")) {
            if (!take_shape(&p, array)) return false;
            shaped = true;
        } else {
            return false;
        }
        if (!take(&p, ",") && *p.at != '}') return false;
    }
    return known && shaped;
}

/* ---- Reading ---- */

/* The text of the header, zero-terminated; array->start is where it ends. */
static kith_status read_header(const kith_i_zip *zip, kith_i_zip_reader *reader, kith_i_npy *array,
                               char text[MAX_HEADER + 1], kith_error *err)
{
    kith_status status = KITH_OK;
    const char *name = array->member.name;
    uint8_t prelude[PRELUDE + 4];
    int     width; /* of the length */
    int64_t length;

    KITH_TRY(kith_i_zip_read(reader, prelude, PRELUDE, err));
    if (memcmp(prelude, magic, sizeof magic - 1) || prelude[6] < 1 || prelude[6] > 3)
        return kith_i_zip_fail(zip, name, err, "is no NumPy array of format version 1 to 3");
    width = prelude[6] == 1 ? 2 : 4;
    KITH_TRY(kith_i_zip_read(reader, prelude + PRELUDE, width, err));
    length = (int64_t)kith_i_get(prelude + PRELUDE, width);
    if (length > MAX_HEADER)
        return kith_i_zip_fail(zip, name, err, "has a header of %" PRId64 " bytes (expected at "
                               "most %d)", length, MAX_HEADER);
    KITH_TRY(kith_i_zip_read(reader, text, length, err));
    text[length] = '\0';
    array->start = PRELUDE + width + length;

done:
    return status;
}

static kith_status refuse_header(const kith_i_zip *zip, const kith_i_npy *array, const char *descr,
                                 kith_error *err)
{
    if (*descr && !array->width)
        return kith_i_zip_fail(zip, array->member.name, err, "has elements of type '%s' (expected "
                               "little-endian numbers of at most 64 bits)", descr);
    return kith_i_zip_fail(zip, array->member.name, err, "has a header that is not understood "
                           "(expected descr, fortran_order and a shape of at most two dimensions)");
}

/* Fills what array->member's header says. */
static kith_status open_member(const kith_i_zip *zip, kith_i_npy *array, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_zip_reader reader = { 0 };
    const char *name = array->member.name;
    char    text[MAX_HEADER + 1], descr[16] = "";
    int64_t holds;

    KITH_TRY(kith_i_zip_reader_open(&reader, zip, &array->member, err));
    KITH_TRY(read_header(zip, &reader, array, text, err));
    if (!parse_header(text, array, descr, sizeof descr)) {
        status = refuse_header(zip, array, descr, err);
        goto done;
    }
    holds = (array->member.size - array->start) / array->width;
    if (holds != array->count || (array->member.size - array->start) % array->width)
        status = kith_i_zip_fail(zip, name, err, "holds %" PRId64 " entries (its shape says "
                                 "%" PRId64 ")", holds, array->count);

done:
    kith_i_zip_reader_close(&reader);
    return status;
}

kith_status kith_i_npy_open(const kith_i_zip *zip, const char *name, kith_i_npy *array,
                            kith_error *err)
{
    const kith_status status = kith_i_zip_find(zip, name, &array->member, err);

    *array = (kith_i_npy){ .member = array->member };
    return status == KITH_OK && array->member.name ? open_member(zip, array, err) : status;
}

kith_status kith_i_npy_open_file(const kith_i_zip *zip, kith_i_npy *array, kith_error *err)
{
    *array = (kith_i_npy){ .member = { .name = "", .packed = zip->bytes, .packed_size = zip->size,
                                       .size = zip->size } };
    return open_member(zip, array, err);
}

kith_status kith_i_npy_require(const kith_i_zip *zip, const kith_i_npy *array, const char *name,
                               const char *kinds, int64_t count, kith_error *err)
{
    if (!array->member.name)
        return kith_i_fail(err, KITH_E_INPUT, "%s: has no %s (expected a matrix as "
                           "scipy.sparse.save_npz writes it)", zip->path, name);
    if (!strchr(kinds, array->kind))
        return kith_i_zip_fail(zip, name, err, "has elements of type '%c%d' (expected %s)",
                               array->kind, array->width,
                               strchr(kinds, 'f') ? "numbers" : "integers");
    if (array->dimensions != 1)
        return kith_i_zip_fail(zip, name, err, "has %d dimensions (expected 1)", array->dimensions);
    if (count >= 0 && array->count != count)
        return kith_i_zip_fail(zip, name, err, "holds %" PRId64 " entries (expected %" PRId64 ")",
                               array->count, count);
    return KITH_OK;
}

bool kith_i_npy_map(kith_i_npy *array)
{
    const uint8_t *data = array->member.packed + array->start;
    const int unit = array->kind == 'S' ? 1 : array->kind == 'U' ? 4 : array->width;

    if (array->member.deflated || (uintptr_t)data % (uintptr_t)unit) return false;
    array->data = data;
    return true;
}

kith_status kith_i_npy_load(const kith_i_zip *zip, kith_i_npy *array, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_zip_reader reader = { 0 };
    uint8_t header[MAX_HEADER + PRELUDE + 4];

    if (kith_i_npy_map(array)) return kith_i_zip_verify(zip, &array->member, err);
    KITH_TRY(kith_i_memory_require((double)array->member.size, zip->path, err));
    KITH_TRY(kith_i_alloc(&array->memory, array->count, (size_t)array->width, err));
    KITH_TRY(kith_i_zip_reader_open(&reader, zip, &array->member, err));
    KITH_TRY(kith_i_zip_read(&reader, header, array->start, err));
    KITH_TRY(kith_i_zip_read(&reader, array->memory, array->count * array->width, err));
    array->data = array->memory;

done:
    kith_i_zip_reader_close(&reader);
    return status;
}

void kith_i_npy_clear(kith_i_npy *array)
{
    kith_i_free(array->memory);
    *array = (kith_i_npy){ 0 };
}

kith_type kith_i_npy_type(const kith_i_npy *array)
{
    const bool four = array->width == 4, eight = array->width == 8;

    switch (array->kind) {
    case 'b': return KITH_I8;
    case 'f': return four ? KITH_F32 : KITH_F64;
    case 'u': return four ? KITH_U32 : KITH_NONE;
    case 'i': return array->width == 1 ? KITH_I8 : four ? KITH_I32 : eight ? KITH_I64 : KITH_NONE;
    default: return KITH_NONE;
    }
}

/* Converts elements of one type to that of `out`. */
#define CONVERT(type)                                                                              \
    do {                                                                                           \
        const type *from = (const type *)array->data + first;                                      \
        for (int64_t i = 0; i < count; i++) out[i] = (__typeof__(*out))from[i];                    \
    } while (0)

#define CONVERT_INTEGERS(sign)                                                                     \
    do {                                                                                           \
        switch (array->width) {                                                                    \
        case 1: CONVERT(sign##int8_t); break;                                                      \
        case 2: CONVERT(sign##int16_t); break;                                                     \
        case 4: CONVERT(sign##int32_t); break;                                                     \
        default: CONVERT(sign##int64_t); break;                                                    \
        }                                                                                          \
    } while (0)

void kith_i_npy_integers(const kith_i_npy *array, int64_t first, int64_t count, int64_t *out)
{
    if (array->kind == 'i') CONVERT_INTEGERS();
    else CONVERT_INTEGERS(u);
    if (array->kind == 'u' && array->width == 8)
        for (int64_t i = 0; i < count; i++)
            if (out[i] < 0) out[i] = INT64_MAX;
}

void kith_i_npy_doubles(const kith_i_npy *array, int64_t first, int64_t count, double *out)
{
    if (array->kind == 'f') {
        if (array->width == 4) CONVERT(float);
        else CONVERT(double);
    } else if (array->kind == 'i') {
        CONVERT_INTEGERS();
    } else {
        CONVERT_INTEGERS(u);
    }
}

kith_status kith_i_npy_widen(kith_i_npy *array, char kind, kith_error *err)
{
    kith_status status = KITH_OK;
    void *wide = NULL;

    KITH_TRY(kith_i_alloc(&wide, array->count, 8, err));
    if (kind == 'i') kith_i_npy_integers(array, 0, array->count, wide);
    else kith_i_npy_doubles(array, 0, array->count, wide);
    kith_i_free(array->memory);
    array->memory = wide;
    array->data = wide;
    array->kind = kind;
    array->width = 8;

done:
    return status;
}

/* ---- Writing ---- */

/* The header, padded so that the elements start at a multiple of 64 bytes of the member. */
static int64_t make_header(const kith_i_npy_source *source, uint8_t out[2 * KITH_I_ZIP_ALIGNMENT])
{
    enum { SIZE = 2 * KITH_I_ZIP_ALIGNMENT };
    char shape[48] = "()", text[SIZE - PRELUDE - 2];

    if (source->rows)
        snprintf(shape, sizeof shape, "(%" PRId64 ", %" PRId64 ")", source->rows,
                 source->count / source->rows);
    else if (!source->scalar) snprintf(shape, sizeof shape, "(%" PRId64 ",)", source->count);
    memcpy(out, magic, sizeof magic - 1);
    out[6] = 1;
    out[7] = 0;
    kith_i_put(out + PRELUDE, 2, SIZE - PRELUDE - 2);
    memset(out + PRELUDE + 2, ' ', SIZE - PRELUDE - 2);
    const int length = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, "
                                "'shape': %s, }", source->descr, shape);
    memcpy(out + PRELUDE + 2, text, (size_t)length);
    out[SIZE - 1] = '\n';
    return SIZE;
}

/* A stretch of elements as they are written, made in the buffer when they do not lie ready. */
static const uint8_t *elements(const kith_i_npy_source *source, int64_t first, int64_t count,
                               uint8_t *buffer)
{
    if (source->data) return (const uint8_t *)source->data + first * source->width;
    source->fill(source->from, first, count, buffer);
    return buffer;
}

kith_status kith_i_npy_write(kith_i_zip_writer *writer, const kith_i_npy_source *source,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t chunk = CHUNK / source->width, n = source->count;
    uint8_t  header[2 * KITH_I_ZIP_ALIGNMENT];
    uint8_t *buffer = NULL;
    int64_t  size = make_header(source, header);
    uLong    crc = crc32(crc32(0, NULL, 0), header, (uInt)size);

    KITH_TRY(kith_i_alloc(&buffer, CHUNK, 1, err));
    for (int64_t i = 0; i < n; i += chunk) { /* the checksum stands before the elements */
        const int64_t count = n - i < chunk ? n - i : chunk;
        KITH_TRY(kith_i_output_poll(writer->output, err));
        crc = crc32(crc, elements(source, i, count, buffer), (uInt)(count * source->width));
    }
    KITH_TRY(kith_i_zip_begin(writer, source->name, size + n * source->width, (uint32_t)crc, err));
    KITH_TRY(kith_i_zip_write(writer, header, size, err));
    for (int64_t i = 0; i < n; i += chunk) {
        const int64_t count = n - i < chunk ? n - i : chunk;
        KITH_TRY(kith_i_zip_write(writer, elements(source, i, count, buffer), count * source->width,
                                  err));
    }

done:
    kith_i_free(buffer);
    return status;
}

kith_status kith_i_npy_write_file(kith_output *output, const kith_i_npy_source *source,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t chunk = CHUNK / source->width, n = source->count;
    uint8_t  header[2 * KITH_I_ZIP_ALIGNMENT];
    uint8_t *buffer = NULL;

    KITH_TRY(kith_i_alloc(&buffer, CHUNK, 1, err));
    KITH_TRY(kith_output_write(output, header, (size_t)make_header(source, header), err));
    for (int64_t i = 0; i < n; i += chunk) {
        const int64_t count = n - i < chunk ? n - i : chunk;
        output->fraction = (double)i / (double)n;
        KITH_TRY(kith_output_write(output, elements(source, i, count, buffer),
                                   (size_t)(count * source->width), err));
    }

done:
    kith_i_free(buffer);
    return status;
}
