"""Reference implementations of local clustering: dense, slow and exact, in the papers' notation.

A is a dense symmetric matrix that holds the weight of a loop twice, so that d = A 1. Vectors are
dense, sets are sorted lists of ids. Needs networkx, numpy and scipy.
"""
import heapq
from collections import deque
from fractions import Fraction

import networkx
import numpy as np
import scipy.linalg


def conductance(A, S):
    """cut(S) / min(vol(S), vol(V \\ S)), and 1 where that is no number."""
    d, inside = A.sum(1), np.zeros(len(A), bool)
    inside[list(S)] = True
    smaller = min(d[inside].sum(), d[~inside].sum())
    return A[inside][:, ~inside].sum() / smaller if smaller > 0 else 1.0


def sweep(A, x, keep_last=False):
    """The prefix of least conductance when the support of x is sorted by decreasing x, then id."""
    order = sorted(np.flatnonzero(x > 0), key=lambda v: (-x[v], v))
    best, size = np.inf, 0
    for k in range(1, len(order) + 1):
        phi = conductance(A, order[:k])
        if phi < best or keep_last and phi == best:
            best, size = phi, k
    return order[:size], best


def over(p, d):
    """p / d, and 0 at nodes without edges."""
    return np.divide(p, d, out=np.zeros(len(d)), where=d > 0)


def indicator(n, seeds):
    s = np.zeros(n)
    s[seeds] = 1 / len(seeds)
    return s


# Personalised PageRank [Andersen2006]

def pagerank(A, s, alpha):
    """pr = alpha s + (1 - alpha) W pr, W = (I + A D^-1) / 2."""
    n = len(A)
    W = (np.eye(n) + A @ np.diag(over(np.ones(n), A.sum(0)))) / 2
    return np.linalg.solve(np.eye(n) - (1 - alpha) * W, alpha * s)


def acl_push(A, s, alpha, eps):
    """The push with a FIFO queue: p, r and the number of pops."""
    d, p, r, pops = A.sum(1), np.zeros(len(A)), s.copy(), 0
    queue = deque(u for u in np.flatnonzero(s > 0) if r[u] >= eps * d[u])
    while queue:
        u = queue.popleft()
        pops += 1
        p[u] += alpha * r[u]
        delta = (1 - alpha) / 2 * r[u] / d[u]
        r[u] *= (1 - alpha) / 2
        if r[u] >= eps * d[u]:
            queue.append(u)
        for v in np.flatnonzero(A[u]):
            old = r[v]
            r[v] += A[u, v] * delta
            if old < eps * d[v] <= r[v]:
                queue.append(v)
    return p, r, pops


def l1_pagerank(A, s, alpha, rho):
    """p = D^1/2 q of argmin 1/2 q'Qq - alpha q'D^-1/2 s + rho alpha |D^1/2 q|_1.

    [Fountoulakis2019]
    Coordinate descent finds the support, on which the optimum solves a linear system.
    """
    root = np.sqrt(A.sum(1))
    scaled = over(1, root)
    Q = (1 + alpha) / 2 * np.eye(len(A)) - (1 - alpha) / 2 * A * np.outer(scaled, scaled)
    b = alpha * over(s, root) - rho * alpha * root
    q, change = np.zeros(len(A)), 1
    while change > 1e-15:
        change = 0
        for i in np.flatnonzero(root):
            new = max(0, q[i] + (b[i] - Q[i] @ q) / Q[i, i])
            change, q[i] = max(change, abs(new - q[i])), new
    S = np.flatnonzero(q > 1e-13)
    q[:] = 0
    q[S] = np.linalg.solve(Q[np.ix_(S, S)], b[S])
    assert (q >= 0).all() and (b - Q @ q)[root > 0].max() < 1e-14
    return root * q


# Heat kernel [Kloster2014] and nonlinear diffusion [Ibrahim2019]

def heat_kernel(A, s, t):
    """h = exp(-t (I - P)) s, P = A D^-1."""
    P = A @ np.diag(over(np.ones(len(A)), A.sum(0)))
    return scipy.linalg.expm(-t * (np.eye(len(A)) - P)) @ s


