/* NumPy arrays: headers of every kind, elements of every type, and what is refused. */
#include "support/archive.h"
#include "support/files.h"

#include "io/npy.h"

static kith_i_poll poll; /* neither progress nor limit */

static int prepare(void **state)
{
    kith_i_poll_start(&poll, NULL);
    return test_folder_make(state);
}

static kith_i_zip opened(const test_archive *a)
{
    kith_i_zip zip;
    kith_error err = { 0 };

    assert_kith(kith_i_zip_open(&zip, "a.npz", a->bytes, a->size, &poll, &err), err);
    return zip;
}

/* A member that begins with a header of that version and text, and `size` bytes of elements. */
static test_archive with_header(int version, const char *text, const void *elements, int64_t size)
{
    const int64_t length = (int64_t)strlen(text), start = version == 1 ? 10 : 12;
    uint8_t *bytes = calloc(1, (size_t)(start + length + size) + 1);
    test_archive a = { 0 };

    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (uint8_t)version;
    test_patch(bytes, 8, version == 1 ? 2 : 4, (uint64_t)length);
    memcpy(bytes + start, text, (size_t)length);
    if (elements) memcpy(bytes + start + length, elements, (size_t)size);
    test_archive_add(&a, "x.npy", bytes, start + length + size, TEST_STORED);
    test_archive_finish(&a, false);
    free(bytes);
    return a;
}

/* ---- Headers ---- */

