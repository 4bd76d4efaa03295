/* Teams: every item of every loop once, and what a loop did is there when it has ended. */
#include "support/test.h"

#include "core/team.h"

enum { LOOPS = 3000, MOST = 64 };

typedef struct {
    int     threads;
    int64_t items;
    int64_t visits[MOST]; /* written by whoever takes the item, read by the leader */
    int64_t total;
    bool    astray; /* an item or thread out of range */
} counting;

static void visit(void *self, int64_t item, int thread)
{
    counting *c = self;

    if (item >= c->items || thread >= c->threads) c->astray = true;
    else c->visits[item]++;
}

static void lead_loops(kith_i_team *team, void *self)
{
    counting *c = self;

    for (int loop = 0; loop < LOOPS; loop++) {
        c->items = loop % MOST + 1;
        kith_i_team_loop(team, c->items, visit, c);
        for (int64_t i = 0; i < c->items; i++) c->total += c->visits[i];
        memset(c->visits, 0, sizeof c->visits);
    }
}

static void every_item_is_done_once_before_the_loop_ends(void **state)
{
    int64_t expected = 0;

    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) expected += loop % MOST + 1;
    for (int threads = 1; threads <= 4; threads++) {
        counting c = { .threads = threads };
        kith_i_team_run(threads, lead_loops, &c);
        assert_false(c.astray);
        assert_int_equal(c.total, expected);
    }
}

static void lead_nothing(kith_i_team *team, void *self)
{
    kith_i_team_loop(team, 0, visit, self);
    ((counting *)self)->total = -1;
}

static void a_loop_of_nothing_ends(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        counting c = { .threads = threads };
        kith_i_team_run(threads, lead_nothing, &c);
        assert_int_equal(c.total, -1);
        assert_false(c.astray);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once_before_the_loop_ends),
        cmocka_unit_test(a_loop_of_nothing_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
