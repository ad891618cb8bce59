"""Slips by part: what people write in the place of one part of a formula, and what to tell them."""
