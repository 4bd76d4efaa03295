#!/usr/bin/env python3
"""k-means beside scikit-learn's, in turn on the same rows from the same centres: a table of ratios.

    bench/compare_kmeans.py --python PYTHON [--repeats R] [--n N] [--d D] [--k K] [--rounds ROUNDS]

PYTHON has scikit-learn. Rows are made three times: uniform ones, and normal ones of deviation 0.5
and 1 about K places in a cube of side 2. Both programs make ROUNDS rounds of Lloyd on one thread;
the peer runs both of its algorithms. Figures are medians of CPU seconds without reading; inertias
differ by what the peer's last assignment, after its last round, gains.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

BENCH = pathlib.Path(__file__).parent.parent / "build/bench/kmeans"
MAKE = """
import numpy, sys
n, d, k, deviation = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
random = numpy.random.default_rng(0)
x = random.random((n, d))
if deviation:
    x = 2 * random.random((k, d))[random.integers(k, size=n)] + deviation * random.normal(size=(n, d))
numpy.save(sys.argv[5], x)
numpy.save(sys.argv[6], x[random.choice(n, k, replace=False)])
"""
RUN = """
import json, numpy, sys, time, warnings
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits
warnings.simplefilter("ignore")
x, centres = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])
with threadpool_limits(1):
    begun = time.process_time()
    found = KMeans(len(centres), init=centres, n_init=1, max_iter=int(sys.argv[3]), tol=0,
                   algorithm=sys.argv[4]).fit(x)
    print(json.dumps({"cpu_seconds": time.process_time() - begun, "inertia": found.inertia_}))
"""


def run(*command):
    out = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True)
    return json.loads(out.stdout) if out.stdout else None


def median(runs, key):
    return statistics.median(r[key] for r in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", required=True)
    parser.add_argument("--repeats", type=int, default=3)
    for name, value in (("n", 10**6), ("d", 32), ("k", 100), ("rounds", 20)):
        parser.add_argument(f"--{name}", type=int, default=value)
    a = parser.parse_args()

    print(f"{'deviation':9} {'s':>8} {'lloyd s':>8} {'ratio':>6} {'elkan s':>8} {'ratio':>6} "
          f"{'inertia':>12} {'peer':>12}")
    with tempfile.TemporaryDirectory() as folder:
        x, centres = f"{folder}/x.npy", f"{folder}/centres.npy"
        for deviation in (0, 0.5, 1):
            run(a.python, "-c", MAKE, a.n, a.d, a.k, deviation, x, centres)
            ours, lloyd, elkan = [], [], []
            for _ in range(a.repeats):
                ours.append(run(BENCH, x, 0, a.k, a.rounds, 1, centres))
                lloyd.append(run(a.python, "-c", RUN, x, centres, a.rounds, "lloyd"))
                elkan.append(run(a.python, "-c", RUN, x, centres, a.rounds, "elkan"))
            times = [median(runs, "cpu_seconds") for runs in (ours, lloyd, elkan)]
            print(f"{deviation or 'uniform':9} {times[0]:8.3f} {times[1]:8.3f} "
                  f"{times[0] / times[1]:6.2f} {times[2]:8.3f} {times[0] / times[2]:6.2f} "
                  f"{median(ours, 'inertia'):12.2f} {median(lloyd, 'inertia'):12.2f}", flush=True)


if __name__ == "__main__":
    main()
