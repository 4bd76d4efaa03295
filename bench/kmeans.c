/* k-means of the rows of a matrix.
 *
 *   kmeans [ROWS.npy|N [D [K [ROUNDS [THREADS [CENTRES.npy]]]]]]
 *
 * Rows are read from a file, or are N points of D numbers about K places (default 10^6, 32, 100).
 * With CENTRES, one start from those; else one start from k-means++ seeds. ROUNDS at most (default
 * 20). One JSON line. bench/compare.py sets these figures beside those of scikit-learn. */
#include "kith/kith.h"

#include "core/base.h"
#include "graph/features.h"
#include "linalg/kmeans.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "kmeans: %s: %s\n", what, why);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
    int64_t n, d;
    double *x;
} matrix;

static matrix read_matrix(const char *path)
{
    kith_features *features = NULL;
    kith_error err = { 0 };

    if (kith_features_read(path, NULL, &features, &err) != KITH_OK) stop(path, err.message);
    matrix m = { kith_features_rows(features), kith_features_columns(features), NULL };
    m.x = malloc((size_t)(m.n * m.d + 1) * sizeof *m.x);
    if (!m.x) stop(path, "out of memory");
    for (int64_t i = 0; i < m.n; i++) kith_features_row(features, i, m.x + i * m.d);
    kith_features_free(features);
    return m;
}

/* Sums of six uniform numbers are nearly normal. */
static matrix make_matrix(int64_t n, int64_t d, int64_t k)
{
    matrix m = { n, d, malloc((size_t)(n * d + 1) * sizeof *m.x) };

    if (!m.x) stop("matrix", "out of memory");
    for (int64_t i = 0; i < n; i++) {
        kith_i_random r = kith_i_random_at(1, 0, (uint64_t)i);
        const uint64_t place = kith_i_random_below(&r, (uint64_t)k);
        kith_i_random of_place = kith_i_random_at(1, 1, place);
        for (int64_t j = 0; j < d; j++) {
            double noise = -3;
            for (int t = 0; t < 6; t++) noise += kith_i_random_unit(&r);
            m.x[i * d + j] = 2 * kith_i_random_unit(&of_place) + noise;
        }
    }
    return m;
}

int main(int argc, char **argv)
{
    const int64_t d = argc > 2 ? atoll(argv[2]) : 32, k = argc > 3 ? atoll(argv[3]) : 100;
    char *end = NULL;
    const double n = argc > 1 ? strtod(argv[1], &end) : 1e6;
    const matrix m = end && *end ? read_matrix(argv[1]) : make_matrix((int64_t)n, d, k);
    const matrix centres = argc > 6 ? read_matrix(argv[6]) : (matrix){ 0 };
    const kith_i_kmeans_options o = { .k = k,
                                      .restarts = 1,
                                      .rounds = argc > 4 ? atoll(argv[4]) : 20,
                                      .centres = centres.x,
                                      .threads = argc > 5 ? atoi(argv[5]) : 1 };
    int64_t *labels = malloc((size_t)(m.n + 1) * sizeof *labels);
    kith_i_kmeans_report report;
    kith_i_poll poll;
    kith_error err = { 0 };

    if (!labels) stop("labels", "out of memory");
    if (centres.x && (centres.d != m.d || centres.n != k)) stop(argv[6], "of another shape");
    kith_i_poll_start(&poll, NULL);
    const double begun = kith_i_now(), cpu = cpu_seconds();
    if (kith_i_kmeans(m.n, m.d, m.x, &o, &poll, labels, NULL, &report, &err) != KITH_OK)
        stop("k-means", err.message);
    printf("{\"algorithm\":\"kmeans\",\"n\":%lld,\"d\":%lld,\"k\":%lld,\"threads\":%d,"
           "\"rounds\":%lld,\"converged\":%s,\"inertia\":%.10g,\"seconds\":%.4f,"
           "\"cpu_seconds\":%.4f}\n",
           (long long)m.n, (long long)m.d, (long long)k, o.threads, (long long)report.rounds,
           report.converged ? "true" : "false", report.inertia, kith_i_now() - begun,
           cpu_seconds() - cpu);
    free(m.x);
    free(centres.x);
    free(labels);
    return 0;
}
