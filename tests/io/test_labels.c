/* Labels, numbers and communities: one per line, by position or by name. */
#include "support/files.h"
#include "support/graphs.h"

static kith_graph *named_graph(void *state)
{
    char *path = test_file(state, "graph.txt", "a b\nb c\nc d\n");
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    free(path);
    return graph;
}

static void labels_are_read_as_they_stand(void **state)
{
    char *path = test_file(*state, "l.txt", "# labels\n3\n-1\r\n\n 1000000000000000000\n0");
    int64_t *labels = NULL, count = 0;
    kith_error err = { 0 };

    assert_kith(kith_labels_read(path, NULL, NULL, &count, &labels, &err), err);
    assert_int_equal(count, 4);
    assert_true(labels[0] == 3 && labels[1] == -1 && labels[2] == INT64_C(1000000000000000000) &&
                labels[3] == 0);
    free(labels);
    free(path);
}

static void labels_find_their_nodes_by_name(void **state)
{
    kith_graph *graph = named_graph(*state);
    char *path = test_file(*state, "l.txt", "c\t7\na\t1\nd\t-1\nb\t2\n");
    int64_t *labels = NULL, count = 0;
    kith_error err = { 0 };

    assert_kith(kith_labels_read(path, graph, NULL, &count, &labels, &err), err);
    assert_true(labels[0] == 1 && labels[1] == 2 && labels[2] == 7 && labels[3] == -1);
    free(labels);
    free(path);
    path = test_path_in(*state, "out.txt");
    const int64_t written[] = { 4, 3, 2, -1 };
    assert_kith(kith_labels_write(path, graph, 4, written, NULL, &err), err);
    test_assert_contents(path, "a\t4\nb\t3\nc\t2\nd\t-1\n");
    free(path);
    kith_graph_free(graph);
}

static void labels_come_back_compressed_or_not(void **state)
{
    static const char *const names[] = { "l.txt", "l.txt.gz", "l.txt.zst" };
    const int64_t written[] = { 0, 12, -1, 5 };

    for (int i = 0; i < 3; i++) {
        char *path = test_path_in(*state, names[i]);
        int64_t *labels = NULL, count = 0;
        kith_error err = { 0 };
        assert_kith(kith_labels_write(path, NULL, 4, written, NULL, &err), err);
        assert_kith(kith_labels_read(path, NULL, NULL, &count, &labels, &err), err);
        assert_int_equal(count, 4);
        assert_memory_equal(labels, written, sizeof written);
        free(labels);
        free(path);
    }
}

static void bad_labels_are_named(void **state)
{
    static const struct {
        const char *text, *says;
        bool        named;
    } cases[] = {
        { "1\n2\nx\n4\n", ":3: 'x' (expected a label", false },
        { "1\n-2\n3\n4\n", ":2: '-2' (expected a label", false },
        { "1\n2 3\n3\n4\n", ":2: '3' (expected the end of the line)", false },
        { "1\n99999999999999999999\n3\n4\n", ":2: '9999", false },
        { "1\n2\n3\n", "3 labels (expected 4, one for each node)", false },
        { "1\n2\n3\n4\n5\n", ":5: there are more lines than nodes (expected 4)", false },
        { "a\t1\nb\t1\nx\t1\nd\t1\n", ":3: 'x' (expected the name of a node)", true },
        { "a\t1\nb\t1\na\t1\nd\t1\n", ":3: 'a' (expected each node once)", true },
        { "a\t1\nb\t1\n", "2 labels (expected 4, one for each node)", true },
        { "a\tb\n", ":1: 'b' (expected a label", true },
        { "a\t1\n2\n", ":2: '2' (expected NAME<TAB>VALUE, as on the first line)", true },
    };
    kith_graph *named = named_graph(*state), *plain = test_path(4);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = test_file(*state, "l.txt", cases[i].text);
        int64_t *labels = NULL, count;
        kith_error err;
        assert_kith_fails(
            kith_labels_read(path, cases[i].named ? named : plain, NULL, &count, &labels, &err),
            KITH_E_INPUT, cases[i].says, err);
        assert_int_equal(strncmp(err.message, path, strlen(path)), 0);
        assert_null(labels);
        free(path);
    }
    kith_graph_free(named);
    kith_graph_free(plain);
}

static void two_files_of_labels_go_together_by_name(void **state)
{
    char *path = test_file(*state, "a.txt", "x\t1\ny z\t2\n7\t-1\n");
    char *other = test_file(*state, "b.txt", "7\t9\ny z\t8\nx\t5\n");
    int64_t *labels = NULL, *others = NULL, count = 0;
    kith_error err = { 0 };

    assert_kith(kith_labels_read_pair(path, other, NULL, &count, &labels, &others, &err), err);
    assert_int_equal(count, 3);
    assert_true(labels[0] == 1 && labels[1] == 2 && labels[2] == -1);
    assert_true(others[0] == 5 && others[1] == 8 && others[2] == 9);
    free(labels);
    free(others);
    free(path);
    free(other);
}

