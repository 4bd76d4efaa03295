"""Golden communities of Markov clustering: the markov_clustering package.

Writes two files to datasets/golden/:
  markov-graphs.txt  graphs with their communities, as eval-graphs.txt is written
  markov.csv         key,value,tolerance,source; a key is graph/measure

Needs markov_clustering, networkx, numpy and scipy.
"""
import importlib.metadata
import pathlib
import random

import markov_clustering
import networkx
import scipy.sparse

THRESHOLD = 1e-4
INFLATIONS = [1.4, 2, 3]


def planted(r, n, classes, p_in, p_out):
    truth = [r.randrange(classes) for _ in range(n)]
    graph = networkx.empty_graph(n)
    for u in range(n):
        for v in range(u):
            if r.random() < (p_in if truth[u] == truth[v] else p_out):
                graph.add_edge(v, u)
    return graph


def make_graphs():
    r = random.Random(2000)
    karate = pathlib.Path(__file__).parents[2] / "datasets" / "karate.txt"
    yield "karate", networkx.read_edgelist(karate, nodetype=int)
    yield "caveman", networkx.connected_caveman_graph(6, 5)
    yield "barbell", networkx.barbell_graph(6, 3)
    for i in range(6):
        yield f"planted{i}", planted(r, 30 + 5 * i, 3 + i % 3, 0.5, 0.04)


def cluster(graph, inflation):
    matrix = scipy.sparse.csr_matrix(networkx.to_scipy_sparse_array(graph, sorted(graph)))
    flow = markov_clustering.run_mcl(matrix, inflation=inflation, pruning_threshold=THRESHOLD)
    return markov_clustering.get_clusters(flow)


def main():
    golden = pathlib.Path(__file__).parents[2] / "datasets" / "golden"
    source = f"markov_clustering {importlib.metadata.version('markov_clustering')}"
    with open(golden / "markov-graphs.txt", "w") as file, open(golden / "markov.csv", "w") as rows:
        rows.write("# key,value,tolerance,source\n")
        for name, graph in make_graphs():
            for inflation in INFLATIONS:
                clusters = cluster(graph, inflation)
                labels = {v: c for c, nodes in enumerate(clusters) for v in nodes}
                if sum(map(len, clusters)) != len(labels):  # overlapping: not a partition
                    continue
                key = f"{name}-{inflation}"
                edges = sorted((min(e), max(e)) for e in graph.edges)
                file.write(f"graph {key} {len(graph)} {len(edges)} undirected\n")
                file.writelines(f"{u} {v} 1\n" for u, v in edges)
                file.write("labels " + " ".join(str(labels[v]) for v in sorted(graph)) + "\n")
                rows.write(f"{key}/inflation,{inflation},0,{source}\n")
                rows.write(f"{key}/communities,{len(clusters)},0,{source}\n")


main()
