"""Golden values of local clustering: the dense references of local.py.

Writes two files to datasets/golden/:
  local-graphs.txt  undirected graphs, as eval-graphs.txt is written; the labels are noisy marks of
                    the seed's class, the truth is the class
  local.txt         lines `GRAPH/KEY NUMBER...`; a vector has a number per node, a set its ids

Keys of a graph:
  seed, set, masses            the queries: a node, a set R, two source masses
  acl                          personalised PageRank, alpha 0.15
  acl-labels, acl-attributes   the same with weights as in lfd and wfd
  l1                           p of alpha 0.15, rho 0.002
  heat-kernel                  h of t 5
  flow-P-I                     x of p = P, source mass I at the seed, T = d; p = 4, 8 up to 50 nodes
  wfd                          x of gamma 0.5, source mass 1, T = d of the graph as it is
  lfd, lfd-zero-zero           x with 0.05 on edges between different labels; zero_zero 0.05 and 1
  crd-I                        unweighted graphs: conductance, excess left and set of iteration I
  nonlinear                    u / d
  mqi, flow-improve-DELTA      the scores of the rounds; mqi-set, flow-improve-DELTA-set
  mappr-degrees, mappr         triangles' strengths and PageRank, alpha 0.98
  METHOD-sweep                 conductance and set of the sweep over p / d (x, u / d as they are)
  ties, ties-first, ties-last  values with ties; conductance and set, first or last of equals

The attributes of node i are (truth + (7 i mod 10) / 20, (3 i mod 8) / 8). karate/profile holds
size, cut and volume of alpha 0.1, epsilon 1e-4, all nodes as seeds.

Needs networkx, numpy and scipy.
"""
import pathlib
import random

import numpy as np

import local

GAMMA = 0.5
DISAGREE = 0.05
GOLDEN = pathlib.Path(__file__).parents[2] / "datasets" / "golden"


