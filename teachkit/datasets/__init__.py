"""The data of the lessons: 2-D toys made here, real data that scikit-learn carries, and files that
come with the library (MNIST, Spambase, the RAND health insurance experiment). `fetch_mnist` and
`fetch_diabetes_hospitals` alone need a network, once; `read_table` reads a table of your own.

Provenance and licence of each: README.md beside this file.
"""

from teachkit.datasets._columns import add_ones
from teachkit.datasets.children import Children, rand_children
from teachkit.datasets.fetched import fetch_diabetes_hospitals, fetch_mnist
from teachkit.datasets.mnist import mnist
from teachkit.datasets.rand_health import rand_health
from teachkit.datasets.real import breast_cancer, digits, digits_parity
from teachkit.datasets.spam import spam
from teachkit.datasets.split import Split
from teachkit.datasets.table import read_table
from teachkit.datasets.toys import blobs, line, moons

__all__ = [
    "Children",
    "Split",
    "add_ones",
    "blobs",
    "breast_cancer",
    "digits",
    "digits_parity",
    "fetch_diabetes_hospitals",
    "fetch_mnist",
    "line",
    "mnist",
    "moons",
    "rand_children",
    "rand_health",
    "read_table",
    "spam",
]
