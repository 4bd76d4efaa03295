/* Discrete power laws, drawn by inverting the cumulative weights. */
#include "generate/power_law.h"

enum { BISECTIONS = 100 };

/* The weight of h, 1 for the least number: it neither overflows nor vanishes for all h at once. */
static double weight_of(int64_t h, int64_t least, double exponent)
{
    return pow((double)h / (double)least, -exponent);
}

double kith_i_power_law_mean(int64_t least, int64_t largest, double exponent)
{
    double total = 0, moment = 0;

    for (int64_t h = least; h <= largest; h++) {
        const double w = weight_of(h, least, exponent);
        total += w;
        moment += w * (double)h;
    }
    return moment / total;
}

/* The integral of y^(power - 1) from 1 to e^log_ratio. */
static double integral(double power, double log_ratio)
{
    return power == 0 ? log_ratio : expm1(power * log_ratio) / power;
}

double kith_i_power_law_continuous_mean(double least, double largest, double exponent)
{
    const double log_ratio = log(largest / least);

    if (log_ratio <= 0) return least;
    return least * integral(2 - exponent, log_ratio) / integral(1 - exponent, log_ratio);
}

double kith_i_power_law_continuous_least(double mean, int64_t largest, double exponent)
{
    double low = 1, high = (double)largest;

    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = low + (high - low) / 2;
        const double m = kith_i_power_law_continuous_mean(middle, (double)largest, exponent);
        *(m < mean ? &low : &high) = middle;
    }
    return high;
}

int64_t kith_i_power_law_least(double mean, int64_t largest, double exponent)
{
    const double least = kith_i_power_law_continuous_least(mean, largest, exponent);
    const int64_t below = (int64_t)floor(least), above = below + 1;

    if ((double)above > mean || above > largest) return below;
    return fabs(kith_i_power_law_mean(above, largest, exponent) - mean)
                   < fabs(kith_i_power_law_mean(below, largest, exponent) - mean)
               ? above
               : below;
}

/* The weight of `least` that makes the mean: least w + sum_h h w_h = mean (w + sum_h w_h). */
static double tuned_weight(const kith_i_power_law *law, double exponent, double mean)
{
    double excess = 0;

    for (int64_t h = law->least + 1; h <= law->largest; h++)
        excess += weight_of(h, law->least, exponent) * ((double)h - mean);
    return excess > 0 ? excess / (mean - (double)law->least) : 0;
}

kith_status kith_i_power_law_init(kith_i_power_law *law, int64_t least, int64_t largest,
                                  double exponent, double mean, kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 1;

    *law = (kith_i_power_law){ .least = least, .largest = largest };
    KITH_TRY(kith_i_alloc(&law->cumulative, largest - least + 1, sizeof(double), err));
    if (mean > (double)least && least < largest) total = tuned_weight(law, exponent, mean);
    law->cumulative[0] = total;
    for (int64_t h = least + 1; h <= largest; h++)
        law->cumulative[h - least] = total += weight_of(h, least, exponent);

done:
    return status;
}

void kith_i_power_law_clear(kith_i_power_law *law)
{
    kith_i_free(law->cumulative);
    law->cumulative = NULL;
}

int64_t kith_i_power_law_at(const kith_i_power_law *law, double share)
{
    int64_t low = 0, high = law->largest - law->least;
    const double weight = share * law->cumulative[high];

    while (low < high) { /* the first whose cumulative weight is larger */
        const int64_t middle = low + (high - low) / 2;
        if (law->cumulative[middle] > weight) high = middle;
        else low = middle + 1;
    }
    return law->least + low;
}
