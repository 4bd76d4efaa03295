"""Golden npz and npy files: matrices as SciPy and NumPy write them, for the readers to read.

Writes datasets/golden/npz/*. tests/io/test_npz.c knows the matrices: files hold the symmetric matrix of
EDGES or its pattern, the directed ones that of ARCS. tests/io/test_features.c and test_bipartite_read.c
know that of the rectangular and the dense ones.

Needs numpy and scipy.
"""
import pathlib

import numpy as np
import scipy.sparse as sp

FOLDER = pathlib.Path(__file__).parents[2] / "datasets" / "golden" / "npz"

# Seven nodes: a triangle with a tail, a self-loop at 3, node 6 alone.
EDGES = [(0, 1, 1), (0, 2, 2), (1, 2, 3), (2, 3, 1), (3, 3, 2), (3, 4, 1), (4, 5, 3)]
ARCS = [(0, 1, 1), (1, 0, 2), (1, 2, 3), (2, 0, 4), (3, 3, 5), (5, 4, 6)]

FORMATS = {"csr": sp.csr_matrix, "csc": sp.csc_matrix, "coo": sp.coo_matrix}
DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
          "float32", "float64"]


def dense(edges, symmetric):
    a = np.zeros((7, 7))
    for u, v, w in edges:
        a[u, v] = w
        if symmetric:
            a[v, u] = w
    return a


def with_index_type(matrix, dtype):
    if matrix.format == "coo":
        matrix.coords = tuple(ids.astype(dtype) for ids in matrix.coords)
    else:
        matrix.indptr = matrix.indptr.astype(dtype)
        matrix.indices = matrix.indices.astype(dtype)
    return matrix


def save(name, matrix, compressed):
    sp.save_npz(FOLDER / f"{name}.npz", matrix, compressed=compressed)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    m, d = dense(EDGES, True), dense(ARCS, False)
    for name, make in FORMATS.items():
        for index in ("int32", "int64"):
            save(f"{name}-{index}", with_index_type(make(m), index), index == "int64")
        save(f"{name}-directed", make(d), name == "csr")
    for dtype in DTYPES:
        save(f"{dtype}", sp.csr_matrix(m.astype(dtype)), dtype in ("bool", "float64", "uint64"))
    save("array", sp.csr_array(m), False)
    save("empty", sp.csr_matrix((5, 5)), True)

    # Rows out of order, an entry in two halves, an explicit zero.
    c = sp.coo_matrix(m)
    order = np.argsort(-c.col, kind="stable")
    row = np.concatenate([c.row[order], [0, 1, 6, 0]])
    col = np.concatenate([c.col[order], [1, 0, 0, 6]])
    data = np.concatenate([c.data[order], [0.5, 0.5, 0, 0]])
    data[(row == 0) & (col == 1) | (row == 1) & (col == 0)] = 0.5
    rows = np.argsort(row, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=7))])
    untidy = sp.csr_matrix((7, 7))
    untidy.data, untidy.indices, untidy.indptr = data[rows], col[rows], indptr
    save("untidy", untidy, False)

    # As old and coming versions of SciPy have it: a name in UCS-4, both coordinates in one array.
    r = sp.csr_matrix(m)
    np.savez(FOLDER / "unicode.npz", format="csr", shape=r.shape, data=r.data, indices=r.indices,
             indptr=r.indptr)
    np.savez(FOLDER / "coords.npz", format=b"coo", shape=c.shape, data=c.data,
             coords=np.array([c.row, c.col]), _is_array=True)

    # Features and bipartite graphs: four rows, three columns.
    f = np.array([[0, 1.5, -2], [0, 0, 0], [3, 0, 0], [0, -0.25, 4]])
    for name, make in FORMATS.items():
        save(f"rectangular-{name}", make(f), name == "csc")
    save("rectangular-positive", sp.csr_matrix(abs(f)), False)
    np.save(FOLDER / "dense.npy", f)
    np.save(FOLDER / "dense-fortran.npy", np.asfortranarray(f.astype("float32")))
    np.save(FOLDER / "dense-int16.npy", (4 * f).astype("int16"))
    np.save(FOLDER / "vector.npy", f[:, 2])


main()
