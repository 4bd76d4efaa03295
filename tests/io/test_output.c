/* Writing files: whole or not at all. */
#include "support/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_text(kith_output *output, const char *text)
{
    kith_error err = { 0 };

    assert_kith(kith_output_write(output, text, strlen(text), &err), err);
}

static void a_file_appears_when_it_is_whole(void **state)
{
    char *path = test_path_in(*state, "out.txt");
    kith_output *output = NULL;
    kith_error err = { 0 };

    assert_kith(kith_output_open(path, &output, &err), err);
    write_text(output, "one\n");
    write_text(output, "two\n");
    assert_int_not_equal(access(path, F_OK), 0);
    assert_kith(kith_output_commit(output, &err), err);
    test_assert_contents(path, "one\ntwo\n");
    assert_int_equal(test_count_files(*state), 1);
    free(path);
}

static void an_abandoned_file_leaves_the_old_one(void **state)
{
    char *path = test_file(*state, "out.txt", "old\n");
    kith_output *output = NULL;
    kith_error err = { 0 };

    assert_kith(kith_output_open(path, &output, &err), err);
    write_text(output, "new\n");
    kith_output_abandon(output);
    kith_output_abandon(NULL);
    test_assert_contents(path, "old\n");
    assert_int_equal(test_count_files(*state), 1);
    free(path);
}

static void a_replaced_file_keeps_its_permissions(void **state)
{
    char *path = test_file(*state, "out.txt", "old\n");
    kith_output *output = NULL;
    kith_error err = { 0 };
    struct stat file;

    assert_int_equal(chmod(path, 0640), 0);
    assert_kith(kith_output_open(path, &output, &err), err);
    assert_kith(kith_output_commit(output, &err), err);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0640);
    test_assert_contents(path, "");
    free(path);
}

static void a_link_stays_a_link(void **state)
{
    char *path = test_file(*state, "out.txt", "old\n"), *link = test_path_in(*state, "link.txt");
    kith_output *output = NULL;
    kith_error err = { 0 };
    struct stat file;

    assert_int_equal(symlink(path, link), 0);
    assert_kith(kith_output_open(link, &output, &err), err);
    write_text(output, "new\n");
    assert_kith(kith_output_commit(output, &err), err);
    assert_int_equal(lstat(link, &file), 0);
    assert_true(S_ISLNK(file.st_mode));
    test_assert_contents(path, "new\n");
    free(path);
    free(link);
}

static void two_files_may_be_in_the_making_in_one_folder(void **state)
{
    char *path[2] = { test_path_in(*state, "a"), test_path_in(*state, "b") };
    kith_output *output[2] = { NULL, NULL };
    kith_error err = { 0 };

    for (int i = 0; i < 2; i++) assert_kith(kith_output_open(path[i], &output[i], &err), err);
    for (int i = 0; i < 2; i++) write_text(output[i], i ? "b" : "a");
    for (int i = 0; i < 2; i++) assert_kith(kith_output_commit(output[i], &err), err);
    test_assert_contents(path[0], "a");
    test_assert_contents(path[1], "b");
    free(path[0]);
    free(path[1]);
}

static void the_ending_of_the_name_compresses(void **state)
{
    const char *names[] = { "out.txt.gz", "out.txt.zst" };

    for (int i = 0; i < 2; i++) {
        char *path = test_path_in(*state, names[i]), *text = malloc(3000001);
        kith_output *output = NULL;
        kith_error err = { 0 };
        struct stat file;

        for (int j = 0; j < 3000000; j++) text[j] = (char)('a' + j / 7 % 26);
        text[3000000] = '\0';
        assert_kith(kith_output_open(path, &output, &err), err);
        write_text(output, "begin");
        write_text(output, text);
        assert_kith(kith_output_commit(output, &err), err);
        assert_int_equal(stat(path, &file), 0);
        assert_true(file.st_size < 300000);
        char *unpacked = test_unpack(path);
        assert_int_equal(strlen(unpacked), 3000005);
        assert_memory_equal(unpacked, "begin", 5);
        assert_memory_equal(unpacked + 5, text, 3000000);
        free(unpacked);
        free(text);
        free(path);
    }
}

