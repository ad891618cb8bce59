"""Risks: models together with their data, as the oracles that everything above asks."""
