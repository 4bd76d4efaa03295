/* Zip archives: what is written is read, what others write is read, and damage is found. */
#include "support/archive.h"
#include "support/files.h"

#include "io/zip.h"

static kith_i_poll poll; /* neither progress nor limit */

/* A text that deflates well, of a length that is no round number. */
enum { LENGTH = 5003 };
static char text[LENGTH];

static int prepare(void **state)
{
    for (int i = 0; i < LENGTH; i++) text[i] = (char)('a' + i % 7 + i % 11);
    kith_i_poll_start(&poll, NULL);
    return test_folder_make(state);
}

static kith_i_zip opened(const void *bytes, int64_t size)
{
    kith_i_zip zip;
    kith_error err = { 0 };

    assert_kith(kith_i_zip_open(&zip, "a.npz", bytes, size, &poll, &err), err);
    return zip;
}

static kith_i_zip_member found(const kith_i_zip *zip, const char *name)
{
    kith_i_zip_member member;
    kith_error err = { 0 };

    assert_kith(kith_i_zip_find(zip, name, &member, &err), err);
    assert_non_null(member.name);
    return member;
}

/* The status of reading a whole member in pieces. */
static kith_status read_member(const kith_i_zip *zip, const kith_i_zip_member *member,
                               int64_t piece, uint8_t *out, kith_error *err)
{
    kith_i_zip_reader reader;
    kith_status status = kith_i_zip_reader_open(&reader, zip, member, err);

    for (int64_t at = 0; status == KITH_OK && at < member->size; at += piece) {
        const int64_t left = member->size - at;
        status = kith_i_zip_read(&reader, out + at, left < piece ? left : piece, err);
    }
    kith_i_zip_reader_close(&reader);
    return status;
}

static void assert_member_is(const kith_i_zip *zip, const char *name, const void *bytes,
                             int64_t size)
{
    static const int64_t pieces[] = { 1, 7, 64, LENGTH + 1 };
    const kith_i_zip_member member = found(zip, name);
    uint8_t *out = malloc((size_t)size + 1);
    kith_error err = { 0 };

    assert_int_equal(member.size, size);
    for (int i = 0; i < 4; i++) {
        memset(out, 0, (size_t)size);
        assert_kith(read_member(zip, &member, pieces[i], out, &err), err);
        assert_memory_equal(out, bytes, size);
    }
    free(out);
}

/* An archive of `text`, deflated, and a few bytes, stored, with the packing given beside that. */
static test_archive two_members(int packing, bool zip64)
{
    test_archive a = { 0 };

    test_archive_add(&a, "text", text, LENGTH, TEST_DEFLATED | packing);
    test_archive_add(&a, "few", "abc", 3, packing);
    test_archive_finish(&a, zip64);
    return a;
}

/* ---- Reading ---- */

static void reads_stored_and_deflated_members_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (int packing = 0; packing <= (TEST_ZIP64 | TEST_SHIFTED); packing += TEST_ZIP64)
        for (int zip64 = 0; zip64 < 2; zip64++) {
            test_archive a = two_members(packing, zip64);
            const kith_i_zip zip = opened(a.bytes, a.size);
            assert_member_is(&zip, "text", text, LENGTH);
            assert_member_is(&zip, "few", "abc", 3);
            test_archive_clear(&a);
        }
}

static void a_missing_member_is_no_error(void **state)
{
    test_archive a = two_members(0, false);
    const kith_i_zip zip = opened(a.bytes, a.size);
    kith_i_zip_member member;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_zip_find(&zip, "tex", &member, &err), err);
    assert_null(member.name);
    test_archive_clear(&a);
}

static void an_empty_archive_has_no_members(void **state)
{
    test_archive a = { 0 };
    kith_i_zip_member member;
    kith_error err = { 0 };

    (void)state;
    test_archive_finish(&a, false);
    const kith_i_zip zip = opened(a.bytes, a.size);
    assert_kith(kith_i_zip_find(&zip, "x", &member, &err), err);
    assert_null(member.name);
    test_archive_clear(&a);
}

static void a_comment_may_follow_even_one_that_looks_like_an_end_record(void **state)
{
    static const int64_t lengths[] = { 1, 30, 65535 };
    test_archive a = two_members(0, false);

    (void)state;
    for (int i = 0; i < 3; i++) {
        uint8_t *bytes = calloc(1, (size_t)(a.size + lengths[i]));
        memcpy(bytes, a.bytes, (size_t)a.size);
        test_patch(bytes, a.size - 2, 2, (uint64_t)lengths[i]);
        if (lengths[i] >= 30) test_patch(bytes, a.size + 4, 4, 0x06054b50);
        const kith_i_zip zip = opened(bytes, a.size + lengths[i]);
        assert_member_is(&zip, "few", "abc", 3);
        free(bytes);
    }
    test_archive_clear(&a);
}