static void two_files_of_labels_go_together_line_by_line(void **state)
{
    char *path = test_file(*state, "a.txt", "1\n2\n");
    char *other = test_file(*state, "b.txt", "4\n-1\n");
    int64_t *labels = NULL, *others = NULL, count = 0;
    kith_error err = { 0 };

    assert_kith(kith_labels_read_pair(path, other, NULL, &count, &labels, &others, &err), err);
    assert_int_equal(count, 2);
    assert_true(labels[0] == 1 && labels[1] == 2 && others[0] == 4 && others[1] == -1);
    free(labels);
    free(others);
    free(path);
    free(other);
}

static void files_of_labels_of_other_nodes_are_refused(void **state)
{
    static const struct {
        const char *text, *other, *says;
    } cases[] = {
        { "x\t1\ny\t2\n", "x\t1\nz\t2\n", "b.txt:2: 'z' (expected the name of a node)" },
        { "x\t1\ny\t2\n", "x\t1\n", "b.txt: 1 labels (expected 2, one for each node)" },
        { "x\t1\ny\t2\n", "x\t1\nx\t2\n", "b.txt:2: 'x' (expected each node once)" },
        { "x\t1\nx\t2\n", "x\t1\n", "a.txt:2: 'x' (expected each node once)" },
        { "x\t1\n2\n", "x\t1\n", "a.txt:2: '2' (expected NAME<TAB>VALUE, as on the first line)" },
        { "x\t\n", "x\t1\n", "a.txt:1: '' (expected a label" },
        { "1\nx\t2\n", "1\n2\n", "a.txt:2: 'x' (expected a label" },
        { "1\n2\n", "1\n2\n3\n", "b.txt:3: there are more lines than nodes (expected 2)" },
        { "1\n", "x\t1\n", "b.txt:1: 'x" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = test_file(*state, "a.txt", cases[i].text);
        char *other = test_file(*state, "b.txt", cases[i].other);
        int64_t *labels = NULL, *others = NULL, count;
        kith_error err;
        assert_kith_fails(kith_labels_read_pair(path, other, NULL, &count, &labels, &others, &err),
                          KITH_E_INPUT, cases[i].says, err);
        assert_null(labels);
        assert_null(others);
        free(path);
        free(other);
    }
}

static void numbers_are_read_one_for_each_node(void **state)
{
    kith_graph *graph = test_path(3);
    char *path = test_file(*state, "n.txt", "0.5\n1e3\n-7\n");
    double *numbers = NULL;
    kith_error err = { 0 };

    assert_kith(kith_numbers_read(path, graph, NULL, &numbers, &err), err);
    assert_true(numbers[0] == 0.5 && numbers[1] == 1000 && numbers[2] == -7);
    free(numbers);
    free(path);
    path = test_file(*state, "n.txt", "1\nnan\n2\n");
    assert_kith_fails(kith_numbers_read(path, graph, NULL, &numbers, &err), KITH_E_INPUT,
                      ":2: 'nan' (expected a finite number)", err);
    free(path);
    kith_graph_free(graph);
}

static void communities_are_lines_of_nodes(void **state)
{
    static const char *const names[] = { "c.txt", "c.txt.gz", "c.txt.zst" };
    char *path = test_file(*state, "in.txt", "# communities\n0 1 2\n3,1\n\n4\t0\n");
    kith_cover *cover = NULL, *back = NULL;
    kith_error err = { 0 };

    assert_kith(kith_cover_read(path, NULL, NULL, &cover, &err), err);
    assert_int_equal(kith_cover_nodes(cover), 5);
    assert_int_equal(kith_cover_communities(cover), 3);
    free(path);
    for (int i = 0; i < 3; i++) {
        path = test_path_in(*state, names[i]);
        assert_kith(kith_cover_write(path, NULL, cover, NULL, &err), err);
        assert_kith(kith_cover_read(path, NULL, NULL, &back, &err), err);
        assert_memory_equal(kith_cover_offsets(back), kith_cover_offsets(cover),
                            4 * sizeof(int64_t));
        assert_memory_equal(kith_cover_members(back), kith_cover_members(cover),
                            7 * sizeof(int64_t));
        kith_cover_free(back);
        free(path);
    }
    kith_cover_free(cover);
}

static void communities_name_their_nodes(void **state)
{
    kith_graph *graph = named_graph(*state);
    char *path = test_file(*state, "in.txt", "b a\nd c b\n");
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    assert_kith(kith_cover_read(path, graph, NULL, &cover, &err), err);
    free(path);
    path = test_path_in(*state, "out.txt");
    assert_kith(kith_cover_write(path, graph, cover, NULL, &err), err);
    test_assert_contents(path, "a\tb\nb\tc\td\n");
    kith_cover_free(cover);
    free(path);
    path = test_file(*state, "in.txt", "a b\nc x\n");
    assert_kith_fails(kith_cover_read(path, graph, NULL, &cover, &err), KITH_E_INPUT,
                      ":2: 'x' (expected the name of a node)", err);
    free(path);
    kith_graph_free(graph);
}

static void communities_of_a_named_graph_may_have_ids(void **state)
{
    kith_graph *graph = named_graph(*state);
    char *path = test_file(*state, "in.txt", "0 2\n1\t3,0\n");
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    assert_kith(kith_cover_read(path, graph, NULL, &cover, &err), err);
    const int64_t members[] = { 0, 2, 0, 1, 3 };
    assert_memory_equal(kith_cover_members(cover), members, sizeof members);
    kith_cover_free(cover);
    free(path);
    path = test_file(*state, "in.txt", "a\n1\n");
    assert_kith_fails(kith_cover_read(path, graph, NULL, &cover, &err), KITH_E_INPUT,
                      ":2: '1' (expected the name of a node)", err);
    free(path);
    kith_graph_free(graph);
}

/* Names with blanks, commas and what looks like a comment. */
static void odd_names_come_back(void **state)
{
    char *path = test_file(*state, "graph.tsv", "x\tAnn Lee\nx\t#tag\nx\tBob, Jr.\nx\t7 up\n");
    const int64_t offsets[] = { 0, 1, 3, 4 }, members[] = { 1, 1, 2, 2 };
    int64_t written[] = { 0, 1, 2, 3, 4 }, *labels = NULL, count = 0;
    kith_graph *graph = NULL;
    kith_cover *cover = NULL, *back = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    free(path);
    path = test_path_in(*state, "out.txt");
    assert_kith(kith_labels_write(path, graph, 5, written, NULL, &err), err);
    assert_kith(kith_labels_read(path, graph, NULL, &count, &labels, &err), err);
    assert_memory_equal(labels, written, sizeof written);
    free(labels);
    assert_kith(kith_cover_from_members(5, 3, offsets, members, NULL, &cover, &err), err);
    assert_kith(kith_cover_write(path, graph, cover, NULL, &err), err);
    assert_kith(kith_cover_read(path, graph, NULL, &back, &err), err);
    assert_int_equal(kith_cover_communities(back), 3);
    assert_memory_equal(kith_cover_members(back), members, sizeof members);
    kith_cover_free(cover);
    kith_cover_free(back);
    kith_graph_free(graph);
    free(path);
}

static void bad_communities_are_named(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "0 1\n2 7\n", ":2: '7' (expected a node id, 0 to 3)" },
        { "0 1\n-1\n", ":2: '-1' (expected a node id" },
        { "0 x\n", ":1: 'x' (expected a node id" },
        { "# c\n0 1\n2 1 2\n", ":3: node 2 stands there twice (expected once)" },
        { "0 99999999999999999999\n", ":1: '99999999999999999999' (expected a node id" },
    };
    kith_graph *graph = test_path(4);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = test_file(*state, "in.txt", cases[i].text);
        kith_cover *cover = NULL;
        kith_error err;
        assert_kith_fails(kith_cover_read(path, graph, NULL, &cover, &err), KITH_E_INPUT,
                          cases[i].says, err);
        assert_null(cover);
        free(path);
    }
    kith_graph_free(graph);
}

