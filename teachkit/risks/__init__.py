"""Risks: models together with their data, as the oracles that everything above asks."""

from teachkit.risks._protocol import (
    HasExampleCurvatures,
    HasExampleHvp,
    HasExampleProducts,
    HasGaussNewton,
    HasHessianDiagonal,
    HasHessianRoot,
    HasLeverages,
    Objective,
    Risk,
)
from teachkit.risks.autograd import AutogradRisk
from teachkit.risks.kernel import KernelRisk
from teachkit.risks.linear import LinearRisk
from teachkit.risks.networks import Network, convolutional, multilayer
from teachkit.risks.sharded import ShardedRisk
from teachkit.risks.softmax import SoftmaxRisk
from teachkit.risks.trained import four_nine_network, frozen_features

__all__ = [
    "AutogradRisk",
    "HasExampleCurvatures",
    "HasExampleHvp",
    "HasExampleProducts",
    "HasGaussNewton",
    "HasHessianDiagonal",
    "HasHessianRoot",
    "HasLeverages",
    "KernelRisk",
    "LinearRisk",
    "Network",
    "Objective",
    "Risk",
    "ShardedRisk",
    "SoftmaxRisk",
    "convolutional",
    "four_nine_network",
    "frozen_features",
    "multilayer",
]
