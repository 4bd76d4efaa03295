/* The GraphBLAS companion where Kith starts GraphBLAS: arrays change hands. */
#include "companion_tests.h"

int main(void)
{
    if (kith_init(NULL) != KITH_OK || !kith_i_grb_ours()) return 1;
    return run_companion_tests();
}
