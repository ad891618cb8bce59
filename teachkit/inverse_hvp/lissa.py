"""H^-1 v from products with the Hessians of a few examples at a time: LiSSA, bound to a risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from teachkit import require
from teachkit._drive import Breakdown, bar
from teachkit.arrays import Array, array_namespace, as_float, quiet, scalar
from teachkit.inverse_hvp._samples import Samples
from teachkit.inverse_hvp.conjugate_gradient import NotConvergedError
from teachkit.linear.lissa import check_options, mean_of, recursion
from teachkit.places import crosses
from teachkit.risks.checks import check_theta, check_vectors
from teachkit.risks.watched import Watched


@dataclass(frozen=True)
class Lissa:
    """Solve (H + damping I) x = v by LiSSA: a sample of `batch` examples in each step.

    `teachkit.lissa` has the recursion, and what scale and depth mean, with::

        A_j  =  (1/b) sum_{i in batch j} w_i grad^2 L_i  +  diag(l2)  +  damping I

    so that penalty and damping are whole in every step, and no scale multiplies the damping (in the
    authors' code and its ports it does). With a fixed seed v -> x is linear. One solve costs
    depth * repeats * batch products with the Hessian of an example, whatever n is, and one with H,
    which looks at the answer.

    Parameters
    ----------
    scale : float, optional
        At least the largest eigenvalue of any A_j, and that by default: the bound callable's
        ``scale`` says which it is. For single examples of a linear model it is max_i w_i c_i
        ||x_i||^2 + max_j l2_j + damping; of larger batches, the mean of the b largest stands for
        the first term. A batch of all n takes a scale from half the largest eigenvalue of H on.
    depth : int
        Steps; the bias is (1 - mu / scale)^(depth + 1) of the solution at an eigenvalue mu of H.
    repeats : int
        Independent runs, averaged.
    seed : int
        >= 0.
    batch : int
        1 <= b <= n examples in a sample, none of them twice; b = n is H itself, without noise.
    progress : bool
        Show a bar for each solve (needs tqdm).

    Raises
    ------
    ValueError, TypeError
        From `bind`: the scale is too small, with the number that it has to be, or the batch larger
        than n.
    NotConvergedError
        (A ValueError.) From the bound callable: the iterates grow as with no safe scale, or
        negative curvature was met: x' (H + damping I) x of the answer x is not positive.

    Notes
    -----
    Source: Agarwal, Bullins & Hazan (2017), algorithm 1; Koh & Liang (2017), section 3.
    Lesson: 09_inverse_hvp
    """

    scale: float | None = None
    depth: int = 5000
    repeats: int = 10
    seed: int = 0
    batch: int = 1
    progress: bool = False

    def __post_init__(self) -> None:
        check_options(1.0 if self.scale is None else self.scale, self.repeats, self.seed)
        require.whole(self.depth, "depth", why="It counts steps; with 0 the answer is v / scale.")
        require.whole(self.batch, "batch", least=1, why="It counts the examples of one step.")

    @crosses
    def bind(self, risk: Any, theta: Array, damping: float = 0.0) -> LissaSolve:
        """The callable v -> (H + damping I)^-1 v at this theta, for v (p,) or (p, k)."""
        theta, damping = check_theta(theta, risk.p, risk.weights), require.damping(damping)
        if self.batch > risk.n:
            raise ValueError(
                f"batch is {self.batch} and the risk has {risk.n} examples; a batch holds none of "
                f"them twice. batch={risk.n} takes all, that is H itself, in each step."
            )
        samples = Samples(Watched(risk), theta, damping, self.batch)
        return LissaSolve(self, samples, self._scale(samples, risk.n), theta)

    def _scale(self, samples: Samples, n: int) -> float:
        """The scale that was given, if it is safe, or the smallest that is."""
        largest, whole = samples.largest, self.batch == n
        if not largest > 0.0:
            raise ValueError(
                "H is 0, and has no inverse: at this theta no example has curvature, and there is "
                "neither penalty nor damping. Try another loss, or damping > 0."
            )
        if self.scale is None:
            return largest
        least = 0.5 * largest if whole else largest
        rounding = float(array_namespace(samples.theta).finfo(samples.theta.dtype).eps) ** 0.5
        if not self.scale < (1.0 - rounding) * least:
            return float(self.scale)
        why = (
            f"half the largest eigenvalue of H, penalty and damping included, is {least:.4g}, and "
            "below it the series diverges"
            if whole
            else f"samples, penalty and damping included, have eigenvalues up to {least:.4g}, and "
            "with a smaller scale the answers may be wrong by any amount and look like others"
        )
        raise ValueError(
            f"scale is {self.scale:g}: {why}. Leave it out (it is then {largest:.4g}), or take a "
            "larger one, with more bias and less noise."
        )


@dataclass(frozen=True, eq=False)
class LissaEstimate:
    """What LiSSA found of H^-1 v, and what the repeats say of it.

    Attributes
    ----------
    runs : array (repeats, p) or (repeats, p, k)
        The answer of each repeat alone.
    x : array (p,) or (p, k)
        Their mean.
    standard_error : array (p,) or (p, k)
        Of the mean, entry by entry: the runs' standard deviation / sqrt(repeats); NaN for one
        repeat. It knows nothing of the bias.
    relative_residual : array () or (k,)
        ||v - (H + damping I) x||_2 / ||v||_2, which knows of both; 0 for v = 0.
    """

    runs: Array
    x: Array
    standard_error: Array
    relative_residual: Array


@dataclass(frozen=True, eq=False)
class LissaSolve:
    """v -> (H + damping I)^-1 v by LiSSA, with the scale that was given or found.

    Lesson: 09_inverse_hvp
    """

    method: Lissa
    samples: Samples
    scale: float
    like: Array  # (p,)

    approximate = True  # with noise and bias: nobody takes it for H^-1 where that decides anything

    def __repr__(self) -> str:
        m = self.method
        return (
            f"LissaSolve(scale={self.scale:.4g}, depth={m.depth}, repeats={m.repeats}, "
            f"seed={m.seed}, batch={m.batch}: a sample's eigenvalues are at most "
            f"{self.samples.largest:.4g})"
        )

    def __call__(self, v: Array) -> Array:
        return self.estimate(v).x

    @quiet()
    def estimate(self, v: Array) -> LissaEstimate:
        """The answer with its spread, for v (p,) or (p, k); the same each time."""
        v, m = check_vectors(v, self.like.shape[0], self.like), self.method
        xp = array_namespace(v)
        v = as_float(v, "v")
        if 0 in v.shape:
            runs = [v] * m.repeats
        else:
            runs = self._runs(v)
        x, standard_error = mean_of(runs)
        return LissaEstimate(xp.stack(runs), x, standard_error, self._looked_at(x, v))

    def _runs(self, v: Array) -> list[Array]:
        m = self.method
        steps = recursion(self.samples, v, self.scale, m.repeats, m.seed)
        try:
            with bar(m.depth, m.progress, desc="LiSSA", unit="step", leave=False) as advance:
                runs = next(steps)
                for _ in range(m.depth):
                    runs = next(steps)
                    advance(1)
        except Breakdown as end:
            raise NotConvergedError(f"LiSSA, with A = H + damping I: {end}") from None
        return runs

    def _looked_at(self, x: Array, v: Array) -> Array:
        """The relative residual; raises where x' (H + damping I) x is not positive."""
        xp = array_namespace(x)
        size = xp.max(xp.abs(x), axis=0) if x.shape[0] else 0.0
        unit = xp.where(size > 0.0, size, xp.ones_like(size))  # squares of 1e-200 are 0
        z = x / unit
        Az = self.samples.whole(z)
        curvature, square = xp.sum(z * Az, axis=0), xp.sum(z * z, axis=0)
        eps = float(xp.finfo(x.dtype).eps)
        flat = curvature <= x.shape[0] * eps * self.samples.largest * square
        if scalar(xp.any(flat & (size > 0.0))):
            lowest = scalar(xp.min(xp.where(flat, curvature / square, xp.ones_like(square))))
            raise NotConvergedError(
                f"LiSSA: H + damping I is not positive definite, since x' (H + damping I) x is "
                f"{lowest:.3g} ||x||^2 for an answer x. Add damping; Cholesky would name its "
                "smallest eigenvalue."
            )
        v = v / unit
        of_v = xp.linalg.vector_norm(v, axis=0)
        left = xp.linalg.vector_norm(v - Az, axis=0)
        return left / xp.where(of_v > 0.0, of_v, xp.ones_like(of_v))