static void reading_past_the_end_of_a_member_fails(void **state)
{
    test_archive a = two_members(0, false);
    const kith_i_zip zip = opened(a.bytes, a.size);
    const kith_i_zip_member member = found(&zip, "few");
    kith_i_zip_reader reader;
    kith_error err = { 0 };
    char out[8];

    (void)state;
    assert_kith(kith_i_zip_reader_open(&reader, &zip, &member, &err), err);
    assert_kith_fails(kith_i_zip_read(&reader, out, 4, &err), KITH_E_INPUT,
                      "a.npz: few: ends after 3 bytes", err);
    kith_i_zip_reader_close(&reader);
    test_archive_clear(&a);
}

static int stop(const kith_progress *progress, void *payload)
{
    (void)progress;
    (void)payload;
    return 1;
}

static void reading_can_be_cancelled(void **state)
{
    test_archive a = two_members(0, false);
    const kith_run run = { .size = sizeof run, .progress = stop };
    kith_i_poll impatient;
    kith_error err = { 0 };
    uint8_t out[LENGTH];

    (void)state;
    kith_i_poll_start(&impatient, &run);
    kith_i_zip zip = opened(a.bytes, a.size);
    zip.poll = &impatient;
    kith_i_zip_member member = found(&zip, "text");
    assert_kith_fails(read_member(&zip, &member, LENGTH, out, &err), KITH_E_CANCELLED, "reading",
                      err);
    member = found(&zip, "few");
    assert_kith_fails(kith_i_zip_verify(&zip, &member, &err), KITH_E_CANCELLED, "reading", err);
    test_archive_clear(&a);
}

/* ---- Damage ---- */

static void a_checksum_that_differs_is_an_error(void **state)
{
    static const char *const names[] = { "text", "few" };
    test_archive a = two_members(0, false);
    kith_error err = { 0 };
    uint8_t out[LENGTH];

    (void)state;
    const kith_i_zip zip = opened(a.bytes, a.size);
    for (int i = 0; i < 2; i++) {
        kith_i_zip_member member = found(&zip, names[i]);
        member.crc ^= 1;
        assert_kith_fails(read_member(&zip, &member, LENGTH, out, &err), KITH_E_INPUT, "checksum",
                          err);
    }
    kith_i_zip_member member = found(&zip, "few");
    assert_kith(kith_i_zip_verify(&zip, &member, &err), err);
    member.crc ^= 1;
    assert_kith_fails(kith_i_zip_verify(&zip, &member, &err), KITH_E_INPUT,
                      "a.npz: few: is damaged", err);
    test_archive_clear(&a);
}

static void compressed_data_that_end_early_or_make_no_sense_are_an_error(void **state)
{
    test_archive a = two_members(0, false);
    const kith_i_zip zip = opened(a.bytes, a.size);
    kith_i_zip_member member = found(&zip, "text");
    kith_error err = { 0 };
    uint8_t out[LENGTH];

    (void)state;
    member.packed_size /= 2;
    assert_kith_fails(read_member(&zip, &member, 100, out, &err), KITH_E_INPUT,
                      "its compressed data are damaged", err);
    member = found(&zip, "text");
    memset(a.bytes + (member.packed - a.bytes), 0xff, 8);
    assert_kith_fails(read_member(&zip, &member, 100, out, &err), KITH_E_INPUT,
                      "its compressed data are damaged", err);
    test_archive_clear(&a);
}

/* One number of an archive's headers that is wrong, and what is said of it. `from`: the entry of
 * "text" in the directory, its local header, the file's end, or the zip64 field of its entry. */
