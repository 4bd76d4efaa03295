/* Spectral clustering from the inside, for methods that change the graph first: their options begin
 * with kith_spectral_options. */
#ifndef KITH_SPECTRAL_SPECTRAL_H
#define KITH_SPECTRAL_SPECTRAL_H

#include "kith/spectral.h"

#include "core/option.h"
#include "spectral/points.h"

extern const char *const kith_i_spectral_matrices[], *const kith_i_spectral_choices[];

#define KITH_I_SPECTRAL_ROWS                                                                       \
    KITH_OPTION(kith_spectral_options, k, I64, 0, INT64_MAX, "communities; 0: chosen"),            \
    KITH_OPTION_CHOICE(kith_spectral_options, matrix, kith_i_spectral_matrices,                    \
                       "whose eigenvectors are taken"),                                            \
    KITH_I_ROUNDING_ROWS(kith_spectral_options),                                                   \
    KITH_OPTION(kith_spectral_options, tau, F64, 0, 1e6,                                           \
                "regularisation in mean strengths, of regularised and degrees"),                   \
    KITH_OPTION_CHOICE(kith_spectral_options, choose, kith_i_spectral_choices, "how k is chosen"), \
    KITH_OPTION(kith_spectral_options, most, I64, 1, 10000,                                        \
                "largest k that the eigengap chooses"),                                            \
    KITH_OPTION(kith_spectral_options, tolerance, F64, 1e-14, 0.1,                                 \
                "residual of eigenpairs, relative; lower: slower")

/** kith_spectral() and kith_spectral_embed() in a call that polls, with options that were read. */
kith_status kith_i_spectral(const kith_graph *graph, const kith_spectral_options *options,
                            kith_i_poll *poll, kith_partition **out, kith_error *err);
kith_status kith_i_spectral_embed(const kith_graph *graph, const kith_spectral_options *options,
                                  kith_i_poll *poll, kith_embedding **out, kith_error *err);

/** Memory at the peak, beyond the graph. */
double kith_i_spectral_bytes(const kith_graph *graph, const void *options);

#endif