static void reads_headers_as_numpy_has_written_them(void **state)
{
    static const struct {
        int         version;
        const char *text;
        char        kind;
        int         width, dimensions;
        int64_t     rows, columns, size;
        bool        fortran;
    } cases[] = {
        { 1, "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }   \n", 'i', 4, 1, 3, 0, 12,
          false },
        { 2, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", 'f', 8, 2, 2, 3, 48,
          false },
        { 3, "{'descr': '|b1', 'fortran_order': True, 'shape': (2, 3), }\n", 'b', 1, 2, 2, 3, 6,
          true },
        { 1, "{'descr': '|S3', 'fortran_order': False, 'shape': (), }\n", 'S', 3, 0, 0, 0, 3,
          false },
        { 1, "{'descr': '<U3', 'fortran_order': False, 'shape': (), }\n", 'U', 12, 0, 0, 0, 12,
          false },
        { 1, "{\"shape\":(0,),\"fortran_order\":False,\"descr\":\"=u2\"}", 'u', 2, 1, 0, 0, 0,
          false },
        { 1, "{ 'shape' : ( 5 ) , 'descr' : '|u1' , }", 'u', 1, 1, 5, 0, 5, false },
        { 1, "{'descr': '<i8', 'shape': (0, 4611686018427387904)}", 'i', 8, 2, 0,
          INT64_C(4611686018427387904), 0, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_archive a = with_header(cases[i].version, cases[i].text, NULL, cases[i].size);
        const kith_i_zip zip = opened(&a);
        kith_i_npy array;
        kith_error err = { 0 };

        assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
        assert_int_equal(array.kind, cases[i].kind);
        assert_int_equal(array.width, cases[i].width);
        assert_int_equal(array.dimensions, cases[i].dimensions);
        if (array.dimensions > 0) assert_int_equal(array.shape[0], cases[i].rows);
        if (array.dimensions > 1) assert_int_equal(array.shape[1], cases[i].columns);
        assert_int_equal(array.fortran, cases[i].fortran);
        assert_int_equal(array.count * array.width, cases[i].size);
        test_archive_clear(&a);
    }
}

static void says_what_is_wrong_with_a_header(void **state)
{
    static const struct {
        int         version;
        const char *text, *message;
    } cases[] = {
        { 1, "{'descr': '>i4', 'shape': (1,)}", "has elements of type '>i4'" },
        { 1, "{'descr': '|O', 'shape': (1,)}", "has elements of type '|O'" },
        { 1, "{'descr': '<c16', 'shape': (1,)}", "has elements of type '<c16'" },
        { 1, "{'descr': '<f2', 'shape': (1,)}", "has elements of type '<f2'" },
        { 1, "{'descr': '<f16', 'shape': (1,)}", "has elements of type '<f16'" },
        { 1, "{'descr': '<i3', 'shape': (1,)}", "has elements of type '<i3'" },
        { 1, "{'descr': '|b2', 'shape': (1,)}", "has elements of type '|b2'" },
        { 1, "{'descr': '|S0', 'shape': (1,)}", "has elements of type '|S0'" },
        { 1, "{'descr': '<U0', 'shape': (1,)}", "has elements of type '<U0'" },
        { 1, "{'descr': '<i4x', 'shape': (1,)}", "has elements of type '<i4x'" },
        { 1, "{'descr': '<S99999', 'shape': (1,)}", "has elements of type '<S99999'" },
        { 1, "{'descr': 'i4', 'shape': (1,)}", "has elements of type 'i4'" },
        { 1, "{'descr': '<', 'shape': (1,)}", "has elements of type '<'" },
        { 1, "{'descr': [('a', '<i4')], 'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<a description that is too long', 'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<i\\'4', 'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (1, 2, 3)}", "at most two dimensions" },
        { 1, "{'descr': '<i4', 'shape': (-1,)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (1,", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (1 2)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': 1}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (9223372036854775808,)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (99999999999999999999999,)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (4294967296, 4294967296)}", "is not understood" },
        { 1, "{'descr': '<i4', 'fortran_order': 0, 'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (1,), 'more': 1}", "is not understood" },
        { 1, "{'descr': '<i4', 'shape' (1,)}", "is not understood" },
        { 1, "{'descr': '<i4' 'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<i4'}", "is not understood" },
        { 1, "{'shape': (1,)}", "is not understood" },
        { 1, "{'descr': '<i4", "is not understood" },
        { 1, "{'", "is not understood" },
        { 1, "[]", "is not understood" },
        { 1, "", "is not understood" },
        { 1, "{'descr': '<i4', 'shape': (2,)}", "holds 1 entries (its shape says 2)" },
        { 1, "{'descr': '<i2', 'shape': (1,)}", "holds 2 entries (its shape says 1)" },
        { 1, "{'descr': '<i8', 'shape': (0,)}", "holds 0 entries (its shape says 0)" },
        { 4, "{'descr': '<i4', 'shape': (1,)}", "is no NumPy array of format version 1 to 3" },
    };
    kith_error err = { 0 };
    kith_i_npy array;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_archive a = with_header(cases[i].version, cases[i].text, NULL, 4);
        const kith_i_zip zip = opened(&a);
        assert_kith_fails(kith_i_npy_open(&zip, "x.npy", &array, &err), KITH_E_INPUT,
                          cases[i].message, err);
        assert_non_null(strstr(err.message, "a.npz: x.npy: "));
        test_archive_clear(&a);
    }
}

static void refuses_a_header_of_a_length_that_numpy_does_not_write(void **state)
{
    char text[5001];
    kith_error err = { 0 };
    kith_i_npy array;

    (void)state;
    memset(text, ' ', 5000);
    text[5000] = '\0';
    test_archive a = with_header(2, text, NULL, 0);
    kith_i_zip zip = opened(&a);
    assert_kith_fails(kith_i_npy_open(&zip, "x.npy", &array, &err), KITH_E_INPUT,
                      "has a header of 5000 bytes (expected at most 4096)", err);
    test_archive_clear(&a);
}

static void a_member_too_short_for_a_header_is_refused(void **state)
{
    uint8_t bytes[128];
    int64_t size = 128;

    (void)state;
    test_archive whole = { 0 };
    test_archive_array(&whole, "x", "<i4", "(0,)", NULL, 0, TEST_STORED);
    memcpy(bytes, whole.bytes + whole.size - 128, 128);
    test_archive_clear(&whole);
    while (size-- > 0) {
        test_archive a = { 0 };
        kith_i_npy array;
        kith_error err = { 0 };
        test_archive_add(&a, "x.npy", bytes, size, TEST_STORED);
        test_archive_finish(&a, false);
        const kith_i_zip zip = opened(&a);
        assert_kith_fails(kith_i_npy_open(&zip, "x.npy", &array, &err), KITH_E_INPUT,
                          "a.npz: x.npy: ends after", err);
        test_archive_clear(&a);
    }
}

static void what_is_required_of_an_array_is_named(void **state)
{
    const int32_t elements[] = { 1, 2 };
    kith_error err = { 0 };
    kith_i_npy array;

    (void)state;
    test_archive a = { 0 };
    test_archive_array(&a, "x.npy", "<i4", "(2, 1)", elements, sizeof elements, TEST_STORED);
    test_archive_array(&a, "y.npy", "<i4", "(2,)", elements, sizeof elements, TEST_STORED);
    test_archive_finish(&a, false);
    const kith_i_zip zip = opened(&a);
    assert_kith(kith_i_npy_open(&zip, "z.npy", &array, &err), err);
    assert_kith_fails(kith_i_npy_require(&zip, &array, "z.npy", "i", -1, &err), KITH_E_INPUT,
                      "a.npz: has no z.npy", err);
    assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
    assert_kith_fails(kith_i_npy_require(&zip, &array, "x.npy", "i", -1, &err), KITH_E_INPUT,
                      "has 2 dimensions (expected 1)", err);
    assert_kith(kith_i_npy_open(&zip, "y.npy", &array, &err), err);
    assert_kith_fails(kith_i_npy_require(&zip, &array, "y.npy", "uf", -1, &err), KITH_E_INPUT,
                      "has elements of type 'i4' (expected numbers)", err);
    assert_kith_fails(kith_i_npy_require(&zip, &array, "y.npy", "u", -1, &err), KITH_E_INPUT,
                      "(expected integers)", err);
    assert_kith_fails(kith_i_npy_require(&zip, &array, "y.npy", "i", 3, &err), KITH_E_INPUT,
                      "holds 2 entries (expected 3)", err);
    assert_kith(kith_i_npy_require(&zip, &array, "y.npy", "i", 2, &err), err);
    assert_kith(kith_i_npy_require(&zip, &array, "y.npy", "iu", -1, &err), err);
    test_archive_clear(&a);
}

/* ---- Elements ---- */

/* Extreme elements of a type, and what they are as integers and as doubles. */
static const struct element_type {
    const char *name;
    int         width;
    kith_type   type;
    uint64_t    bits[3];
    int64_t     integers[3]; /* of integer types */
    double      doubles[3];
} element_types[] = {
    { "|b1", 1, KITH_I8, { 0, 1, 1 }, { 0, 1, 1 }, { 0, 1, 1 } },
    { "|i1", 1, KITH_I8, { 0x80, 0xff, 0x7f }, { -128, -1, 127 }, { -128, -1, 127 } },
    { "|u1", 1, KITH_NONE, { 0x80, 0xff, 0x7f }, { 128, 255, 127 }, { 128, 255, 127 } },
    { "<i2", 2, KITH_NONE, { 0x8000, 0xffff, 0x7fff }, { -32768, -1, 32767 },
      { -32768, -1, 32767 } },
    { "<u2", 2, KITH_NONE, { 0x8000, 0xffff, 0x7fff }, { 32768, 65535, 32767 },
      { 32768, 65535, 32767 } },
    { "<i4", 4, KITH_I32, { 0x80000000, 0xffffffff, 0x7fffffff }, { INT32_MIN, -1, INT32_MAX },
      { INT32_MIN, -1, INT32_MAX } },
    { "<u4", 4, KITH_U32, { 0x80000000, 0xffffffff, 0x7fffffff },
      { INT64_C(1) << 31, UINT32_MAX, INT32_MAX }, { 0x1p31, UINT32_MAX, INT32_MAX } },
    { "<i8", 8, KITH_I64, { UINT64_C(1) << 63, UINT64_MAX, INT64_MAX },
      { INT64_MIN, -1, INT64_MAX }, { -0x1p63, -1, 0x1p63 } },
    { "<u8", 8, KITH_NONE, { UINT64_C(1) << 63, UINT64_MAX, INT64_MAX },
      { INT64_MAX, INT64_MAX, INT64_MAX }, { 0x1p63, 0x1p64, 0x1p63 } },
    { "<f4", 4, KITH_F32, { 0x3fc00000, 0xc0000000, 0x7f7fffff }, { 0 },
      { 1.5, -2, 0x1.fffffep127 } },
    { "<f8", 8, KITH_F64, { UINT64_C(0x3ff8000000000000), UINT64_C(0xc000000000000000), 1 }, { 0 },
      { 1.5, -2, 0x1p-1074 } },
};

static test_archive of_type(const struct element_type *t, int packing)
{
    test_archive a = { 0 };
    uint8_t elements[24];

    for (int i = 0; i < 3; i++) test_patch(elements, i * t->width, t->width, t->bits[i]);
    test_archive_array(&a, "x.npy", t->name, "(3,)", elements, 3 * t->width, packing);
    test_archive_finish(&a, false);
    return a;
}

static void loads_elements_of_every_type_stored_or_deflated(void **state)
{
    static const int packings[] = { TEST_STORED, TEST_DEFLATED, TEST_SHIFTED };

    (void)state;
    for (size_t i = 0; i < sizeof element_types / sizeof *element_types; i++)
        for (int p = 0; p < 3; p++) {
            const struct element_type *t = &element_types[i];
            test_archive a = of_type(t, packings[p]);
            const kith_i_zip zip = opened(&a);
            kith_i_npy array;
            kith_error err = { 0 };
            int64_t integers[2];
            double doubles[3];

            assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
            assert_int_equal(kith_i_npy_type(&array), t->type);
            assert_kith(kith_i_npy_load(&zip, &array, &err), err);
            kith_i_npy_doubles(&array, 0, 3, doubles);
            for (int j = 0; j < 3; j++) assert_true(doubles[j] == t->doubles[j]);
            if (array.kind != 'f') {
                kith_i_npy_integers(&array, 1, 2, integers);
                for (int j = 0; j < 2; j++) assert_true(integers[j] == t->integers[j + 1]);
            }
            kith_i_npy_clear(&array);
            test_archive_clear(&a);
        }
}

static void widens_every_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof element_types / sizeof *element_types; i++)
        for (int packing = 0; packing < 2; packing++) {
            const struct element_type *t = &element_types[i];
            test_archive a = of_type(t, packing);
            const kith_i_zip zip = opened(&a);
            kith_i_npy array;
            kith_error err = { 0 };

            assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
            assert_kith(kith_i_npy_load(&zip, &array, &err), err);
            const char kind = array.kind == 'f' ? 'f' : 'i';
            assert_kith(kith_i_npy_widen(&array, kind, &err), err);
            for (int j = 0; j < 3; j++)
                assert_true(kind == 'f' ? ((const double *)array.data)[j] == t->doubles[j]
                                        : ((const int64_t *)array.data)[j] == t->integers[j]);
            assert_int_equal(kith_i_npy_type(&array), kind == 'f' ? KITH_F64 : KITH_I64);
            kith_i_npy_clear(&array);
            test_archive_clear(&a);
        }
}

