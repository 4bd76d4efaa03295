/* What the tests of the relational methods share: small problems with golden values, the worked
 * example of the paper's report, public data sets of several relations. */
#ifndef KITH_TESTS_ATTRIBUTED_RELATIONAL_CASES_H
#define KITH_TESTS_ATTRIBUTED_RELATIONAL_CASES_H

#include "support/golden.h"
#include "support/graphs.h"

#include <stdlib.h>
#include <unistd.h>

/** Several relations with features, and their sum. */
typedef struct problem {
    char name[32];
    int64_t n, d, count;
    kith_relations *relations;
    kith_graph *graph;
    kith_features *features;
    int64_t *truth; /* malloc'ed; NULL: none */
} problem;

static inline void problem_free(problem *p)
{
    kith_relations_free(p->relations);
    kith_graph_free(p->graph);
    kith_features_free(p->features);
    free(p->truth);
}

static inline void problem_add(problem *p, const char *name, kith_graph *graph)
{
    kith_error err = { 0 };

    if (!p->relations) assert_kith(kith_relations_new(&p->relations, &err), err);
    assert_kith(kith_relations_add(p->relations, name, graph, NULL, &err), err);
    p->count++;
}

static inline void problem_finish(problem *p, const double *features)
{
    kith_error err = { 0 };

    assert_kith(kith_relations_sum(p->relations, NULL, NULL, &p->graph, &err), err);
    p->n = kith_graph_nodes(p->graph);
    if (features)
        assert_kith(kith_features_from_dense(p->n, p->d, features, NULL, &p->features, &err), err);
}

enum { GOLDEN_ROOM = 4096 };

/** The numbers of CASE/KEY in golden/relational.txt; how many. */
static inline int64_t case_numbers(const problem *p, const char *key, double *numbers)
{
    char row[64];

    snprintf(row, sizeof row, "%s/%s", p->name, key);
    const int64_t count = golden_numbers("relational.txt", row, numbers, GOLDEN_ROOM);
    if (count < 0) fail_msg("relational.txt has no row %s", row);
    return count;
}

static inline problem problem_golden(const char *name)
{
    static const char *const names[] = { "one", "two", "three" };
    double numbers[GOLDEN_ROOM], size[3];
    problem p = { 0 };

    snprintf(p.name, sizeof p.name, "%s", name);
    assert_int_equal(case_numbers(&p, "size", numbers), 3);
    memcpy(size, numbers, sizeof size);
    p.d = (int64_t)size[2];
    for (int64_t r = 0; r < (int64_t)size[1]; r++) {
        int64_t pairs[GOLDEN_ROOM / 3][2];
        double weights[GOLDEN_ROOM / 3];
        char key[32];
        snprintf(key, sizeof key, "relation%d", (int)r);
        const int64_t edges = case_numbers(&p, key, numbers) / 3;
        for (int64_t e = 0; e < edges; e++) {
            pairs[e][0] = (int64_t)numbers[3 * e];
            pairs[e][1] = (int64_t)numbers[3 * e + 1];
            weights[e] = numbers[3 * e + 2];
        }
        problem_add(&p, names[r],
                    test_graph((int64_t)size[0], edges, (const int64_t(*)[2])pairs, weights));
    }
    case_numbers(&p, "features", numbers);
    problem_finish(&p, numbers);
    return p;
}

/** Calls `check` for each of the golden cases. */
static inline void for_cases(void (*check)(const problem *))
{
    static const char *const names[] = { "plain", "weighted", "looped", "single" };

    for (int i = 0; i < 4; i++) {
        problem p = problem_golden(names[i]);
        check(&p);
        problem_free(&p);
    }
}

/** The numbers are those of CASE/KEY. */
static inline void assert_golden(const problem *p, const char *key, const double *found,
                                 int64_t count, double tolerance)
{
    double numbers[GOLDEN_ROOM];

    assert_int_equal(case_numbers(p, key, numbers), count);
    for (int64_t i = 0; i < count; i++) assert_near(found[i], numbers[i], tolerance);
}

/** Two triangles joined by an edge, and a second relation of six edges; features in rows of length
 *  1. */
static inline problem problem_worked(void)
{
    static const int64_t one[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 3, 4 },
                                      { 4, 5 }, { 3, 5 }, { 2, 3 } };
    static const int64_t two[][2] = { { 0, 1 }, { 1, 2 }, { 3, 4 }, { 4, 5 }, { 0, 5 }, { 1, 4 } };
    double x[] = { 2, 1, 0, 0, 1, 2, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 2, 0, 0, 2, 1 };
    problem p = { .name = "worked", .d = 4 };

    for (int i = 0; i < 6; i++) {
        double sum = 0;
        for (int j = 0; j < 4; j++) sum += x[4 * i + j] * x[4 * i + j];
        for (int j = 0; j < 4; j++) x[4 * i + j] /= sqrt(sum);
    }
    problem_add(&p, "one", test_graph(6, 7, one, NULL));
    problem_add(&p, "two", test_graph(6, 6, two, NULL));
    problem_finish(&p, x);
    return p;
}

/** A file of a data set, .mtx or .mtx.gz; false after printing that it is not there. */
static inline bool dataset_path(const char *set, const char *file, char path[4096])
{
    static const char *const endings[] = { "mtx", "mtx.gz" };

    for (int i = 0; i < 2; i++) {
        snprintf(path, 4096, "%s/%s/%s.%s", getenv("KITH_DATASETS"), set, file, endings[i]);
        if (access(path, R_OK) == 0) return true;
    }
    printf("skipped: %s of the data set %s is not in %s\n", file, set, getenv("KITH_DATASETS"));
    return false;
}

/** A data set of relations (NULL-terminated, names of its graph files); false without it.
 *
 *  loops  edges from a node to itself are read, too
 */
static inline bool problem_dataset(problem *p, const char *set, const char *const *relations,
                                   bool loops)
{
    kith_read_options read = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };
    char path[4096];

    *p = (problem){ 0 };
    read.graph.loops = loops ? KITH_LOOPS_KEEP : KITH_LOOPS_DROP;
    snprintf(p->name, sizeof p->name, "%s", set);
    for (; *relations; relations++) {
        kith_graph *graph = NULL;
        if (!dataset_path(set, *relations, path)) return false;
        assert_kith(kith_graph_read(path, &read, &graph, &err), err);
        problem_add(p, *relations, graph);
    }
    if (!dataset_path(set, "features", path)) return false;
    problem_finish(p, NULL);
    assert_kith(kith_features_read(path, NULL, &p->features, &err), err);
    p->d = kith_features_columns(p->features);
    p->truth = test_dataset_labels(set, p->graph);
    return p->truth != NULL;
}

/** Adds accuracy, NMI and ARI of a partition, which it frees, to `scores`. */
static inline void add_scores(const problem *p, kith_partition *partition, double scores[3])
{
    kith_comparison c;
    kith_error err = { 0 };

    assert_kith(kith_compare(p->n, kith_partition_labels(partition), p->truth, NULL, &c, &err),
                err);
    scores[0] += c.accuracy;
    scores[1] += c.nmi;
    scores[2] += c.ari;
    kith_partition_free(partition);
}

/** The value of a figure. */
static inline double figure(const kith_partition *partition, const char *name)
{
    double value;

    for (int64_t i = 0; kith_partition_figure(partition, i, &value); i++)
        if (!strcmp(kith_partition_figure(partition, i, NULL), name)) return value;
    fail_msg("there is no figure %s", name);
    return NAN;
}

#endif
