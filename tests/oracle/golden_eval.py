"""Golden values of the evaluation measures: igraph, networkx, leidenalg and scikit-learn.

Writes two files to datasets/golden/:
  eval-graphs.txt  twenty random graphs, each with a partition and a truth
  eval.csv         key,value,tolerance,source; a key is graph/measure

Needs igraph, leidenalg, networkx, numpy, scipy and scikit-learn; their versions stand in the rows.

A graph is a line `graph NAME NODES EDGES directed|undirected`, its edges `SOURCE TARGET WEIGHT`, and
the two lines `labels ...` and `truth ...`. A label of -1 is an unassigned node, a truth of -1 an
unknown one.
"""
import math
import pathlib
import random

import igraph
import leidenalg
import networkx
import numpy as np
import scipy
import sklearn
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix

IGRAPH = f"python-igraph {igraph.__version__}"
LEIDENALG = f"leidenalg {leidenalg.__version__}"
NETWORKX = f"networkx {networkx.__version__}"
SKLEARN = f"scikit-learn {sklearn.__version__}"
SCIPY = f"scipy {scipy.__version__} linear_sum_assignment, scikit-learn {sklearn.__version__}"
RESOLUTION = 0.7
CPM_RESOLUTION = 0.05


def random_graph(r, n, classes, p_in, p_out, weighted, loops, directed):
    truth = [r.randrange(classes) for _ in range(n)]
    edges = []
    for u in range(n):
        for v in range(0 if directed else u, n):
            p = p_in if truth[u] == truth[v] else p_out
            if (u != v or loops) and r.random() < p:
                edges.append((u, v, r.randint(1, 40) / 8 if weighted else 1))
    return edges, truth


def perturbed(r, truth, rate, communities):
    return [r.randrange(communities) if r.random() < rate else t for t in truth]


def make_graphs():
    r = random.Random(1977)
    graphs = []
    for i in range(20):
        weighted, loops, directed = i % 2 == 1, i % 4 >= 2, i % 5 >= 3
        n = 20 + 2 * i
        classes = 2 + i % 6
        p_in, p_out = (0.15, 0.15) if i < 6 else (0.4, 0.05)
        edges, truth = random_graph(r, n, classes, p_in, p_out, weighted, loops, directed)
        labels = perturbed(r, truth, 0.1 + 0.04 * (i % 10), classes + i % 3)
        if i % 4 == 1:  # unknown truths, unassigned nodes, sparse numbers
            truth = [-1 if r.random() < 0.1 else 10**12 * t + 7 for t in truth]
            labels = [-1 if r.random() < 0.1 else c for c in labels]
        graphs.append((f"g{i:02}", n, directed, edges, labels, truth))
    return graphs


def separated(labels):
    """Each unassigned node in a community of its own; communities numbered 0, 1, ..."""
    keys = [(0, c) if c >= 0 else (1, v) for v, c in enumerate(labels)]
    number = {key: i for i, key in enumerate(sorted(set(keys)))}
    return [number[key] for key in keys]


def quality(n, directed, edges, labels):
    membership = separated(labels)
    weights = [w for _, _, w in edges]
    graph = igraph.Graph(n, [(u, v) for u, v, _ in edges], directed=directed)
    yield "modularity", graph.modularity(membership, weights=weights), 1e-12, IGRAPH
    value = graph.modularity(membership, weights=weights, resolution=RESOLUTION)
    yield f"modularity-{RESOLUTION}", value, 1e-12, IGRAPH
    crossing = igraph.VertexClustering(graph, membership).crossing()
    inside = sum(w for w, cross in zip(weights, crossing) if not cross)
    yield "coverage", inside / sum(weights), 1e-12, IGRAPH
    cpm = leidenalg.CPMVertexPartition(graph, membership, weights=weights,
                                       resolution_parameter=CPM_RESOLUTION,
                                       correct_self_loops=False)
    halved = 1 if directed else 0.5  # leidenalg counts an undirected edge both ways
    yield f"cpm-{CPM_RESOLUTION}", halved * cpm.quality(), 1e-10, LEIDENALG

    # A + A^T as an undirected multigraph; networkx counts a loop twice in a volume.
    both = networkx.MultiGraph()
    both.add_nodes_from(range(n))
    both.add_weighted_edges_from(edges)
    communities = [{v for v in range(n) if membership[v] == c} for c in range(max(membership) + 1)]
    conductances, normalized_cut = [], 0
    for c in communities:
        volume = networkx.volume(both, c, weight="weight")
        if volume > 0:
            normalized_cut += networkx.cut_size(both, c, weight="weight") / volume
            conductances.append(networkx.conductance(both, c, weight="weight"))
    yield "conductance_mean", math.fsum(conductances) / len(conductances), 1e-12, NETWORKX
    yield "conductance_max", max(conductances), 1e-12, NETWORKX
    yield "normalized_cut", normalized_cut, 1e-12, NETWORKX


def matched(labels, truth, assigned):
    """Accuracy and macro F1 of the best matching; among equals, the one of best F1."""
    table = contingency_matrix(labels, truth).astype(float)
    communities, classes = np.unique(labels), np.unique(truth)
    score = 2 * table / (table.sum(1)[:, None] + table.sum(0)[None, :])
    usable = np.isin(communities, labels[assigned])
    worth = np.where(usable[:, None], table + score / (len(classes) + 1), 0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    number = {communities[i]: classes[j] for i, j in zip(rows, columns) if worth[i, j] > 0}
    predicted = np.array([number.get(c, -2) for c in labels])
    f1 = metrics.f1_score(truth, predicted, labels=classes, average="macro", zero_division=0)
    return (predicted == truth).mean(), f1


def comparison(labels, truth):
    known = np.array(truth) >= 0
    assigned = np.array(labels)[known] >= 0
    labels = np.array(separated(labels))[known]
    truth = np.array(truth)[known]
    yield "mutual_information", metrics.mutual_info_score(truth, labels), 1e-10, SKLEARN
    for name, method in ("nmi", "arithmetic"), ("nmi_geometric", "geometric"), ("nmi_min", "min"), \
            ("nmi_max", "max"):
        value = metrics.normalized_mutual_info_score(truth, labels, average_method=method)
        yield name, value, 1e-10, SKLEARN
    yield "ami", metrics.adjusted_mutual_info_score(truth, labels), 1e-10, SKLEARN
    yield "ari", metrics.adjusted_rand_score(truth, labels), 1e-12, SKLEARN
    accuracy, f1 = matched(labels, truth, assigned)
    yield "accuracy", accuracy, 1e-12, SCIPY
    yield "f1_macro", f1, 1e-12, SCIPY


def main():
    golden = pathlib.Path(__file__).parents[2] / "datasets" / "golden"
    graphs = make_graphs()
    with open(golden / "eval-graphs.txt", "w") as file:
        for name, n, directed, edges, labels, truth in graphs:
            file.write(f"graph {name} {n} {len(edges)} {'' if directed else 'un'}directed\n")
            file.writelines(f"{u} {v} {w:g}\n" for u, v, w in edges)
            file.write("labels " + " ".join(map(str, labels)) + "\n")
            file.write("truth " + " ".join(map(str, truth)) + "\n")
    with open(golden / "eval.csv", "w") as file:
        file.write("# key,value,tolerance,source\n")
        for name, n, directed, edges, labels, truth in graphs:
            rows = [*quality(n, directed, edges, labels), *comparison(labels, truth)]
            for measure, value, tolerance, source in rows:
                source = f'"{source}"' if "," in source else source
                file.write(f"{name}/{measure},{value:.17g},{tolerance},{source}\n")


main()
