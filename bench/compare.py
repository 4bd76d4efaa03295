#!/usr/bin/env python3
"""Kith beside other programs, in turn on the same graphs: a table of ratios.

    bench/compare.py [--rounds R] [--threads T] [--method METHOD] [--gve PATH] GRAPH.mtx...
    bench/compare.py --spectral K,... [--tolerance X] [--rounds R] GRAPH.npz...

Each round runs Kith with another seed and then every peer; figures are medians. The peers:

    --gve PATH   GVE, compiled from github.com/puzzlef/leiden-communities-openmp (Leiden, Louvain) or
                 rak-communities-openmp (label propagation) with the number of threads that is
                 compared (MAX_THREADS) and REPEAT_METHOD=1. Its seconds are those it prints of its
                 own. Graphs must be declared symmetric, or it takes them for directed ones.

Without peers it prints Kith's figures alone. METHOD is as bench/modularity takes it.

With --spectral, the K largest eigenpairs of the normalised adjacency, on one thread, beside SciPy's
eigsh and SLEPc where this Python has them (bench/eigen_peers.py): medians of processor seconds. A
result whose residual is above the tolerance fails its row, whoever's it is.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
BENCH = HERE.parent / "build/bench/modularity"
SPECTRAL = HERE.parent / "build/bench/spectral"
GVE = {"leiden": "leidenStaticOmp", "louvain": "louvainStaticOmp",
       "label-propagation": "rakStaticOmp"}


def run_kith(arguments, graph, seed):
    command = [BENCH, graph, seed, arguments.threads, arguments.method]
    line = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True)
    run = json.loads(line.stdout)
    return run["seconds"], run["modularity"]


def run_gve(path, method, graph):
    name = GVE[method.partition(":")[0]]
    lines = subprocess.run([path, graph, "0", "0"], capture_output=True, text=True, check=True)
    found = re.search(rf"\{{(\S+)ms, .* (\S+) modularity.*\}} {name}", lines.stdout)
    if not found:
        raise SystemExit(f"compare.py: {path}: no line of {name}")
    return float(found[1]) / 1000, float(found[2])


def solve(command):
    """One line of JSON; None where the program is not there."""
    ran = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if ran.returncode == 0:
        return json.loads(ran.stdout)
    if "ModuleNotFoundError" in ran.stderr:
        return None
    raise SystemExit(f"compare.py: {ran.stderr.strip()}")


def spectral_row(graph, k, arguments):
    runs = {}
    for _ in range(arguments.rounds):
        commands = {"kith": [SPECTRAL, graph, k, arguments.tolerance, 1]}
        for peer in ("slepc", "eigsh"):
            commands[peer] = [sys.executable, HERE / "eigen_peers.py", peer, graph, k,
                              arguments.tolerance]
        for name, command in commands.items():
            run = solve(command)
            if run:
                runs.setdefault(name, []).append(run)
    ours = statistics.median(run["processor_seconds"] for run in runs["kith"])
    for name, found in runs.items():
        seconds = statistics.median(run["processor_seconds"] for run in found)
        residual = max(run["residual"] for run in found)
        good = all(run["converged"] for run in found)
        print(f"{pathlib.Path(graph).stem:12} {k:>4} {found[0].get('version', 'Kith'):14} "
              f"{seconds:8.2f} {ours / seconds:6.2f} {residual:9.1e}"
              f"{'' if good else '  FAILED: above the tolerance'}", flush=True)


def compare_spectral(arguments):
    print(f"{'graph':12} {'k':>4} {'solver':14} {'s':>8} {'ratio':>6} {'residual':>9}")
    for graph in arguments.graphs:
        for k in arguments.spectral.split(","):
            spectral_row(graph, k, arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--method", default="leiden:iterations=1")
    parser.add_argument("--gve", metavar="PATH")
    parser.add_argument("--spectral", metavar="K,...")
    parser.add_argument("--tolerance", type=float, default=1e-6)
    parser.add_argument("graphs", nargs="+")
    arguments = parser.parse_args()
    if arguments.spectral:
        compare_spectral(arguments)
        return

    print(f"{'graph':20} {'s':>8} {'peer s':>8} {'ratio':>6} {'Q':>8} {'peer Q':>8}")
    for graph in arguments.graphs:
        ours, theirs = [], []
        for seed in range(arguments.rounds):
            ours.append(run_kith(arguments, graph, seed))
            if arguments.gve:
                theirs.append(run_gve(arguments.gve, arguments.method, graph))
        row = [statistics.median(figures) for figures in zip(*ours)]
        peer = [statistics.median(figures) for figures in zip(*theirs)] or [float("nan")] * 2
        print(f"{pathlib.Path(graph).stem:20} {row[0]:8.3f} {peer[0]:8.3f} {row[0] / peer[0]:6.2f} "
              f"{row[1]:8.5f} {peer[1]:8.5f}", flush=True)


if __name__ == "__main__":
    main()
