"""Hessian-vector products of a linear risk, 60,000 x 784.

Roofline: a product has to read X once. How fast this machine reads is measured in the same turns,
by x . x over the same bytes; the share is the time of that reading over the time of the product.

With the curvatures known (`linearize`): in blocks of rows that stay in cache against two passes
over X, and eight vectors at once against one. Then the whole price by `hvp`, which computes the
curvatures first. How much eight at once gain depends on BLAS: OpenBLAS has fast kernels for small
products on processors with AVX-512, and none for Haswell.
"""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_info

from benchmarks._measured import at_least, plain, ratio
from benchmarks._timing import medians
from teachkit import LinearRisk, Logistic

N, P, ROUNDS = 60_000, 784, 9
SHARE = 0.4  # of the bandwidth of reading, at least


def main() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.random((N, P)), np.where(rng.random(N) < 0.5, 1.0, -1.0)
    risk, theta = LinearRisk(X, y, Logistic(), l2=1e-3), 0.01 * rng.normal(size=P)
    v, V = rng.normal(size=P), rng.normal(size=(P, 8))
    H = risk.linearize(theta)
    score = X @ theta
    diagonal = 1 / (2 + np.exp(score) + np.exp(-score)) / N  # sigma (1 - sigma) / n

    def two_passes() -> np.ndarray:
        return X.T @ (diagonal * (X @ v)) + risk.l2 * v

    np.testing.assert_allclose(H(v), two_passes(), rtol=1e-9)
    np.testing.assert_allclose(H(V)[:, 3], H(V[:, 3]), rtol=1e-9)
    flat = X.reshape(-1)
    reading, one, two, eight, one_whole, eight_whole = medians(
        ROUNDS,
        lambda: flat @ flat,
        lambda: H(v),
        two_passes,
        lambda: H(V),
        lambda: risk.hvp(theta, v),
        lambda: risk.hvp(theta, V),
    )
    kernels = {blas["architecture"] for blas in threadpool_info() if "architecture" in blas}
    print(f"{N} x {P}, kernels of BLAS for {', '.join(sorted(kernels))}")
    against_two = ratio("Two passes", two, one)
    against_eight = ratio("Eight vectors at once", eight, one)
    whole = ratio("hvp of eight vectors", eight_whole, one_whole)
    print(plain("reading X, x . x", X.nbytes / reading / 1e9, " GB/s"))
    share = "HVP, one vector: share of the read bandwidth"
    print(at_least(share, ratio(share, reading, one), SHARE))
    print(plain("HVP: two passes over blocks that stay in cache", against_two))
    print(plain("HVP: eight vectors at once over one", against_eight))
    print(f"one vector, in blocks    {1e3 * one:8.2f} ms")
    print(f"one vector, two passes   {1e3 * two:8.2f} ms   {against_two:.2f} times the blocks")
    print(f"eight vectors at once    {1e3 * eight:8.2f} ms   {against_eight:.2f} times one vector")
    print(f"hvp of one vector        {1e3 * one_whole:8.2f} ms")
    print(f"hvp of eight vectors     {1e3 * eight_whole:8.2f} ms   {whole:.2f} times one vector")


if __name__ == "__main__":
    main()