def hk_relax(A, s, t, eps):
    """x with |D^-1 (x - h)| <= eps, and the number of edges visited."""
    d, N, term = A.sum(1), 0, 1.0
    rest = np.exp(t) - 1
    while rest > eps * np.exp(t) or N < 1:
        N += 1
        term *= t / N
        rest -= term
    psi = np.ones(N + 1)
    for k in range(N - 1, -1, -1):
        psi[k] = psi[k + 1] * t / (k + 1) + 1
    theta = np.exp(t) * eps / (N * psi)
    y, r, visits = np.zeros(len(A)), np.zeros((N, len(A))), 0
    r[0] = s
    queue = deque((v, 0) for v in np.flatnonzero(s))
    while queue:
        v, j = queue.popleft()
        rho, r[j, v] = r[j, v], 0
        y[v] += rho
        u = t * rho / ((j + 1) * d[v])
        for x in np.flatnonzero(A[v]):
            visits += 1
            if j == N - 1:
                y[x] += u * A[v, x]
                continue
            old = r[j + 1, x]
            r[j + 1, x] += u * A[v, x]
            if old < theta[j + 1] * d[x] <= r[j + 1, x]:
                queue.append((x, j + 1))
    return np.exp(-t) * y, visits


def nonlinear(A, s, h=0.001, power=0.5, steps=100):
    """u / d after the steps u = clip(u - h (I - A D^-1) u^power, 0, 1)."""
    d, u = A.sum(1), s.copy()
    for _ in range(steps):
        f = u ** power
        u = np.clip(u - h * (f - A @ over(f, d)), 0, 1)
    return over(u, d)


# Flow diffusion [Fountoulakis2020], with weights on the edges [Yang2023, BackDeLuca2024]

def laplacian(W):
    W = W - np.diag(np.diag(W))
    return np.diag(W.sum(1)) - W


def flow_diffusion(W, source, T):
    """argmin 1/2 x'Lx + x'(T - source) over x >= 0, and the masses m = source - Lx.

    L is an M-matrix, so a node above its capacity at one stage lies in the support of the last.
    """
    L, x = laplacian(W), np.zeros(len(W))
    S = np.zeros(len(W), bool)
    while True:
        full = source - L @ x > T * (1 + 1e-13)
        if not (full & ~S).any():
            return x, source - L @ x
        S |= full
        x[S] = np.linalg.solve(L[np.ix_(S, S)], (source - T)[S])


def balanced_solve(H, g):
    """H^-1 g where the entries of H differ by many orders of magnitude."""
    s = 1 / np.sqrt(np.abs(H).max(1))
    return s * np.linalg.solve(s[:, None] * H * s + 1e-15 * np.eye(len(H)), s * g)


def flow_diffusion_p(W, source, T, p):
    """The same for the dual of min 1/p sum w |f|^p; mass w |x_u - x_v|^(q-1) moves along an edge.

    Newton's method on the flows with a logarithmic barrier for the room y = T - m; x = 1 / (t y).
    Then Newton's method on m = T over the support S, put right until all heights are >= 0 and no
    node outside is above its capacity.
    """
    reached = scipy.linalg.expm(W / W.max())[source > 0].sum(0) > 0
    source, T = np.where(reached, source, 0), np.where(reached, T, 1)
    u, v = np.nonzero(np.triu(W * reached[:, None], 1))
    w, e = W[u, v], np.arange(len(u))
    B = np.zeros((len(W), len(e)))
    B[u, e], B[v, e] = 1, -1
    tight = source.sum() / T[reached].sum()
    f, t = B.T @ flow_diffusion(W, source, T * (1 + tight) / 2)[0], 1e-3

    def room(f):
        return T - source + B @ (w * f)

    def gradient(f):
        return w * (t * np.abs(f) ** (p - 1) * np.sign(f) - B.T @ (1 / room(f)))

    while room(f).min() > 1e-11:
        for _ in range(60):
            g = gradient(f)
            H = np.diag(t * w * (p - 1) * np.abs(f) ** (p - 2)) \
                + w[:, None] * (B.T @ (B / (room(f) ** 2)[:, None])) * w
            step, length = balanced_solve(H, -g), 1.0
            while (room(f + length * step) <= 0).any() \
                    or gradient(f + length * step) @ step > -0.5 * g @ step:
                length /= 2
            f = f + length * step
            if -g @ step < 1e-8:
                break
        t *= 4
    x = 4 / (t * room(f))
    S = x > room(f)
    while True:
        f, x, near = np.where(S[u] | S[v], f, 0), np.where(S, x, 0), S[u] | S[v]
        for _ in range(40):
            ohm = np.abs(f) ** (p - 2)
            left = np.concatenate([(B.T @ x - ohm * f)[near], -room(f)[S]])
            J = np.block([[np.diag((p - 1) * ohm[near]), -B[S][:, near].T],
                          [(w * B[S])[:, near], np.zeros(2 * [S.sum()])]])
            step = balanced_solve(J, left)
            f[near] += step[:near.sum()]
            x[S] += step[near.sum():]
        wrong = source - moved(W, x, p) > T * (1 + 1e-9)
        if not (wrong & ~S).any() and (x >= 0).all():
            return x
        S = (S | wrong) & (x >= 0)


