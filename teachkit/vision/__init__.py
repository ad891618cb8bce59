"""Photographs of your own: two folders, and what a network trained on ImageNet sees in them.

Optional: PyTorch is loaded when features are computed, and `missing` says what to install.
"""

from teachkit.vision.imagenette import fetch_imagenette
from teachkit.vision.networks import NETWORKS, missing
from teachkit.vision.pictures import Pictures, pictures

__all__ = ["NETWORKS", "Pictures", "fetch_imagenette", "missing", "pictures"]
