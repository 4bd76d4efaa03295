#!/usr/bin/env python3
"""Leiden beside other programs, in turn on the same graphs: a table of ratios.

    bench/compare.py [--rounds R] [--threads T] [--method METHOD] [--gve PATH] GRAPH.mtx...

Each round runs Kith with another seed and then every peer; figures are medians. The peers:

    --gve PATH   GVE-Leiden, compiled from github.com/puzzlef/leiden-communities-openmp with the
                 number of threads that is compared (MAX_THREADS) and REPEAT_METHOD=1. Its seconds
                 are those it prints of its own.

Without peers it prints Kith's figures alone. METHOD is as bench/modularity takes it.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess

BENCH = pathlib.Path(__file__).parent.parent / "build/bench/modularity"
GVE = re.compile(r"\{(\S+)ms, .* (\S+) modularity, .*\} leidenStaticOmp")


def run_kith(arguments, graph, seed):
    command = [BENCH, graph, seed, arguments.threads, arguments.method]
    line = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True)
    run = json.loads(line.stdout)
    return run["seconds"], run["modularity"]


def run_gve(path, graph):
    lines = subprocess.run([path, graph, "0", "0"], capture_output=True, text=True, check=True)
    found = GVE.search(lines.stdout)
    if not found:
        raise SystemExit(f"compare.py: {path}: no line of leidenStaticOmp")
    return float(found[1]) / 1000, float(found[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--method", default="leiden:iterations=1")
    parser.add_argument("--gve", metavar="PATH")
    parser.add_argument("graphs", nargs="+")
    arguments = parser.parse_args()

    print(f"{'graph':20} {'s':>8} {'peer s':>8} {'ratio':>6} {'Q':>8} {'peer Q':>8}")
    for graph in arguments.graphs:
        ours, theirs = [], []
        for seed in range(arguments.rounds):
            ours.append(run_kith(arguments, graph, seed))
            if arguments.gve:
                theirs.append(run_gve(arguments.gve, graph))
        row = [statistics.median(figures) for figures in zip(*ours)]
        peer = [statistics.median(figures) for figures in zip(*theirs)] or [float("nan")] * 2
        print(f"{pathlib.Path(graph).stem:20} {row[0]:8.3f} {peer[0]:8.3f} {row[0] / peer[0]:6.2f} "
              f"{row[1]:8.5f} {peer[1]:8.5f}", flush=True)


if __name__ == "__main__":
    main()