def moved(W, x, p):
    """Mass that leaves each node."""
    q = p / (p - 1)
    D = x[:, None] - x[None, :]
    return (W * np.abs(D) ** (q - 1) * np.sign(D)).sum(1)


def attribute_weights(A, X, gamma):
    """w_uv = A_uv exp(-gamma |X_u - X_v|^2)."""
    return A * np.exp(-gamma * ((X[:, None] - X[None]) ** 2).sum(2))


def label_weights(A, y, eps, zero_zero):
    """A_uv, times eps between different labels and zero_zero between two zeros."""
    return A * np.where(y[:, None] != y, eps, np.where(y == 0, zero_zero, 1))


# Capacity releasing diffusion [Wang2017]

def crd(A, seeds, U=3, h=10, w=2, iterations=20):
    """The best level cut of each iteration, its conductance and the excess left."""
    d = A.sum(1)
    neighbours = [np.flatnonzero(row) for row in A]
    f = np.zeros(len(A))
    f[seeds] = 2 * d[seeds]
    for i in range(iterations):
        mass = f.sum()
        level, excess, flow, arc = np.zeros(len(A), int), np.zeros(len(A)), {}, [0] * len(A)
        level[f > d] = 1
        excess[f > d] = (f - d)[f > d]
        queue = [(1, v) for v in np.flatnonzero(f > d)]
        while queue:
            _, v = queue[0]
            u = neighbours[v][arc[v]]
            psi = min(excess[v], min(level[v], U) - flow.get((v, u), 0), w * d[u] - f[u])
            if level[v] > level[u] and psi > 0:
                flow[v, u] = flow.get((v, u), 0) + psi
                flow[u, v] = -flow[v, u]
                f[v], f[u] = f[v] - psi, f[u] + psi
                was = excess[u]
                excess[v], excess[u] = max(f[v] - d[v], 0), max(f[u] - d[u], 0)
                if excess[v] == 0:
                    heapq.heappop(queue)
                if was == 0 < excess[u]:
                    arc[u] = 0
                    heapq.heappush(queue, (level[u], u))
            elif arc[v] + 1 < len(neighbours[v]):
                arc[v] += 1
            else:
                heapq.heappop(queue)
                level[v], arc[v] = level[v] + 1, 0
                if level[v] < h:
                    heapq.heappush(queue, (level[v], v))
        assert abs(f.sum() - mass) < 1e-9 * mass
        cuts = [np.flatnonzero(level >= L) for L in sorted(set(level[level > 0]), reverse=True)]
        S = min(cuts, key=lambda S: conductance(A, S))
        yield list(S), conductance(A, S), excess.sum()
        saturated = d[(f >= d) & (f > 0)].sum()
        if excess.sum() > d[seeds[0]] * 2.0 ** i / 10 or saturated > d.sum() / 3:
            return
        f = w * (f - excess)


# Improvement of a set R by minimum cuts, in exact arithmetic

def smallest_source_side(arcs):
    """Of the minimum cuts between "s" and "t", the one with the fewest nodes at the source."""
    graph = networkx.DiGraph()
    graph.add_nodes_from("st")
    for a, b, capacity in arcs:
        if capacity > 0:
            graph.add_edge(a, b, capacity=capacity)
    residual = networkx.flow.dinitz(graph, "s", "t")
    arcs = residual.edges(data=True)
    left = networkx.DiGraph((a, b) for a, b, e in arcs if e["flow"] < e["capacity"])
    left.add_node("s")
    return networkx.descendants(left, "s")


def exact(A):
    """A with rational entries, loops apart; the degrees count those."""
    entries = {(int(u), int(v)): Fraction(A[u, v]) for u, v in zip(*np.nonzero(A)) if u != v}
    return entries, [Fraction(x) for x in A.sum(1)]


