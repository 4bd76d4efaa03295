/* Newton's method with conjugate gradients for logistic regression [Lin2008].
 *
 *   paper        here
 *   w            v[0 .. columns - 1], the intercept b behind it
 *   f, grad f    objective(), gradient()
 *   D_ii         curvature, C sigma(z_i) sigma(-z_i)
 *   H s          hessian_times(): s + X^T (D (X s))
 *
 * A vector of coefficients has columns + 1 numbers, the last of them for the intercept, to which
 * the ridge does not apply. The diagonal of H preconditions. */
#include "local/logistic.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 200, MOST_HALVINGS = 60 };

typedef struct {
    const kith_i_samples *x;
    double C;
    int64_t size; /* of a vector of coefficients */
    /* by coefficient: */
    double *v, *gradient, *step, *trial;
    double *diagonal, *residual, *direction, *image;
    /* by sample: */
    double *margin, *curvature, *product;
} fit;

static kith_status fit_init(fit *f, const kith_i_samples *samples, double C, kith_error *err)
{
    kith_status status = KITH_OK;
    double **const by_coefficient[] = { &f->v,        &f->gradient, &f->step,      &f->trial,
                                        &f->diagonal, &f->residual, &f->direction, &f->image };
    double **const by_sample[] = { &f->margin, &f->curvature, &f->product };

    *f = (fit){ .x = samples, .C = C, .size = samples->columns + 1 };
    for (size_t i = 0; i < sizeof by_coefficient / sizeof *by_coefficient; i++)
        KITH_TRY(kith_i_zeroed(by_coefficient[i], f->size, sizeof(double), err));
    for (size_t i = 0; i < sizeof by_sample / sizeof *by_sample; i++)
        KITH_TRY(kith_i_zeroed(by_sample[i], samples->count, sizeof(double), err));

done:
    return status;
}

static void fit_clear(fit *f)
{
    double *const all[] = { f->v,        f->gradient,  f->step,      f->trial,
                            f->diagonal, f->residual,  f->direction, f->image,
                            f->margin,   f->curvature, f->product };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) kith_i_free(all[i]);
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* out_i = v x_i + b */
static void times(const kith_i_samples *x, const double *v, double *out)
{
    for (int64_t i = 0; i < x->count; i++) {
        out[i] = v[x->columns];
        for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++)
            out[i] += v[x->indices[e]] * x->values[e];
    }
}

/* out += sum_i a_i (x_i, 1) */
static void add_transposed(const kith_i_samples *x, const double *a, double *out)
{
    for (int64_t i = 0; i < x->count; i++) {
        for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++)
            out[x->indices[e]] += a[i] * x->values[e];
        out[x->columns] += a[i];
    }
}

/* log(1 + exp(-z)) */
static double loss(double z)
{
    return z > 0 ? log1p(exp(-z)) : log1p(exp(z)) - z;
}

/* 1 / (1 + exp(-z)) */
static double sigma(double z)
{
    return z > 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
}

/* f(v); leaves the margins y_i z_i. */
static double objective(fit *f, const double *v)
{
    const kith_i_samples *x = f->x;
    double sum = 0;

    times(x, v, f->margin);
    for (int64_t i = 0; i < x->count; i++) {
        if (!x->positive[i]) f->margin[i] = -f->margin[i];
        sum += loss(f->margin[i]);
    }
    return dot(v, v, x->columns) / 2 + f->C * sum;
}

/* Gradient, curvatures and the diagonal of H, at the margins. */
static void differentiate(fit *f)
{
    const kith_i_samples *x = f->x;

    for (int64_t i = 0; i < x->count; i++) {
        const double wrong = sigma(-f->margin[i]);
        f->product[i] = (x->positive[i] ? -f->C : f->C) * wrong;
        f->curvature[i] = f->C * wrong * (1 - wrong);
    }
    memcpy(f->gradient, f->v, (size_t)x->columns * sizeof *f->v);
    f->gradient[x->columns] = 0;
    add_transposed(x, f->product, f->gradient);
    for (int64_t j = 0; j < x->columns; j++) f->diagonal[j] = 1;
    f->diagonal[x->columns] = 0;
    for (int64_t i = 0; i < x->count; i++) {
        for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++)
            f->diagonal[x->indices[e]] += f->curvature[i] * x->values[e] * x->values[e];
        f->diagonal[x->columns] += f->curvature[i];
    }
    if (!(f->diagonal[x->columns] > 0)) f->diagonal[x->columns] = 1; /* all margins are huge */
}

