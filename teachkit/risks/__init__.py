"""Risks: models together with their data, as the oracles that everything above asks."""

from teachkit.risks._protocol import HasExampleHvp, HasLeverages, Objective, Risk
from teachkit.risks.linear import LinearRisk

__all__ = ["HasExampleHvp", "HasLeverages", "LinearRisk", "Objective", "Risk"]
