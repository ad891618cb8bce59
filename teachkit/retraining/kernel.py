"""All leave-one-out retrainings of a kernel risk at once: those of the linear risk in it."""

from __future__ import annotations

from teachkit.arrays import Array
from teachkit.retraining.joint import retrains
from teachkit.retraining.linear import LinearLeaveOneOut
from teachkit.risks.kernel import KernelRisk


@retrains(KernelRisk)
class KernelLeaveOneOut(LinearLeaveOneOut):
    """Delta_i = theta_{-i} - theta: the features stay, since a point that leaves has weight 0."""

    def __init__(self, risk: KernelRisk, theta: Array, tol: float) -> None:
        super().__init__(risk.linear, theta, tol)
