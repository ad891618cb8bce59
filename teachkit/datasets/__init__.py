"""The data of the lessons: 2-D toys made here, and real data that scikit-learn carries.

Provenance and licence of each: README.md beside this file.
"""

from teachkit.datasets._columns import add_ones
from teachkit.datasets.real import Split, breast_cancer, digits, digits_parity
from teachkit.datasets.toys import blobs, line, moons

__all__ = [
    "Split",
    "add_ones",
    "blobs",
    "breast_cancer",
    "digits",
    "digits_parity",
    "line",
    "moons",
]
