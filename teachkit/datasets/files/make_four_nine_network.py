"""Make four_nine_network.npz: a small network, trained here to tell the digit 4 from 9.

    python teachkit/datasets/files/make_four_nine_network.py

150 steps of L-BFGS on the 700 training images of `mnist(4, 9, test_size=0.3)`. The weights are
rounded to float16. Another machine ends elsewhere, since rounding decides between many minima.
"""

from pathlib import Path

import numpy as np

from teachkit import LBFGS, AutogradRisk, Wolfe, convolutional, minimize
from teachkit.datasets import mnist

split = mnist(positive=4, negative=9, test_size=0.3)
net = convolutional((28, 28), (8, 16), 1, kernel=4, stride=3)
X, y = split.X_train[:, :-1], split.y_train
start = net.initial(0)
risk = AutogradRisk(net.losses, X, y, start, outputs=net.outputs, l2=1e-3)
fit = minimize(risk, start, direction=LBFGS(), search=Wolfe(), tol=1e-4, max_iter=150)
np.savez_compressed(
    Path(__file__).with_name("four_nine_network.npz"), theta=fit.x.astype(np.float16)
)
