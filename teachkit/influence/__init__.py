"""Influence functions: how theta, and the loss at a test point, follow the weights of the data.

Upweight example z by eps: theta(eps) minimises R(theta) + eps L(z, theta). Differentiating the
first-order condition grad R(theta) + eps grad L(z, theta) = 0 at eps = 0 gives

    H theta'(0) + grad L(z, theta) = 0,        H = grad^2 R(theta), penalty included,

and everything here is that equation, solved. R is a mean over n examples, so a weight that changes
by delta_w_i is eps = delta_w_i / n, and removal is eps = -w_i / n.
"""

from teachkit.influence.predictions import Influence

__all__ = ["Influence"]
