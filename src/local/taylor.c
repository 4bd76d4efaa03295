/* Weights e^-t t^j / j!: the chances of a Poisson distribution, added up from the smallest. */
#include "local/taylor.h"

#include <math.h>

/* The last weight that is not 0 in double precision. */
static int64_t last_weight(double t)
{
    int64_t last = 0;

    for (double weight = exp(-t) * t; weight > 0; weight *= t / (double)(last + 1)) last++;
    return last;
}

kith_status kith_i_taylor_make(double t, double epsilon, kith_i_taylor *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t last = last_weight(t);
    kith_i_taylor s = { .degree = last > 1 ? last : 1 };

    KITH_TRY(kith_i_alloc(&s.weight, s.degree + 1, sizeof *s.weight, err));
    KITH_TRY(kith_i_alloc(&s.tail, s.degree + 1, sizeof *s.tail, err));
    s.weight[0] = exp(-t);
    for (int64_t j = 1; j <= s.degree; j++) s.weight[j] = s.weight[j - 1] * (t / (double)j);
    for (; s.degree > 1 && s.rest + s.weight[s.degree] <= epsilon; s.degree--)
        s.rest += s.weight[s.degree];
    s.tail[s.degree] = s.weight[s.degree];
    for (int64_t j = s.degree; j-- > 0;) s.tail[j] = s.weight[j] + s.tail[j + 1];
    *out = s;
    s = (kith_i_taylor){ 0 };

done:
    kith_i_taylor_clear(&s);
    return status;
}

void kith_i_taylor_clear(kith_i_taylor *taylor)
{
    kith_i_free(taylor->weight);
    kith_i_free(taylor->tail);
    *taylor = (kith_i_taylor){ 0 };
}
