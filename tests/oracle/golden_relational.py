"""Golden values of the relational methods: relational.py on small graphs of several relations.

Writes datasets/golden/relational.txt, rows of a key and numbers:
  CASE/size        nodes, relations, columns of the features
  CASE/relation0   u v weight, edges of the first relation, loops among them
  CASE/features    rows side by side
  CASE/smooth      w and energies after 10 rounds of the series, alpha 4, beta 2.5, 5 hops
  CASE/smooth-h    its H
  CASE/exact       the same of exact smoothing
  CASE/exact-h
  CASE/affinity    the 6 largest eigenvalues of exp(-|H_i - H_j|^2) of exact smoothing's H, alpha 2,
                   beta 2, each row less its mean at length 1
  CASE/vectors     w and energies of 3 eigenvectors
  CASE/principal   inner products of the rows on 3 principal components
  CASE/fusion      points of similarity fusion, 7 neighbours, half the weight for features, 3 hops
  CASE/similar     u v of the similarity graph of the first relation
  CASE/view        inner products of the points of the first relation, 2 hops, 3 vectors

Needs numpy, scipy and scikit-learn.
"""
import pathlib

import numpy as np
import scipy.sparse as sp

import relational as r


def make_case(seed, n, relations, d, weighted, loops):
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=n)
    same = truth[:, None] == truth[None, :]
    graphs = []
    for i in range(relations):
        p = np.where(same, 0.5 - 0.15 * i, 0.05 + 0.05 * i)
        A = np.triu(rng.random((n, n)) < p, 0 if loops else 1).astype(float)
        if weighted:
            A *= rng.integers(1, 9, size=(n, n)) / 4
        graphs.append(np.triu(A) + np.triu(A, 1).T)
    X = np.round(rng.random((n, d)) + 1.5 * (truth[:, None] == np.arange(d)[None, :] % 3), 3)
    return graphs, X


def write_case(write, key, graphs, X):
    sparse = [sp.csr_matrix(A) for A in graphs]
    write(f"{key}/size", [len(X), len(graphs), X.shape[1]])
    for i, A in enumerate(graphs):
        u, v = np.nonzero(np.triu(A))
        write(f"{key}/relation{i}", np.column_stack([u, v, A[u, v]]).ravel())
    write(f"{key}/features", X.ravel())

    H, w, energies = r.learn(sparse, lambda A, w: r.smooth(A, X, w, 4, 5), 4, 2.5)
    write(f"{key}/smooth", [*w, *energies])
    write(f"{key}/smooth-h", H.ravel())
    H, w, energies = r.learn(sparse, lambda A, w: r.smooth_exactly(A, X, w, 2), 2, 2)
    write(f"{key}/exact", [*w, *energies])
    write(f"{key}/exact-h", H.ravel())
    S = r.standardise(H)
    S = np.exp(-((S[:, None, :] - S[None, :, :]) ** 2).sum(2))
    write(f"{key}/affinity", np.linalg.eigvalsh(S)[::-1][:6])
    _, w, energies = r.learn(sparse, lambda A, w: r.leading_vectors(A, w, 3), 1, 2)
    write(f"{key}/vectors", [*w, *energies])

    P = r.pca(X, 3)
    write(f"{key}/principal", (P @ P.T).ravel())
    looped = []
    for A in graphs:
        A = A.copy()
        A[np.arange(len(A)), np.arange(len(A))] = np.where(np.diag(A) == 0, 1, np.diag(A))
        looped.append(A)
    write(f"{key}/fusion", r.similarity_fusion(looped, X, 7, 0.5, 3).ravel())
    u, v = np.nonzero(r.similarity_graph(looped[0], X, 7, 0.5))
    write(f"{key}/similar", np.column_stack([u, v]).ravel())
    V = r.view(graphs[0], X / np.abs(X).sum(1, keepdims=True), 2, 3)
    write(f"{key}/view", (V @ V.T).ravel())


def main():
    golden = pathlib.Path(__file__).parents[2] / "datasets" / "golden"
    with open(golden / "relational.txt", "w") as file:
        def write(key, numbers):
            file.write(key + " " + " ".join(f"{x:.10g}" for x in numbers) + "\n")

        file.write("# golden_relational.py says what the rows are\n")
        for key, case in {
            "plain": (1, 24, 2, 5, False, False),
            "weighted": (2, 30, 3, 6, True, False),
            "looped": (3, 27, 2, 4, True, True),
            "single": (4, 20, 1, 5, False, True),
        }.items():
            write_case(write, key, *make_case(*case))


main()
