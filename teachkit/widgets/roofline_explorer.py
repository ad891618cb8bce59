"""Where does the time go? A Hessian-vector product under the roofs of a processor and a GPU."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from teachkit.scenes.roofline import (
    CORE,
    FINE,
    H100,
    PASSES,
    REACH,
    SIZES,
    VECTORS,
    WIDTHS,
    Machine,
    RooflineState,
    Speeds,
    ladder,
)
from teachkit.scenes.roofline_drawing import draw, draw_times
from teachkit.scenes.words import prefixed
from teachkit.widgets.controls import Control, choice, switch, tick
from teachkit.widgets.parts import more
from teachkit.widgets.plane_explorer import Beside, PlaneExplorer


def _speed(label: str, of: str, what: str, now: float) -> Control:
    """A slider in round numbers, with what the machine has at first and the H100's among them."""

    def changes(state: Any, value: float) -> Any:
        machine = replace(getattr(state, of), **{what: value})
        return replace(state, **{of: machine})

    named = Machine(*(CORE if of == "cpu" else H100))
    unit = "B" if what == "bandwidth" else ""
    options = [
        (prefixed(speed, unit, 3), speed)
        for speed in ladder(*REACH[of, what], FINE, getattr(named, what), now)
    ]
    return choice(f"{of}_{what}", label, options, shows=f"{of}.{what}", changes=changes)


def _machine(of: str, speeds: Speeds) -> Machine:
    machine = Machine(*map(float, speeds))
    for what, said in (("bandwidth", "bytes"), ("peak", "operations")):
        (low, high), value = REACH[of, what], getattr(machine, what)
        if not low <= value <= high:
            raise ValueError(
                f"{of} has {value:g} {said} a second; the explorer has {low:g} to {high:g}. "
                "It is (bytes a second, operations a second): not in GB, and in this order?"
            )
    return machine


class RooflineExplorer(PlaneExplorer):
    """Operations, bytes and seconds of H V, V (p, k), on a processor and on a GPU.

    H V = X' (c (X V)) / n + l2 V takes 4 n p k operations, and reads X twice, or once where rows
    are taken in blocks that stay in cache. Time is that of the bytes or of the operations, whatever
    takes longer; on the GPU 20 microseconds come before it, and the way of X over a bus of 25 GB/s
    where it is not there, or larger than 80 GB. How fast the machines are stands under *More*.

    Parameters
    ----------
    k : int
        Vectors at once at first: a power of 4 up to 65,536.
    cpu, gpu : (float, float)
        Bytes and operations a second of the two machines at first: a core of an ordinary
        processor, and an NVIDIA H100 (its memory as its maker says, its products of float64
        matrices as measured). Numbers of your own stand on the sliders, too.

    Raises
    ------
    ValueError
        If the slider has no such k, or a machine is slower or faster than the sliders reach.

    Notes
    -----
    Source: Williams, Waterman & Patterson (2009), Roofline: an insightful visual performance model.
    Lesson: 16_scaling_up
    """

    label_width = "6.5em"

    def __init__(self, *, k: int = 1, cpu: Speeds = CORE, gpu: Speeds = H100) -> None:
        if k not in VECTORS:
            raise ValueError(f"k is {k}; the slider has {', '.join(map(str, VECTORS))}.")
        state = RooflineState(k=k, cpu=_machine("cpu", cpu), gpu=_machine("gpu", gpu))
        super().__init__(
            state,
            draw,
            [
                choice("n", "n", [(f"{n:,}", n) for n in SIZES]),
                choice("p", "p", [(f"{p:,}", p) for p in WIDTHS]),
                choice("k", "Vectors k", [(f"{k:,}", k) for k in VECTORS]),
                switch("way", "Read X", list(PASSES)),
                tick("travels", "X has to go to the GPU first"),
                more(
                    _speed("CPU bytes/s", "cpu", "bandwidth", state.cpu.bandwidth),
                    _speed("CPU op/s", "cpu", "peak", state.cpu.peak),
                    _speed("GPU bytes/s", "gpu", "bandwidth", state.gpu.bandwidth),
                    _speed("GPU op/s", "gpu", "peak", state.gpu.peak),
                ),
            ],
            beside={"times": Beside(draw_times)},
        )