def random_graph(r, n, classes, p_in, p_out, weighted, loops):
    truth = [v * classes // n for v in range(n)]
    edges = []
    for u in range(n):
        for v in range(u, n):
            p = p_in if truth[u] == truth[v] else p_out
            if (u != v or loops) and r.random() < p:
                edges.append((u, v, r.randint(1, 40) / 8 if weighted else 1))
    return n, edges, truth


def make_graphs():
    r = random.Random(2006)
    lines = (GOLDEN.parent / "karate.txt").read_text().splitlines()
    karate = [(*map(int, line.split()), 1) for line in lines if line[0] not in "#%"]
    faction = [int(label) for label in (GOLDEN.parent / "karate.labels").read_text().split()]
    yield "karate", 34, karate, faction
    barbell = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    yield "barbell", 6, [(*e, 1) for e in barbell], [0, 0, 0, 1, 1, 1]
    for i in range(6):  # small enough to try all subsets
        yield f"s{i}", *random_graph(r, 8 + i, 2, 0.7, 0.15, i % 2 == 1, i % 4 >= 2)
    for i in range(20):
        n, classes = 20 + 4 * i, 2 + i % 4
        p_in, p_out = (3 / n, 3 / n) if i % 5 == 4 else (8 * classes / n, 2 / n)
        yield f"g{i:02}", *random_graph(r, n, classes, p_in, p_out, i % 2 == 1, i % 4 >= 2)


def matrix(n, edges):
    A = np.zeros((n, n))
    for u, v, w in edges:
        A[u, v] += w
        A[v, u] += w
    return A


def queries(r, A, truth):
    """A seed in the largest component, its class with a few nodes changed, two masses."""
    d, n = A.sum(1), len(A)
    reach = np.linalg.matrix_power((A > 0) + np.eye(n), n) > 0
    seed = int(np.argmax(reach.sum(1) + (d > np.median(d))))
    R = {v for v in range(n) if (truth[v] == truth[seed]) != (r.random() < 0.15) and d[v] > 0}
    R.add(seed)
    for v in sorted(R - {seed}):
        if d[sorted(R)].sum() > d.sum() / 2:
            R.remove(v)
    room = d[reach[seed]].sum()
    masses = np.round(8 * np.array([min(6 * d[seed], room / 4), room / 2])) / 8
    labels = [int((truth[v] == truth[seed]) != (r.random() < 0.15) or v == seed) for v in range(n)]
    return seed, sorted(R), masses, labels


def attributes(truth):
    i = np.arange(len(truth))
    return np.column_stack([np.array(truth) + 7 * i % 10 / 20, 3 * i % 8 / 8])


def rounded(x):
    return np.array([float(f"{value:.10g}") for value in x])


def swept(key, A, values, x, keep_last=False):
    S, phi = local.sweep(A, x, keep_last)
    yield key, values
    yield key + "-sweep", [phi, *sorted(S)]


def diffusions(A, seed, masses, labels, truth):
    d, s = A.sum(1), local.indicator(len(A), [seed])
    W = local.attribute_weights(A, attributes(truth), GAMMA)
    Y, Z = (local.label_weights(A, np.array(labels), DISAGREE, z) for z in (DISAGREE, 1))

    scores = {"acl": local.pagerank(A, s, 0.15),
              "l1": local.l1_pagerank(A, s, 0.15, 0.002),
              "heat-kernel": local.heat_kernel(A, s, 5)}
    for key, p in scores.items():
        p = rounded(p)
        yield from swept(key, A, p, local.over(p, d))
    yield "acl-labels", local.pagerank(Y, s, 0.15)
    yield "acl-attributes", local.pagerank(W, s, 0.15)
    for i, mass in enumerate(masses):
        x = rounded(local.flow_diffusion(A, mass * s, d)[0])
        yield from swept(f"flow-2-{i}", A, x, x)
        for p in (4, 8) if len(A) <= 50 else ():
            x = local.flow_diffusion_p(A, mass * s, d, p)
            gained, paid = x @ (mass * s - d), x @ local.moved(A, x, p)
            assert abs(gained - paid) <= 1e-9 * gained
            yield f"flow-{p}-{i}", x
    for key, weights in ("wfd", W), ("lfd", Y), ("lfd-zero-zero", Z):
        yield key, local.flow_diffusion(weights, masses[1] * s, d)[0]
    x = rounded(local.nonlinear(A, s))
    yield from swept("nonlinear", A, x, x)
    if np.isin(np.triu(A, 1), (0, 1)).all():
        for i, (S, phi, excess) in enumerate(local.crd(A, [seed])):
            yield f"crd-{i}", [phi, excess, *S]


def improvements(A, R):
    found = {"mqi": local.mqi(A, R)}
    for delta in 0, 0.25, 1:
        found[f"flow-improve-{delta}"] = local.flow_improve(A, R, delta)
    for key, (S, scores) in found.items():
        if len(A) < 14:
            theta = A.sum(1)[R].sum() / np.delete(A.sum(1), R).sum() + float(key.split("-")[-1]) \
                if key != "mqi" else 0
            assert abs(scores[-1] - local.best_subset(A, R, theta, key == "mqi")) < 1e-12
        yield key, scores
        yield key + "-set", S


def motifs(A, seed):
    W = local.triangles(A)
    d = W.sum(1)
    yield "mappr-degrees", d
    if d[seed] > 0:
        p = rounded(local.mappr_pagerank(W, local.indicator(len(W), [seed])))
        yield from swept("mappr", W, p, local.over(p, d))


def ties(r, A):
    x = np.array([r.randint(0, 6) for _ in A])
    yield "ties", x
    for key, keep_last in ("ties-first", False), ("ties-last", True):
        S, phi = local.sweep(A, x, keep_last)
        yield key, [phi, *sorted(S)]


def main():
    r = random.Random(2020)
    with open(GOLDEN / "local-graphs.txt", "w") as graphs, open(GOLDEN / "local.txt", "w") as file:
        for name, n, edges, truth in make_graphs():
            A = matrix(n, edges)
            seed, R, masses, labels = queries(r, A, truth)
            graphs.write(f"graph {name} {n} {len(edges)} undirected\n")
            graphs.writelines(f"{u} {v} {w:g}\n" for u, v, w in edges)
            graphs.write("labels " + " ".join(map(str, labels)) + "\n")
            graphs.write("truth " + " ".join(map(str, truth)) + "\n")
            rows = [("seed", [seed]), ("set", R), ("masses", masses)]
            rows += [*diffusions(A, seed, masses, labels, truth), *improvements(A, R)]
            rows += [*motifs(A, seed), *ties(r, A)]
            if name == "karate":
                table = local.profile(A, 0.1, 1e-4)
                rows.append(("profile", [x for k in sorted(table) for x in (k, *table[k])]))
            for key, values in rows:
                file.write(" ".join([f"{name}/{key}", *(f"{x:.10g}" for x in values)]) + "\n")


main()