def mqi(A, R):
    """The subset of R of least cut / volume [Lang2004], and the score of each round."""
    w, d = exact(A)
    R, best, scores = set(R), None, []
    while R:
        c = sum(x for (u, v), x in w.items() if u in R and v not in R)
        vol = sum(d[u] for u in R)
        if best is not None and c / vol >= scores[-1]:
            break
        best, scores = R, scores + [c / vol]
        arcs = [(u, v, vol * x) for (u, v), x in w.items() if u in R and v in R]
        for u in R:
            leaving = sum(x for (a, v), x in w.items() if a == u and v not in R)
            arcs.append(("s", u, vol * leaving))
            arcs.append((u, "t", c * d[u]))
        R = R - smallest_source_side(arcs)
    return sorted(best), [float(x) for x in scores]


def flow_improve(A, R, delta=0.0):
    """The S of least cut / (vol(S and R) - theta vol(S \\ R)) [Andersen2008].

    theta = vol(R) / vol(V \\ R) + delta; delta > 0: [Veldt2016].
    """
    w, d = exact(A)
    R, nodes = set(R), range(len(A))
    theta = sum(d[u] for u in R) / sum(d[u] for u in nodes if u not in R) + Fraction(delta)
    S, best, scores = set(R), None, []
    while S:
        c = sum(x for (u, v), x in w.items() if u in S and v not in S)
        score = c / (sum(d[u] for u in S & R) - theta * sum(d[u] for u in S - R))
        if best is not None and score >= scores[-1]:
            break
        best, scores = S, scores + [score]
        arcs = [(u, v, x) for (u, v), x in w.items()]
        arcs += [("s", u, score * d[u]) for u in R]
        arcs += [(u, "t", score * theta * d[u]) for u in nodes if u not in R]
        S = smallest_source_side(arcs)
    return sorted(best), [float(x) for x in scores]


def best_subset(A, R, theta, within):
    """The least score over all S (all subsets of R with `within`), by trying them."""
    d, n = A.sum(1), len(A)
    member = np.isin(np.arange(n), R)
    candidates = R if within else range(n)
    best = np.inf
    for bits in range(1, 1 << len(candidates)):
        S = np.zeros(n, bool)
        S[[v for i, v in enumerate(candidates) if bits >> i & 1]] = True
        worth = d[S & member].sum() - (0 if within else theta * d[S & ~member].sum())
        if worth > 1e-12:
            best = min(best, A[S][:, ~S].sum() / worth)
    return best


# MAPPR [Yin2017]

def triangles(A):
    """W_uv = triangles that hold u and v."""
    B = (A > 0) & ~np.eye(len(A), dtype=bool)
    return (B.astype(int) @ B * B).astype(float)


def mappr_pagerank(W, s, alpha=0.98):
    """p = (1 - alpha) s + alpha W D^-1 p."""
    P = W @ np.diag(over(np.ones(len(W)), W.sum(0)))
    return np.linalg.solve(np.eye(len(W)) - alpha * P, (1 - alpha) * s)


def mappr_push(W, seed, alpha=0.98, eps=1e-4):
    d, p, r = W.sum(1), np.zeros(len(W)), np.zeros(len(W))
    r[seed] = 1
    queue = deque([seed] if d[seed] * eps < 1 else [])
    while queue:
        v = queue.popleft()
        if d[v] == 0:
            p[v], r[v] = p[v] + r[v], 0
            continue
        rho = r[v] - eps * d[v] / 2
        p[v] += (1 - alpha) * rho
        r[v] = eps * d[v] / 2
        for x in np.flatnonzero(W[v]):
            old = r[x]
            r[x] += alpha * rho * W[v, x] / d[v]
            if old < eps * d[x] <= r[x]:
                queue.append(x)
    return p


# Network community profile [Leskovec2009]

def profile(A, alpha, eps):
    """Size to (cut, volume) of least conductance, over the prefixes of every node's sweep."""
    d, best = A.sum(1), {}
    for seed in range(len(A)):
        x = over(acl_push(A, indicator(len(A), [seed]), alpha, eps)[0], d)
        order = sorted(np.flatnonzero(x), key=lambda v: (-x[v], v))
        for k in range(1, len(order) + 1):
            volume = d[order[:k]].sum()
            cut = volume - A[np.ix_(order[:k], order[:k])].sum()
            if volume <= d.sum() / 2 and (k not in best or cut / volume < best[k][0] / best[k][1]):
                best[k] = cut, volume
    return best
