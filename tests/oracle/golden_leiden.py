"""Golden values of Leiden: python-igraph on graphs with ground truth.

Writes datasets/golden/leiden.csv: graph, mean modularity and mean NMI with the truth over 20 seeds of
igraph's Leiden with two iterations. Run with the data sets' folder as the argument; needs igraph,
numpy, scipy and scikit-learn.
"""
import csv
import pathlib
import random
import sys

import igraph
import numpy as np
import scipy.io
from sklearn.metrics import normalized_mutual_info_score

SEEDS = 20
GRAPHS = ["email-eu-core", "polblogs", "football", "cora"]


def measure(folder):
    matrix = scipy.io.mmread(folder / "graph.mtx").tocoo()
    upper = matrix.row <= matrix.col
    edges = np.column_stack([matrix.row[upper], matrix.col[upper]])
    graph = igraph.Graph(matrix.shape[0], edges.tolist())
    truth = np.loadtxt(folder / "labels.txt", dtype=int)
    known = truth >= 0
    modularity, nmi = [], []
    for seed in range(SEEDS):
        random.seed(seed)
        found = graph.community_leiden(objective_function="modularity", n_iterations=2)
        modularity.append(found.modularity)
        labels = np.array(found.membership)
        nmi.append(normalized_mutual_info_score(truth[known], labels[known]))
    return np.mean(modularity), np.mean(nmi)


def main():
    datasets = pathlib.Path(sys.argv[1])
    target = pathlib.Path(__file__).parents[2] / "datasets" / "golden" / "leiden.csv"
    with open(target, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        file.write("# key,value,tolerance,source\n")
        source = f"python-igraph {igraph.__version__} community_leiden n_iterations=2 mean of {SEEDS} seeds"
        for name in GRAPHS:
            modularity, nmi = measure(datasets / name)
            rows.writerow([f"{name}/modularity", f"{modularity:.6f}", 0.001, source])
            rows.writerow([f"{name}/nmi", f"{nmi:.6f}", 0.03, source])


main()