static void refuses_a_place_it_cannot_write_to(void **state)
{
    char *path = test_path_in(*state, "missing/out.txt");
    kith_output *output = NULL;
    kith_error err = { 0 };

    assert_kith_fails(kith_output_open(path, &output, &err), KITH_E_IO,
                      "missing/out.txt: cannot be created (No such file or directory)", err);
    assert_null(output);
    assert_kith_fails(kith_output_open(*state, &output, &err), KITH_E_IO,
                      "cannot be written (Is a directory)", err);
    assert_kith_fails(kith_output_open("", &output, &err), KITH_E_ARGUMENT, "path", err);
    assert_int_equal(test_count_files(*state), 0);
    free(path);
}

/* /dev/full is a full disk. */
static void reports_a_full_disk(void **state)
{
    kith_output *output = NULL;
    kith_error err = { 0 };
    static char text[1 << 20];

    (void)state;
    memset(text, 'x', sizeof text);
    assert_kith(kith_output_open("/dev/full", &output, &err), err);
    assert_kith(kith_output_write(output, text, 10, &err), err);
    assert_kith_fails(kith_output_commit(output, &err), KITH_E_IO,
                      "/dev/full: cannot be written (No space left on device)", err);
    assert_kith(kith_output_open("/dev/full", &output, &err), err);
    assert_kith_fails(kith_output_write(output, text, sizeof text, &err), KITH_E_IO, "No space",
                      err);
    assert_kith_fails(kith_output_write(output, "", 0, &err), KITH_OK, "", err);
    assert_kith_fails(kith_output_commit(output, &err), KITH_E_IO, "No space", err);
}

static void a_compressor_reports_a_full_disk(void **state)
{
    const char *names[] = { "full.gz", "full.zst" };

    for (int i = 0; i < 2; i++) {
        char *path = test_path_in(*state, names[i]);
        kith_output *output = NULL;
        kith_error err = { 0 };

        assert_int_equal(symlink("/dev/full", path), 0);
        assert_kith(kith_output_open(path, &output, &err), err);
        assert_kith(kith_output_write(output, "x", 1, &err), err);
        assert_kith_fails(kith_output_commit(output, &err), KITH_E_IO, "No space", err);
        free(path);
    }
}

static void a_pipe_is_written_directly(void **state)
{
    char *path = test_path_in(*state, "pipe"), text[16] = { 0 };
    kith_output *output = NULL;
    kith_error err = { 0 };
    int reader;

    assert_int_equal(mkfifo(path, 0600), 0);
    reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_kith(kith_output_open(path, &output, &err), err);
    write_text(output, "through");
    assert_kith(kith_output_commit(output, &err), err);
    assert_int_equal(read(reader, text, sizeof text), 7);
    assert_string_equal(text, "through");
    close(reader);
    free(path);
}

static void a_dash_is_standard_output(void **state)
{
    char *path = test_path_in(*state, "standard");
    const int saved = dup(STDOUT_FILENO), file = open(path, O_RDWR | O_CREAT, 0600);
    kith_output *output = NULL;
    kith_error err = { 0 };
    kith_status opened, committed;

    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    opened = kith_output_open("-", &output, &err);
    kith_output_write(output, "to stdout\n", 10, &err);
    committed = kith_output_commit(output, &err);
    assert_int_equal(fcntl(STDOUT_FILENO, F_GETFD) < 0, 0); /* it stays open */
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(file);
    assert_int_equal(opened, KITH_OK);
    assert_int_equal(committed, KITH_OK);
    test_assert_contents(path, "to stdout\n");
    free(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_appears_when_it_is_whole),
        TEST(an_abandoned_file_leaves_the_old_one),
        TEST(a_replaced_file_keeps_its_permissions),
        TEST(a_link_stays_a_link),
        TEST(two_files_may_be_in_the_making_in_one_folder),
        TEST(the_ending_of_the_name_compresses),
        TEST(refuses_a_place_it_cannot_write_to),
        TEST(reports_a_full_disk),
        TEST(a_compressor_reports_a_full_disk),
        TEST(a_pipe_is_written_directly),
        TEST(a_dash_is_standard_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
