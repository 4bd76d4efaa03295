/* Covers: communities as sorted lists of nodes. */
#include "kith/cover.h"

#include "core/base.h"

#include <inttypes.h>
#include <string.h>

struct kith_cover {
    int64_t  nodes, communities;
    int64_t *offsets; /* communities + 1 */
    int64_t *members;
};

static const char ordering[] = "ordering communities"; /* a stage */

static kith_status check_offsets(int64_t communities, const int64_t *offsets, kith_i_poll *poll,
                                 kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(offsets[0] == 0, KITH_E_INPUT, "offset 0 is %" PRId64 " (expected 0)", offsets[0]);
    for (int64_t c = 0; c < communities; c++) {
        KITH_TRY(kith_i_poll_pass(poll, ordering, c, communities, err));
        KITH_CHECK(offsets[c + 1] >= offsets[c], KITH_E_INPUT,
                   "offset %" PRId64 " is %" PRId64 " (expected at least %" PRId64 ")", c + 1,
                   offsets[c + 1], offsets[c]);
    }

done:
    return status;
}

/* Sorts the members of a community and checks that they are nodes, each once. */
static kith_status order_community(kith_cover *cover, int64_t community, kith_i_poll *poll,
                                   kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *members = cover->members + cover->offsets[community];
    const int64_t count = cover->offsets[community + 1] - cover->offsets[community];

    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(kith_i_poll_pass(poll, ordering, i, count, err));
        KITH_CHECK(members[i] >= 0 && members[i] < cover->nodes, KITH_E_INPUT,
                   "community %" PRId64 " holds node %" PRId64 " (expected 0 to %" PRId64 ")",
                   community, members[i], cover->nodes - 1);
    }
    KITH_TRY(kith_i_sort(members, count, poll, ordering, err));
    for (int64_t i = 1; i < count; i++)
        KITH_CHECK(members[i] != members[i - 1], KITH_E_INPUT,
                   "community %" PRId64 " holds node %" PRId64 " twice (expected once)", community,
                   members[i]);

done:
    return status;
}

kith_status kith_cover_from_members(int64_t nodes, int64_t communities, const int64_t *offsets,
                                    const int64_t *members, const kith_run *run, kith_cover **out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cover *cover = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(nodes >= 0, KITH_E_ARGUMENT, "nodes is %" PRId64 " (expected at least 0)", nodes);
    KITH_CHECK(communities >= 0, KITH_E_ARGUMENT,
               "communities is %" PRId64 " (expected at least 0)", communities);
    KITH_CHECK(offsets, KITH_E_ARGUMENT, "offsets must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(check_offsets(communities, offsets, &poll, err));
    const int64_t count = offsets[communities];
    KITH_CHECK(members || !count, KITH_E_ARGUMENT, "members must not be NULL");

    KITH_TRY(kith_i_zeroed(&cover, 1, sizeof *cover, err));
    cover->nodes = nodes;
    cover->communities = communities;
    KITH_TRY(kith_i_alloc(&cover->offsets, communities + 1, sizeof *offsets, err));
    KITH_TRY(kith_i_alloc(&cover->members, count, sizeof *members, err));
    memcpy(cover->offsets, offsets, (size_t)(communities + 1) * sizeof *offsets);
    if (count) memcpy(cover->members, members, (size_t)count * sizeof *members);
    for (int64_t c = 0; c < communities; c++) KITH_TRY(order_community(cover, c, &poll, err));
    *out = cover;
    cover = NULL;

done:
    kith_cover_free(cover);
    return status;
}

void kith_cover_free(kith_cover *cover)
{
    if (!cover) return;
    kith_i_free(cover->offsets);
    kith_i_free(cover->members);
    kith_i_free(cover);
}

int64_t kith_cover_nodes(const kith_cover *cover)
{
    return cover->nodes;
}

int64_t kith_cover_communities(const kith_cover *cover)
{
    return cover->communities;
}

const int64_t *kith_cover_offsets(const kith_cover *cover)
{
    return cover->offsets;
}

const int64_t *kith_cover_members(const kith_cover *cover)
{
    return cover->members;
}