enum { ENTRY, LOCAL, END, FIELD };
static const struct damage {
    int         packing;
    bool        zip64;
    int         from;
    int64_t     offset;
    int         width;
    uint64_t    value;
    const char *message;
} damages[] = {
    { 0, false, ENTRY, 8, 2, 1, "is encrypted" },
    { 0, false, ENTRY, 10, 2, 12, "is compressed by method 12 (expected stored or deflated)" },
    { 0, false, ENTRY, 20, 4, 0xffffffff, "its zip64 field is missing or damaged" },
    { 0, false, ENTRY, 20, 4, 1, "its sizes contradict each other" },
    { 0, false, ENTRY, 20, 4, 0x7fffffff, "reaches past the end" },
    { 0, false, ENTRY, 24, 4, 0x7fffffff, "its sizes contradict each other" }, /* a bomb */
    { 0, false, ENTRY, 42, 4, 5, "its header is missing or damaged" },
    { 0, false, ENTRY, 42, 4, 0xfffffff0, "its header is missing or damaged" },
    { 0, false, ENTRY, 0, 4, 0, "the archive's directory is damaged" },
    { 0, false, ENTRY, 28, 2, 0xffff, "the archive's directory is damaged" },
    { 0, false, LOCAL, 0, 4, 0, "its header is missing or damaged" },
    { 0, false, LOCAL, 26, 2, 0xffff, "reaches past the end" },
    { 0, false, END, -22, 4, 0, "is no npz file" },
    { 0, false, END, -2, 2, 1, "is no npz file" },
    { 0, false, END, -10, 4, 0x7fffffff, "directory lies outside the file" },
    { 0, false, END, -6, 4, 0x7fffffff, "directory lies outside the file" },
    { 0, false, END, -6, 4, 0xffffffff, "the zip64 end record is missing or damaged" },
    { 0, true, END, -42, 4, 0, "the zip64 end record is missing or damaged" },
    { 0, true, END, -34, 8, UINT64_MAX, "the zip64 end record is missing or damaged" },
    { 0, true, END, -34, 8, 0, "the zip64 end record is missing or damaged" },
    { 0, true, END, -58, 8, UINT64_MAX, "directory lies outside the file" },
    { 0, true, END, -50, 8, UINT64_MAX - 50, "directory lies outside the file" },
    { TEST_ZIP64, false, FIELD, 0, 2, 2, "its zip64 field is missing or damaged" },
    { TEST_ZIP64, false, FIELD, 2, 2, 20, "its zip64 field is missing or damaged" },
    { TEST_ZIP64, false, FIELD, 2, 2, 0xffff, "its zip64 field is missing or damaged" },
    { TEST_ZIP64, false, FIELD, 4, 8, UINT64_MAX, "its sizes contradict each other" },
    { TEST_ZIP64, false, FIELD, 12, 8, UINT64_MAX - 20, "reaches past the end" },
    { TEST_ZIP64, false, FIELD, 20, 8, UINT64_MAX - 20, "its header is missing or damaged" },
};

static void every_number_out_of_place_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        const struct damage *d = &damages[i];
        test_archive a = { 0 };
        kith_i_zip_member member;
        kith_i_zip zip;
        kith_error err = { 0 };

        test_archive_add(&a, "text", text, LENGTH, TEST_DEFLATED | d->packing);
        const int64_t directory = a.size, field = directory + 46 + 4 + 5;
        test_archive_finish(&a, d->zip64);
        const int64_t from[] = { directory, 0, a.size, field };
        test_patch(a.bytes, from[d->from] + d->offset, d->width, d->value);
        kith_status status = kith_i_zip_open(&zip, "a.npz", a.bytes, a.size, &poll, &err);
        if (status == KITH_OK) status = kith_i_zip_find(&zip, "text", &member, &err);
        if (status != KITH_E_INPUT || !strstr(err.message, d->message))
            fail_msg("damage %zu: status %d, '%s' (expected '%s')", i, (int)status, err.message,
                     d->message);
        test_archive_clear(&a);
    }
}

static void sizes_of_a_stored_member_must_agree(void **state)
{
    test_archive a = { 0 };
    kith_i_zip_member member;
    kith_error err = { 0 };

    (void)state;
    test_archive_add(&a, "few", "abc", 3, TEST_STORED);
    test_patch(a.directory, 24, 4, 4);
    test_archive_finish(&a, false);
    const kith_i_zip zip = opened(a.bytes, a.size);
    assert_kith_fails(kith_i_zip_find(&zip, "few", &member, &err), KITH_E_INPUT,
                      "few: its sizes contradict each other (4 bytes, 3 packed)", err);
    test_archive_clear(&a);
}

/* Opens and reads whatever there is; what is read without an error is what was written. */
static void read_if_possible(const uint8_t *bytes, int64_t size)
{
    static const char *const names[] = { "text", "few" };
    kith_i_zip zip;
    kith_error err = { 0 };
    uint8_t *copy = malloc((size_t)size + 1); /* so that every overrun is one of the heap */

    memcpy(copy, bytes, (size_t)size);
    if (kith_i_zip_open(&zip, "a.npz", copy, size, &poll, &err) == KITH_OK)
        for (int i = 0; i < 2; i++) {
            kith_i_zip_member member;
            if (kith_i_zip_find(&zip, names[i], &member, &err) != KITH_OK) continue;
            if (!member.name || member.size > 1 << 24) continue;
            uint8_t *out = malloc((size_t)member.size + 1);
            if (read_member(&zip, &member, 999, out, &err) == KITH_OK && member.size) {
                assert_int_equal(member.size, i ? 3 : LENGTH);
                assert_memory_equal(out, i ? "abc" : text, member.size);
            }
            free(out);
        }
    free(copy);
}

