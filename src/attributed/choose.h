/* How many clusters, when the caller does not say. */
#ifndef KITH_ATTRIBUTED_CHOOSE_H
#define KITH_ATTRIBUTED_CHOOSE_H

#include <stdint.h>

enum { KITH_I_CHOICES = 24 }; /* numbers of clusters that are looked at */

/** The k from 2 to `most` behind whose singular value the largest gap lies; 1 where there is none.
 *
 *  count   values, descending, >= 0, at least `most`; behind the last one comes 0
 */
static inline int64_t kith_i_choose(int64_t count, const double *values, int64_t most)
{
    int64_t k = 1;
    double widest = 0;

    for (int64_t i = 2; i <= most; i++) {
        const double gap = values[i - 1] - (i < count ? values[i] : 0);
        if (!(values[i - 1] > 1e-9 * values[0]) || !(gap > widest)) continue;
        widest = gap;
        k = i;
    }
    return k;
}

#endif