static void files_that_are_not_there_are_an_error(void **state)
{
    char *path = test_path_in(*state, "none.txt");
    int64_t *labels = NULL, count;
    kith_cover *cover = NULL;
    kith_error err;

    assert_kith_fails(kith_labels_read(path, NULL, NULL, &count, &labels, &err), KITH_E_IO,
                      "none.txt", err);
    assert_kith_fails(kith_cover_read(path, NULL, NULL, &cover, &err), KITH_E_IO, "none.txt", err);
    free(path);
}

#define IN_A_FOLDER(test) \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(labels_are_read_as_they_stand),
        IN_A_FOLDER(labels_find_their_nodes_by_name),
        IN_A_FOLDER(labels_come_back_compressed_or_not),
        IN_A_FOLDER(bad_labels_are_named),
        IN_A_FOLDER(two_files_of_labels_go_together_by_name),
        IN_A_FOLDER(two_files_of_labels_go_together_line_by_line),
        IN_A_FOLDER(files_of_labels_of_other_nodes_are_refused),
        IN_A_FOLDER(numbers_are_read_one_for_each_node),
        IN_A_FOLDER(communities_are_lines_of_nodes),
        IN_A_FOLDER(communities_name_their_nodes),
        IN_A_FOLDER(communities_of_a_named_graph_may_have_ids),
        IN_A_FOLDER(odd_names_come_back),
        IN_A_FOLDER(bad_communities_are_named),
        IN_A_FOLDER(files_that_are_not_there_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