static void strings_have_no_type_of_a_graph(void **state)
{
    const kith_i_npy array = { .kind = 'S', .width = 4 };

    (void)state;
    assert_int_equal(kith_i_npy_type(&array), KITH_NONE);
}

static void only_stored_and_aligned_elements_are_used_where_they_lie(void **state)
{
    static const int packings[] = { TEST_STORED, TEST_DEFLATED, TEST_SHIFTED };
    const double elements[] = { 1, 2, 3 };

    (void)state;
    for (int p = 0; p < 3; p++) {
        test_archive a = { 0 };
        kith_i_npy array;
        kith_error err = { 0 };
        test_archive_array(&a, "x.npy", "<f8", "(3,)", elements, sizeof elements, packings[p]);
        test_archive_finish(&a, false);
        const kith_i_zip zip = opened(&a);
        assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
        assert_int_equal(kith_i_npy_map(&array), p == 0);
        assert_kith(kith_i_npy_load(&zip, &array, &err), err);
        assert_int_equal(array.memory == NULL, p == 0);
        assert_memory_equal(array.data, elements, sizeof elements);
        kith_i_npy_clear(&array);
        test_archive_clear(&a);
    }
}

static void a_wrong_checksum_is_found_in_loading(void **state)
{
    static const int packings[] = { TEST_STORED, TEST_DEFLATED, TEST_SHIFTED };
    const double elements[] = { 1, 2, 3 };

    (void)state;
    for (int p = 0; p < 3; p++) {
        test_archive a = { 0 };
        kith_i_npy array;
        kith_error err = { 0 };
        test_archive_array(&a, "x.npy", "<f8", "(3,)", elements, sizeof elements, packings[p]);
        test_patch(a.directory, 16, 4, 12345);
        test_archive_finish(&a, false);
        const kith_i_zip zip = opened(&a);
        assert_kith(kith_i_npy_open(&zip, "x.npy", &array, &err), err);
        assert_kith_fails(kith_i_npy_load(&zip, &array, &err), KITH_E_INPUT, "x.npy: is damaged",
                          err);
        kith_i_npy_clear(&array);
        test_archive_clear(&a);
    }
}

