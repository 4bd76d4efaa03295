/* NumPy arrays as members of a zip archive, or as files: the .npy format, versions 1 to 3, of up to
 * two dimensions, little-endian.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#ifndef KITH_IO_NPY_H
#define KITH_IO_NPY_H

#include "kith/graph.h"

#include "io/zip.h"

typedef struct kith_i_npy {
    kith_i_zip_member member; /* its name is NULL when the archive has no such array */
    char        kind;         /* 'b', 'i', 'u', 'f', 'S' or 'U', as NumPy has it */
    int         width;        /* bytes of an element */
    bool        fortran;      /* columns first */
    int         dimensions;
    int64_t     shape[2];
    int64_t     count; /* elements */
    int64_t     start; /* of the elements in the member */
    const void *data;  /* the elements, once they are mapped or loaded */
    void       *memory; /* what is ours of them */
} kith_i_npy;

/** Reads the header of an array and checks it against the size of its member. `name` ("data.npy")
 *  is borrowed. Nothing of the array's size is allocated. */
kith_status kith_i_npy_open(const kith_i_zip *zip, const char *name, kith_i_npy *array,
                            kith_error *err);

/** The same for an array that is the whole of zip->bytes. */
kith_status kith_i_npy_open_file(const kith_i_zip *zip, kith_i_npy *array, kith_error *err);

/** Fails unless the array is there, one-dimensional, with `count` elements (-1: any number) of one
 *  of the kinds ("iu"). */
kith_status kith_i_npy_require(const kith_i_zip *zip, const kith_i_npy *array, const char *name,
                               const char *kinds, int64_t count, kith_error *err);

/** Points array->data into the archive when it is stored uncompressed and aligned; reads nothing.
 *  Whether it could. */
bool kith_i_npy_map(kith_i_npy *array);

/** The elements into memory, unless the archive's own can be used; checksums are compared either
 *  way. */
kith_status kith_i_npy_load(const kith_i_zip *zip, kith_i_npy *array, kith_error *err);
void        kith_i_npy_clear(kith_i_npy *array);

/** The type that kith_csr has for the elements, KITH_NONE when it has none. */
kith_type kith_i_npy_type(const kith_i_npy *array);

/** Elements first .. first + count - 1 of a loaded array, of integers or of any numbers. Integers
 *  above INT64_MAX become INT64_MAX. */
void kith_i_npy_integers(const kith_i_npy *array, int64_t first, int64_t count, int64_t *out);
void kith_i_npy_doubles(const kith_i_npy *array, int64_t first, int64_t count, double *out);

/** Makes int64 ('i') or double ('f') elements, in memory of our own, of a loaded array of integers,
 *  or of any numbers. */
kith_status kith_i_npy_widen(kith_i_npy *array, char kind, kith_error *err);

/** What an array is written from: elements as they lie, or those that `fill` gives, first .. first
 *  + count - 1 at a time and each of them twice. */
typedef struct kith_i_npy_source {
    const char *name;  /* "data.npy" */
    const char *descr; /* "<f8" */
    int         width;
    int64_t     count;
    int64_t     rows;   /* of a matrix of count / rows columns, row-major; 0: a vector */
    bool        scalar; /* an array of no dimensions */
    const void *data;   /* NULL: fill gives them */
    void (*fill)(const void *from, int64_t first, int64_t count, void *out);
    const void *from;
} kith_i_npy_source;

/** Writes an array as a member, or as the whole of a file. */
kith_status kith_i_npy_write(kith_i_zip_writer *writer, const kith_i_npy_source *source,
                             kith_error *err);
kith_status kith_i_npy_write_file(kith_output *output, const kith_i_npy_source *source,
                                  kith_error *err);

#endif
