#!/usr/bin/env python3
"""The largest eigenpairs of a graph's normalised adjacency by another program: one JSON line.

    bench/eigen_peers.py eigsh|slepc GRAPH.npz K TOLERANCE

On one thread. Seconds are the processor's, of the solver alone; the residual is computed from its
vectors."""

import json
import os
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy  # noqa: E402
import scipy  # noqa: E402
import scipy.sparse.linalg  # noqa: E402


def normalised(path):
    adjacency = scipy.sparse.load_npz(path).tocsr().astype(float)
    strengths = numpy.asarray(adjacency.sum(1)).ravel() + adjacency.diagonal()
    scale = numpy.zeros_like(strengths)
    scale[strengths > 0] = strengths[strengths > 0] ** -0.5
    diagonal = scipy.sparse.diags(adjacency.diagonal())
    return (scipy.sparse.diags(scale) @ (adjacency + diagonal) @ scipy.sparse.diags(scale)).tocsr()


def eigsh(matrix, k, tolerance):
    values, vectors = scipy.sparse.linalg.eigsh(matrix, k=k, which="LA", tol=tolerance)
    return values, vectors, f"SciPy {scipy.__version__}"


def slepc(matrix, k, tolerance):
    from petsc4py import PETSc
    from slepc4py import SLEPc

    size = matrix.shape[0]
    rows = (matrix.indptr.astype("int32"), matrix.indices.astype("int32"), matrix.data)
    stored = PETSc.Mat().createAIJ(size=matrix.shape, csr=rows)
    solver = SLEPc.EPS().create()
    solver.setOperators(stored)
    solver.setProblemType(SLEPc.EPS.ProblemType.HEP)
    solver.setWhichEigenpairs(SLEPc.EPS.Which.LARGEST_REAL)
    solver.setDimensions(k)
    solver.setTolerances(tolerance, 100000)
    solver.solve()
    found = min(k, solver.getConverged())
    vectors = numpy.empty((size, found))
    column = stored.createVecs("right")
    for i in range(found):
        solver.getEigenvector(i, column)
        vectors[:, i] = column.getArray()
    values = numpy.array([solver.getEigenvalue(i).real for i in range(found)])
    return values, vectors, "SLEPc " + ".".join(map(str, SLEPc.Sys.getVersion()))


def main():
    name, path, k, tolerance = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    matrix = normalised(path)
    started = time.process_time()
    values, vectors, version = {"eigsh": eigsh, "slepc": slepc}[name](matrix, k, tolerance)
    seconds = time.process_time() - started
    residual = numpy.linalg.norm(matrix @ vectors - vectors * values, axis=0).max()
    print(json.dumps({
        "solver": name, "version": version, "k": k, "processor_seconds": seconds,
        "residual": residual, "last": values.min(),
        "converged": bool(len(values) == k and residual <= tolerance),
    }))


if __name__ == "__main__":
    main()
