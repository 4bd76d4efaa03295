"""Golden coefficients of logistic regression: scikit-learn.

Writes datasets/golden/logistic.csv: key,value,tolerance,source; a key is problem/intercept,
problem/weight-J or problem/decision-I (of sample I). test_logistic.c draws the same problems.

Needs numpy and scikit-learn.
"""
import pathlib

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

# name, samples, features, entries that are not 0 (one in so many), C
PROBLEMS = [("few", 12, 4, 1, 1.0), ("wide", 50, 300, 5, 1.0), ("tall", 400, 6, 2, 0.25)]


def draw(count, columns, stride):
    i, j = numpy.mgrid[0:count, 0:columns]
    x = ((37 * i + 101 * j + 17 * i * j) % 23 - 11) / 8
    x[(13 * i + 7 * j) % stride != 0] = 0
    k = numpy.arange(count)
    return x, (k * k + 3 * k) % 7 < 3


def main():
    rows = ["# key,value,tolerance,source"]
    source = f"scikit-learn {sklearn.__version__}"
    for name, count, columns, stride, strength in PROBLEMS:
        x, positive = draw(count, columns, stride)
        model = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-13, max_iter=1000)
        model.fit(x, positive)
        rows.append(f"{name}/intercept,{model.intercept_[0]:.17g},1e-9,{source}")
        for j in range(0, columns, max(1, columns // 6)):
            rows.append(f"{name}/weight-{j},{model.coef_[0, j]:.17g},1e-9,{source}")
        decisions = model.decision_function(x)
        for i in range(0, count, max(1, count // 6)):
            rows.append(f"{name}/decision-{i},{decisions[i]:.17g},1e-9,{source}")
    golden = pathlib.Path(__file__).parents[2] / "datasets" / "golden" / "logistic.csv"
    golden.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
