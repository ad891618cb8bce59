"""H^-1 v by a callable of the user's: never trusted with an array of ours, nor with a shape."""

from __future__ import annotations

from dataclasses import dataclass

from teachkit.arrays import Array, LinearMap, as_float, device, is_array, quiet
from teachkit.boundary import apart
from teachkit.risks.checks import check_vectors


@dataclass(frozen=True, eq=False)
class Given:
    """A callable v -> H^-1 v: it gets copies, and its answers are copied and looked at.

    It may overwrite its argument, as SciPy's solvers do with ``overwrite_b=True``.
    """

    solve: LinearMap
    like: Array  # (p,), of the dtype and on the device that vectors have to have

    @quiet()
    def __call__(self, v: Array) -> Array:
        v = check_vectors(v, self.like.shape[0], self.like)
        x = apart(self.solve)(v)
        if not is_array(x) or x.shape != v.shape:
            shape = tuple(x.shape) if is_array(x) else type(x).__name__
            raise ValueError(
                f"The inverse_hvp callable gave {shape} for a v of shape {tuple(v.shape)}; it has "
                "to return H^-1 v in the shape of v, (p,) or (p, k)."
            )
        if x.dtype != v.dtype or device(x) != device(v):
            raise TypeError(
                f"The inverse_hvp callable gave {x.dtype} on {device(x)} for a v of {v.dtype} on "
                f"{device(v)}; it has to keep both."
            )
        return as_float(x, "The inverse_hvp callable's answer")
