/* What features alone, and edges alone, say of a truth. */
#include "baselines.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const kith_comparison unknown = {
    .nmi = NAN, .ami = NAN, .ari = NAN, .accuracy = NAN, .f1_macro = NAN
};

/* Runs an algorithm with what it takes of features, k and sides, and compares it. What it cannot
 * do, more clusters than there are different rows, leaves the measures unknown. */
static kith_status compare(const char *name, const given *in, const kith_features *features,
                           int64_t k, const int64_t *truth, const run_options *run,
                           kith_comparison *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_algorithm *a = kith_algorithm_find(name);
    own_options own = { 0 };
    kith_result result = { 0 };
    char text[32];

    TRY(own_options_init(&own, own_algorithms, a->name, &a->code->options, err));
    own_options_lend(&own, KITH_OPTION_FEATURES, features);
    own_options_lend(&own, KITH_OPTION_BIPARTITE, in->sides);
    snprintf(text, sizeof text, "%" PRId64, k);
    if (own_options_find(&own, "k")) TRY(kith_option_set(own.spec, own.values, "k", text, err));
    TRY(run_fill(run, own.values, err));
    const kith_graph *graph = features ? in->labelled : in->graph;
    status = RUN_HELD(run, a->code->run(graph, own.values, &result, err));
    if (status == KITH_E_ARGUMENT) {
        status = KITH_OK;
        *out = unknown;
        goto done;
    }
    TRY(status);
    TRY(RUN_HELD(run, kith_compare(kith_graph_nodes(in->labelled),
                                   kith_partition_labels(result.partition), truth,
                                   run_untimed(run), out, err)));

done:
    kith_result_free(&result);
    own_options_clear(&own);
    return status;
}

kith_status baselines_run(const given *in, const kith_features *features, int64_t k,
                          const int64_t *truth, const run_options *run, baselines *out,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    const char *structure = in->sides ? "graphhash" : "leiden";

    TRY(compare("kmeans", in, features, k, truth, run, &out->features, err));
    TRY(compare(structure, in, NULL, 0, truth, run, &out->structure, err));
    out->known = true;

done:
    return status;
}

void comparison_summary(const char *key, const kith_comparison *c, summary *out)
{
    summary_object(out, key);
    summary_real(out, "nmi", c->nmi);
    summary_real(out, "ami", c->ami);
    summary_real(out, "ari", c->ari);
    summary_real(out, "accuracy", c->accuracy);
    summary_real(out, "f1_macro", c->f1_macro);
    summary_close(out);
}

void baselines_summary(const baselines *b, summary *out)
{
    if (!b->known) return;
    summary_object(out, "baselines");
    comparison_summary("features", &b->features, out);
    comparison_summary("structure", &b->structure, out);
    summary_close(out);
}
