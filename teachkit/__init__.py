"""teachkit: how a trained model depends on its training data.

Every name below is loaded when it is first used, so that `import teachkit` costs nothing and
`python -m teachkit.doctor` can speak even where a package is missing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    # the risk, and the losses in it
    "teachkit.risks": [
        "AutogradRisk",
        "KernelRisk",
        "LinearRisk",
        "ShardedRisk",
        "SoftmaxRisk",
        "convolutional",
        "four_nine_network",
        "frozen_features",
        "multilayer",
    ],
    "teachkit.losses": [
        "Absolute",
        "EpsilonInsensitive",
        "Hinge",
        "Logistic",
        "SmoothHinge",
        "Square",
        "SquaredHinge",
        "ZeroOne",
    ],
    # solvers
    "teachkit.optimize": [
        "BFGS",
        "LBFGS",
        "Backtracking",
        "FixedStep",
        "Iterate",
        "Newton",
        "NewtonCG",
        "SteepestDescent",
        "Wolfe",
        "bfgs_update",
        "descend",
        "minimize",
        "newton_root",
        "newton_root_steps",
        "two_loop",
    ],
    "teachkit.linear": [
        "conjugate_gradient",
        "conjugate_gradient_steps",
        "lissa",
        "lissa_steps",
    ],
    "teachkit.trace": ["Trace"],
    # influence, and the truth beside it
    "teachkit.influence": ["Influence"],
    "teachkit.inverse_hvp": ["Cholesky", "ConjugateGradient", "GaussNewton", "Lissa"],
    "teachkit.retraining": ["leave_one_out", "retrain", "retrain_with", "retrain_without"],
    "teachkit.validation": ["Agreement", "agreement", "nothing_removed"],
    # the explorers
    "teachkit.widgets": [
        "AgreementExplorer",
        "AttackExplorer",
        "BowlExplorer",
        "ConjugateGradientExplorer",
        "DescentExplorer",
        "GenerativeExplorer",
        "ImageInfluenceExplorer",
        "InfluenceExplorer",
        "LabelAudit",
        "LissaExplorer",
        "LossExplorer",
        "MemoryExplorer",
        "MismatchExplorer",
        "ModelComparisonExplorer",
        "Plane",
        "RiskExplorer",
        "RooflineExplorer",
        "RootFinder",
        "SecantExplorer",
        "SmoothHingeExplorer",
        "StepSizeExplorer",
    ],
}
_MODULES = [
    "arrays",
    "attacks",
    "datasets",
    "derivatives",
    "doctor",
    "exercises",
    "figures",
    "functions",
    "losses",
    "validation",
    "vision",
    "widgets",
]
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME), *_MODULES]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("teachkit")
    except PackageNotFoundError:  # a folder that was copied, not installed
        return "0+unknown"


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in _HOME and name not in _MODULES:
        raise AttributeError(f"module 'teachkit' has no attribute {name!r}")
    try:
        module = import_module(_HOME.get(name, f"teachkit.{name}"))
    except ModuleNotFoundError as error:
        raise ImportError(
            f"teachkit.{name} needs the package {error.name!r}, which is not installed here. "
            "`python -m teachkit.doctor` says what else is missing, and what to do."
        ) from error
    return getattr(module, name) if name in _HOME else module


def __dir__() -> list[str]:
    return __all__