static void an_archive_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (int zip64 = 0; zip64 < 2; zip64++) {
        test_archive a = two_members(zip64 ? TEST_ZIP64 : 0, zip64);
        kith_error err = { 0 };
        kith_i_zip zip;
        for (int64_t size = 0; size < a.size; size++) {
            read_if_possible(a.bytes, size);
            assert_int_equal(kith_i_zip_open(&zip, "a.npz", a.bytes, size, &poll, &err),
                             KITH_E_INPUT);
        }
        test_archive_clear(&a);
    }
}

static void no_wrong_byte_goes_unnoticed_or_does_harm(void **state)
{
    static const uint8_t changes[] = { 0x01, 0x80, 0xff };

    (void)state;
    for (int zip64 = 0; zip64 < 2; zip64++) {
        test_archive a = two_members(zip64 ? TEST_ZIP64 : 0, zip64);
        for (int64_t i = 0; i < a.size; i++)
            for (int c = 0; c < 3; c++) {
                a.bytes[i] ^= changes[c];
                read_if_possible(a.bytes, a.size);
                a.bytes[i] ^= changes[c];
            }
        test_archive_clear(&a);
    }
}

/* ---- Writing ---- */

static uint8_t *written(const char *folder, bool always_zip64, int64_t *size)
{
    kith_i_zip_writer writer = { .always_zip64 = always_zip64 };
    kith_error err = { 0 };
    char *path = test_path_in(folder, "a.npz");
    uint8_t *bytes;

    assert_kith(kith_output_open(path, &writer.output, &err), err);
    for (int i = 0; i < 40; i++) {
        char name[24];
        snprintf(name, sizeof name, "member %d", i);
        const uLong crc = crc32(0, (const Bytef *)text, (uInt)(100 * i));
        assert_kith(kith_i_zip_begin(&writer, name, 100 * i, (uint32_t)crc, &err), err);
        assert_kith(kith_i_zip_write(&writer, text, 100 * i, &err), err);
    }
    assert_kith(kith_i_zip_finish(&writer, &err), err);
    assert_kith(kith_output_commit(writer.output, &err), err);
    kith_i_zip_writer_clear(&writer);
    bytes = test_file_bytes(path, size);
    free(path);
    return bytes;
}

static void what_is_written_is_read_and_aligned(void **state)
{
    for (int zip64 = 0; zip64 < 2; zip64++) {
        int64_t size;
        uint8_t *bytes = written(*state, zip64, &size);
        const kith_i_zip zip = opened(bytes, size);
        for (int i = 0; i < 40; i++) {
            char name[24];
            snprintf(name, sizeof name, "member %d", i);
            assert_member_is(&zip, name, text, 100 * i);
            assert_int_equal((found(&zip, name).packed - bytes) % KITH_I_ZIP_ALIGNMENT, 0);
            assert_false(found(&zip, name).deflated);
        }
        free(bytes);
    }
}

static void other_programs_read_what_is_written(void **state)
{
    for (int zip64 = 0; zip64 < 2; zip64++) {
        int64_t size;
        char command[1200];
        free(written(*state, zip64, &size));
        snprintf(command, sizeof command,
                 "python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]);"
                 "sys.exit(z.testzip() is not None or len(z.namelist()) != 40)' %s/a.npz",
                 (const char *)*state);
        if (system("python3 -c pass 2> /dev/null")) {
            print_message("skipped: there is no python3\n");
            return;
        }
        assert_int_equal(system(command), 0);
    }
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, prepare, test_folder_remove)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(reads_stored_and_deflated_members_in_pieces_of_any_size),
        IN_A_FOLDER(a_missing_member_is_no_error),
        IN_A_FOLDER(an_empty_archive_has_no_members),
        IN_A_FOLDER(a_comment_may_follow_even_one_that_looks_like_an_end_record),
        IN_A_FOLDER(reading_past_the_end_of_a_member_fails),
        IN_A_FOLDER(reading_can_be_cancelled),
        IN_A_FOLDER(a_checksum_that_differs_is_an_error),
        IN_A_FOLDER(compressed_data_that_end_early_or_make_no_sense_are_an_error),
        IN_A_FOLDER(every_number_out_of_place_is_named),
        IN_A_FOLDER(sizes_of_a_stored_member_must_agree),
        IN_A_FOLDER(an_archive_cut_anywhere_is_refused),
        IN_A_FOLDER(no_wrong_byte_goes_unnoticed_or_does_harm),
        IN_A_FOLDER(what_is_written_is_read_and_aligned),
        IN_A_FOLDER(other_programs_read_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
