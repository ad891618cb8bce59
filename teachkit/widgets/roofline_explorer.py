"""Where does the time go? A Hessian-vector product under the roofs of a processor and a GPU."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from teachkit.scenes.roofline import HIGHEST, LOWEST, PASSES, VECTORS, RooflineState
from teachkit.scenes.roofline_drawing import draw, draw_times
from teachkit.widgets.controls import Control, choice, slider, switch, tick
from teachkit.widgets.parts import more
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


def _power(name: str, label: str, reach: tuple[float, float], of: str, what: str) -> Control:
    """A power of ten of one of the machines."""

    def changes(state: Any, value: float) -> Any:
        machine = replace(getattr(state, of), **{what: round(value, 6)})
        return replace(state, **{of: machine})

    return slider(name, label, reach, 0.25, shows=f"{of}.{what}", changes=changes)


class RooflineExplorer(PlaneExplorer):
    """Operations, bytes and seconds of H V, V (p, k), on a processor and on a GPU.

    H V = X' (c (X V)) / n + l2 V takes 4 n p k operations, and reads X twice, or once where rows
    are taken in blocks that stay in cache. Time is that of the bytes or of the operations, whatever
    takes longer; on the GPU 20 microseconds come before it, and the way of X over a bus of 25 GB/s
    where it is not there, or larger than 80 GB. How fast the machines are stands under *More*: at
    first a core of an ordinary processor and about an NVIDIA H100, to a quarter power of ten.

    Parameters
    ----------
    k : int
        Vectors at once at first: a power of 4 up to 65,536.

    Raises
    ------
    ValueError
        If the slider has no such k.

    Notes
    -----
    Source: Williams, Waterman & Patterson (2009), Roofline: an insightful visual performance model.
    Lesson: 16_scaling_up
    """

    label_width = "6.5em"

    def __init__(self, *, k: int = 1) -> None:
        if k not in VECTORS:
            raise ValueError(f"k is {k}; the slider has {', '.join(map(str, VECTORS))}.")
        super().__init__(
            RooflineState(k=k),
            draw,
            [
                slider("log_n", "log₁₀ n", (LOWEST, HIGHEST), 0.25),
                slider("log_p", "log₁₀ p", (1.0, 4.0), 0.25),
                choice("k", "Vectors k", [(f"{k:,}", k) for k in VECTORS]),
                switch("way", "Read X", list(PASSES)),
                tick("travels", "X has to go to the GPU first"),
                more(
                    _power("cpu_bytes", "CPU log B/s", (9.0, 12.0), "cpu", "bandwidth"),
                    _power("cpu_peak", "CPU log op/s", (9.0, 13.0), "cpu", "peak"),
                    _power("gpu_bytes", "GPU log B/s", (11.0, 13.5), "gpu", "bandwidth"),
                    _power("gpu_peak", "GPU log op/s", (11.0, 15.0), "gpu", "peak"),
                ),
            ],
            beside={"times": Beside(draw_times)},
        )
