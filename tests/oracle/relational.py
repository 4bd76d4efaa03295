"""Reference implementations of the relational methods: dense or SciPy, in the papers' notation.

DEMM [Lin2026], the closed form of SMHGC [Chen2024] and that of VGMGC [Chen2025]. Relations are
symmetric matrices whose diagonal holds a loop once. Needs numpy, scipy and scikit-learn.
"""
import numpy as np
import scipy.linalg
import scipy.sparse as sp
import scipy.sparse.linalg as spla


def unit_rows(X):
    length = np.sqrt((np.asarray(X) ** 2).sum(1, keepdims=True))
    return np.divide(X, length, out=np.zeros_like(X), where=length > 0)


def tfidf(X):
    """Counts times ln((1 + n) / (1 + df)) + 1, each row divided by its length."""
    X = sp.csr_matrix(X, dtype=float)
    df = np.asarray((X != 0).sum(0)).ravel()
    return unit_rows((X @ sp.diags(np.log((1 + X.shape[0]) / (1 + df)) + 1)).toarray())


def pca(X, d):
    """The d leading principal components: the mean of each column is taken off first."""
    U, s, _ = np.linalg.svd(X - X.mean(0), full_matrices=False)
    return U[:, :d] * s[:d]


def over(p, d):
    return np.divide(p, d, out=np.zeros(len(d)), where=d > 0)


def normalised(A):
    """D^-1/2 A D^-1/2; rows without entries stay 0."""
    A = sp.csr_matrix(A, dtype=float)
    d = np.asarray(A.sum(1)).ravel()
    s = sp.diags(np.sqrt(over(np.ones(len(d)), d)))
    return (s @ A @ s).tocsr()


# DEMM

def energy(A_hat, H):
    """Dirichlet energy trace(H^T (I - A_hat) H)."""
    return float((H * H).sum() - (H * (A_hat @ H)).sum())


def weights(energies, norms, alpha, beta):
    c = beta * np.asarray(norms) + alpha * np.asarray(energies)
    return c ** -2 / (c ** -2).sum()


def smooth(A_hat, X, w, alpha, hops):
    """The truncated series with its tail, before rows are normalised."""
    T = X / (1 + alpha)
    H = T.copy()
    for _ in range(hops):
        T = alpha / (1 + alpha) * sum(w_r * (A @ T) for w_r, A in zip(w, A_hat))
        H += T
    return H + alpha * T


def smooth_exactly(A_hat, X, w, alpha):
    """((1 + alpha) I - alpha A_hat)^-1 X."""
    A = sum(w_r * A.toarray() for w_r, A in zip(w, A_hat))
    return np.linalg.solve((1 + alpha) * np.eye(len(A)) - alpha * A, X)


def leading_vectors(A_hat, w, d):
    """Eigenvectors of the d largest eigenvalues of the weighted sum."""
    A = sum(w_r * A for w_r, A in zip(w, A_hat))
    if A.shape[0] < 500:
        return scipy.linalg.eigh(A.toarray())[1][:, ::-1][:, :d]
    return spla.eigsh(A, d, which="LA", v0=np.ones(A.shape[0]))[1][:, ::-1]


def learn(relations, make_features, alpha, beta, rounds=10):
    """Features and weights of the relations in turn; make_features(A_hat, w) gives H. Returns H,
    the weights, and the energies that these were made of."""
    A_hat = [normalised(A) for A in relations]
    norms = [float(A.multiply(A).sum()) for A in A_hat]
    w = np.full(len(A_hat), 1 / len(A_hat))
    for _ in range(rounds):
        H = unit_rows(make_features(A_hat, w))
        energies = [energy(A, H) for A in A_hat]
        w = weights(energies, norms, alpha, beta)
    return H, w, energies


def standardise(H):
    """Each row less its own mean, at length 1."""
    return unit_rows(H - H.mean(1, keepdims=True))


def orthogonal_features(H, rng, scale=1.0):
    """Orthogonal random features [Yu2016]: their inner products approximate a Gaussian kernel."""
    d = H.shape[1]
    Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
    Y = scale * H @ Q.T
    return np.hstack([np.sin(Y), np.cos(Y)])


def sinkhorn(Z, rounds, least=1e-12):
    """Z Z^T with rows and columns scaled in turn to sums of 1, in factors: L R^T."""
    L, R, seen = Z.copy(), Z.copy(), []
    for _ in range(rounds):
        v = np.maximum(L @ R.sum(0), least)
        L = L / v[:, None]
        u = np.maximum(R @ L.sum(0), least)
        R = R / u[:, None]
        seen.append((v, u))
    return L, R, seen


# SMHGC, closed form

def similarity_graph(A, X, k, feature_weight):
    """The k most similar nodes of each, by cosines of features and of neighbourhoods, both as unit
    rows of the similarity matrix; ties to the lower node. 0/1 with the diagonal."""
    n = len(X)
    Xn, An = unit_rows(X), unit_rows(np.asarray(A, dtype=float))
    S = feature_weight * unit_rows(Xn @ Xn.T) + (1 - feature_weight) * unit_rows(An @ An.T)
    order = np.argsort(-S, axis=1, kind="stable")[:, :k]
    G = np.zeros((n, n))
    np.put_along_axis(G, order, 1, axis=1)
    np.fill_diagonal(G, 1)
    return G


def powers(P, X, hops):
    """sum_{i <= hops} P^i X."""
    H = X
    for _ in range(hops):
        H = P @ H + X
    return H


def similarity_fusion(relations, X, k, feature_weight, hops):
    """The mean over relations of unit rows of features propagated on the similarity graph."""
    Xn = unit_rows(X)
    views = []
    for A in relations:
        G = similarity_graph(A, X, k, feature_weight)
        views.append(unit_rows(powers(sp.csr_matrix(G / G.sum(1, keepdims=True)), Xn, hops)))
    return sum(views) / len(views)


# VGMGC, closed form

def view(A, X, hops, d):
    """Unit rows of the d leading left singular vectors times their values of F(D^-1 A, X)."""
    A = sp.csr_matrix(A, dtype=float)
    P = sp.diags(over(np.ones(A.shape[0]), np.asarray(A.sum(1)).ravel())) @ A
    F = powers(P, X, hops)
    U, s, _ = np.linalg.svd(F, full_matrices=False)
    return unit_rows(U[:, :d] * s[:d])