static void an_array_may_be_a_file_of_its_own(void **state)
{
    const double elements[] = { 1, 2, 3 };
    test_archive a = { 0 };
    kith_error err = { 0 };
    kith_i_npy array;

    (void)state;
    test_archive_array(&a, "x.npy", "<f8", "(3, 1)", elements, sizeof elements, TEST_STORED);
    kith_i_zip zip = { .path = "x.npy", .bytes = a.bytes + a.size - 128 - 24, .size = 128 + 24,
                       .poll = &poll };
    assert_kith(kith_i_npy_open_file(&zip, &array, &err), err);
    assert_kith(kith_i_npy_load(&zip, &array, &err), err);
    assert_memory_equal(array.data, elements, sizeof elements);
    kith_i_npy_clear(&array);
    zip.size--;
    assert_kith_fails(kith_i_npy_open_file(&zip, &array, &err), KITH_E_INPUT,
                      "x.npy: holds 2 entries", err);
    test_archive_clear(&a);
}

/* ---- Writing ---- */

enum { MANY = 70000 };

static void squares(const void *from, int64_t first, int64_t count, void *out)
{
    for (int64_t i = 0; i < count; i++)
        ((int64_t *)out)[i] = (first + i) * (first + i) + *(const int64_t *)from;
}

static void what_is_written_is_read(void **state)
{
    const int64_t plus = 5;
    static float floats[MANY];
    const kith_i_npy_source sources[] = {
        { .name = "squares.npy", .descr = "<i8", .width = 8, .count = MANY, .fill = squares,
          .from = &plus },
        { .name = "floats.npy", .descr = "<f4", .width = 4, .count = MANY, .data = floats },
        { .name = "scalar.npy", .descr = "|S3", .width = 3, .count = 1, .scalar = true,
          .data = "csr" },
        { .name = "none.npy", .descr = "<f8", .width = 8, .count = 0, .data = floats },
    };
    char *path = test_path_in(*state, "a.npz");
    kith_i_zip_writer writer = { 0 };
    kith_error err = { 0 };
    int64_t size, value;
    kith_i_zip zip;

    for (int i = 0; i < MANY; i++) floats[i] = 0.5f * (float)i;
    assert_kith(kith_output_open(path, &writer.output, &err), err);
    for (int i = 0; i < 4; i++) assert_kith(kith_i_npy_write(&writer, &sources[i], &err), err);
    assert_kith(kith_i_zip_finish(&writer, &err), err);
    assert_kith(kith_output_commit(writer.output, &err), err);
    kith_i_zip_writer_clear(&writer);
    uint8_t *bytes = test_file_bytes(path, &size);
    assert_kith(kith_i_zip_open(&zip, path, bytes, size, &poll, &err), err);
    for (int i = 0; i < 4; i++) {
        kith_i_npy array;
        assert_kith(kith_i_npy_open(&zip, sources[i].name, &array, &err), err);
        assert_int_equal(array.count, sources[i].count);
        assert_int_equal(array.dimensions, sources[i].scalar ? 0 : 1);
        assert_kith(kith_i_npy_load(&zip, &array, &err), err);
        assert_int_equal(((const uint8_t *)array.data - bytes) % 64, 0);
        for (int64_t j = 0; i == 0 && j < MANY; j++) {
            kith_i_npy_integers(&array, j, 1, &value);
            assert_int_equal(value, j * j + 5);
        }
        if (i == 1) assert_memory_equal(array.data, floats, sizeof floats);
        if (i == 2) assert_memory_equal(array.data, "csr", 3);
        assert_null(array.memory);
    }
    free(bytes);
    free(path);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, prepare, test_folder_remove)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(reads_headers_as_numpy_has_written_them),
        IN_A_FOLDER(says_what_is_wrong_with_a_header),
        IN_A_FOLDER(refuses_a_header_of_a_length_that_numpy_does_not_write),
        IN_A_FOLDER(a_member_too_short_for_a_header_is_refused),
        IN_A_FOLDER(what_is_required_of_an_array_is_named),
        IN_A_FOLDER(loads_elements_of_every_type_stored_or_deflated),
        IN_A_FOLDER(widens_every_type),
        IN_A_FOLDER(strings_have_no_type_of_a_graph),
        IN_A_FOLDER(only_stored_and_aligned_elements_are_used_where_they_lie),
        IN_A_FOLDER(a_wrong_checksum_is_found_in_loading),
        IN_A_FOLDER(an_array_may_be_a_file_of_its_own),
        IN_A_FOLDER(what_is_written_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
