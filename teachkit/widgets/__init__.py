"""Widgets: the plane and the explorers made of it."""

from teachkit.widgets.agreement_explorer import AgreementExplorer
from teachkit.widgets.attack_explorer import AttackExplorer
from teachkit.widgets.bowl_explorer import BowlExplorer
from teachkit.widgets.conjugate_gradient_explorer import ConjugateGradientExplorer
from teachkit.widgets.descent_explorer import DescentExplorer
from teachkit.widgets.form import Form
from teachkit.widgets.generative_explorer import GenerativeExplorer
from teachkit.widgets.image_influence_explorer import ImageInfluenceExplorer
from teachkit.widgets.influence_explorer import InfluenceExplorer
from teachkit.widgets.label_audit import LabelAudit
from teachkit.widgets.lissa_explorer import LissaExplorer
from teachkit.widgets.loss_explorer import LossExplorer
from teachkit.widgets.memory_explorer import MemoryExplorer
from teachkit.widgets.mismatch_explorer import MismatchExplorer
from teachkit.widgets.model_comparison_explorer import ModelComparisonExplorer
from teachkit.widgets.perturbation_explorer import PerturbationExplorer
from teachkit.widgets.pixel_explorer import PixelExplorer
from teachkit.widgets.plane import Plane
from teachkit.widgets.risk_explorer import RiskExplorer
from teachkit.widgets.roofline_explorer import RooflineExplorer
from teachkit.widgets.root_finder import RootFinder
from teachkit.widgets.secant_explorer import SecantExplorer
from teachkit.widgets.smooth_hinge_explorer import SmoothHingeExplorer
from teachkit.widgets.step_size_explorer import StepSizeExplorer

__all__ = [
    "AgreementExplorer",
    "AttackExplorer",
    "BowlExplorer",
    "ConjugateGradientExplorer",
    "DescentExplorer",
    "Form",
    "GenerativeExplorer",
    "ImageInfluenceExplorer",
    "InfluenceExplorer",
    "LabelAudit",
    "LissaExplorer",
    "LossExplorer",
    "MemoryExplorer",
    "MismatchExplorer",
    "ModelComparisonExplorer",
    "PerturbationExplorer",
    "PixelExplorer",
    "Plane",
    "RiskExplorer",
    "RooflineExplorer",
    "RootFinder",
    "SecantExplorer",
    "SmoothHingeExplorer",
    "StepSizeExplorer",
]