static void hessian_times(fit *f, const double *s, double *out)
{
    const kith_i_samples *x = f->x;

    times(x, s, f->product);
    for (int64_t i = 0; i < x->count; i++) f->product[i] *= f->curvature[i];
    memcpy(out, s, (size_t)x->columns * sizeof *s);
    out[x->columns] = 0;
    add_transposed(x, f->product, out);
}

/* z^T r for z = r / diagonal. */
static double preconditioned(const fit *f)
{
    double sum = 0;

    for (int64_t j = 0; j < f->size; j++) sum += f->residual[j] * f->residual[j] / f->diagonal[j];
    return sum;
}

/* step with H step = -gradient, by conjugate gradients until the residual has fallen by `factor`.
 * H has at most count + 2 distinct eigenvalues; rounding may ask for some more steps. */
static void newton_step(fit *f, double factor)
{
    const int64_t most = 2 * f->x->count + 20;

    for (int64_t j = 0; j < f->size; j++) {
        f->step[j] = 0;
        f->residual[j] = -f->gradient[j];
        f->direction[j] = f->residual[j] / f->diagonal[j];
    }
    const double first = preconditioned(f);
    double now = first;
    for (int64_t i = 0; i < most && now > factor * factor * first; i++) {
        hessian_times(f, f->direction, f->image);
        const double bend = dot(f->direction, f->image, f->size), before = now;
        if (!(bend > 0)) break;
        for (int64_t j = 0; j < f->size; j++) {
            f->step[j] += now / bend * f->direction[j];
            f->residual[j] -= now / bend * f->image[j];
        }
        now = preconditioned(f);
        for (int64_t j = 0; j < f->size; j++)
            f->direction[j] = f->residual[j] / f->diagonal[j] + now / before * f->direction[j];
    }
}

/* v + t step for the largest t of 1, 1/2, 1/4, ... at which f falls enough; false at the optimum.
 * There -slope is the square of Newton's decrement: where it is too small for f to show the fall,
 * whole steps still halve the number of wrong digits. */
static bool search(fit *f, double *value)
{
    const double fall = -dot(f->gradient, f->step, f->size);
    double t = 1;

    if (!(fall > 1e-24 * *value)) return false;
    for (int i = 0; i < MOST_HALVINGS; i++, t /= 2) {
        for (int64_t j = 0; j < f->size; j++) f->trial[j] = f->v[j] + t * f->step[j];
        const double there = objective(f, f->trial);
        if (there <= *value - 1e-4 * t * fall || fall < 1e-12 * *value) {
            double *const old = f->v;
            f->v = f->trial;
            f->trial = old;
            *value = there;
            return true;
        }
    }
    return false;
}

static kith_status check(const kith_i_samples *x, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t positive = 0;
    double squares = 0;

    for (int64_t i = 0; i < x->count; i++) positive += x->positive[i];
    KITH_CHECK(positive > 0, KITH_E_ARGUMENT,
               "there is no positive sample (expected at least one)");
    KITH_CHECK(positive < x->count, KITH_E_ARGUMENT,
               "there is no negative sample (expected at least one)");
    for (int64_t e = 0; e < x->offsets[x->count]; e++) squares += x->values[e] * x->values[e];
    KITH_CHECK(squares < 1e100, KITH_E_ARGUMENT,
               "the features have a sum of squares of %g (expected less than 1e100)", squares);

done:
    return status;
}

kith_status kith_i_logistic_fit(const kith_i_samples *samples, double strength, kith_i_poll *poll,
                                double *weights, double *intercept, kith_error *err)
{
    kith_status status = KITH_OK;
    fit f = { 0 };

    KITH_TRY(check(samples, err));
    KITH_TRY(fit_init(&f, samples, strength, err));
    double value = objective(&f, f.v);
    for (int step = 0; step < MOST_STEPS; step++) {
        KITH_TRY(kith_i_poll_check(poll, "training the classifier", -1, err));
        differentiate(&f);
        newton_step(&f, 1e-4);
        if (!search(&f, &value)) break;
    }
    memcpy(weights, f.v, (size_t)samples->columns * sizeof *weights);
    *intercept = f.v[samples->columns];

done:
    fit_clear(&f);
    return status;
}
