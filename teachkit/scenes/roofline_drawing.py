"""The roofline explorer's scenes: two roofs with a product under each, and time against n."""

from __future__ import annotations

import math

import numpy as np

from teachkit.scenes.drawing import curve, rounded, seen, table, upright
from teachkit.scenes.meanings import SHARED, Meaning
from teachkit.scenes.roofline import (
    SIZES,
    Machine,
    RooflineState,
    rules,
    seconds,
)
from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.scenes.words import digits, prefixed

ROOFS = Axes(
    (-1.5, 4.0), (6.0, 15.0), "operations for each byte", "operations a second",
    xlog=True, ylog=True,
)  # fmt: skip
LOWEST, HIGHEST = math.log10(SIZES[0]), math.log10(SIZES[-1])
TIMES = Axes((LOWEST, HIGHEST), (-7.0, 5.0), "n", "seconds", xlog=True, ylog=True)
LEGEND = {
    "cpu": Meaning("solid blue", "processor"),
    "gpu": Meaning("green dash", "GPU"),
    "on cpu": Meaning("small blue circle", "product on the processor"),
    "on gpu": Meaning("green diamond", "product on the GPU"),
    "guide": SHARED["guide"].called("its operations for each byte"),
}
RUNS = {"cpu": "processor", "gpu": "GPU"}


def draw(state: RooflineState) -> Scene:
    """Both roofs, and how fast the product runs on each machine."""
    product = state.product()
    at = math.log10(product.intensity)
    spent = _spent(state)
    said = describe(state)
    points = tuple(
        _product(
            name, at, math.log10(product.flops / seconds(times)), prefixed(seconds(times), "s")
        )
        for name, times in spent.items()
    )
    return Scene(
        ROOFS,
        points,
        (
            _roof("cpu", state.cpu),
            _roof("gpu", state.gpu),
            upright("intensity", min(max(at, ROOFS.xlim[0]), ROOFS.xlim[1]), ROOFS),
        ),
        sentence=said,
        alt=(
            "The roofs of a processor and a GPU on logarithmic axes: they rise with the operations "
            f"for each byte and then are flat. {said}"
        ),
        table=_table(state),
        legend=LEGEND,
    )


def draw_times(state: RooflineState) -> Scene:
    """Seconds for the product against n, all else as it is."""
    heights = np.linspace(LOWEST, HIGHEST, 71)
    spent = [_spent(state, 10**height) for height in heights]
    bottom, top = TIMES.ylim

    def line(name: str) -> Line:
        taken = np.log10([seconds(times[name]) for times in spent])
        places = rounded(curve(heights, np.clip(taken, bottom, top)), 3)
        return Line(name, places, name, end=RUNS[name])

    here = {name: seconds(times) for name, times in _spent(state).items()}
    at = math.log10(state.n)
    points = tuple(
        _product(name, at, min(max(math.log10(t), bottom), top), prefixed(t, "s"))
        for name, t in here.items()
    )
    faster = "GPU" if here["gpu"] < here["cpu"] else "processor"
    said = f"At this n the {faster} is faster."
    return Scene(
        TIMES,
        points,
        tuple(map(line, RUNS)),
        sentence=said,
        alt=f"Seconds for one product against n, logarithmic, for processor and GPU. {said}",
        legend={key: meaning.called("") for key, meaning in LEGEND.items() if key != "guide"},
    )


def describe(state: RooflineState) -> str:
    """The counts, and what rules on either machine."""
    product, spent = state.product(), _spent(state)
    cpu, gpu = (seconds(times) for times in spent.values())
    ratio = max(cpu / gpu, gpu / cpu)
    faster = "the GPU is" if gpu < cpu else "the processor is"
    result = f"{faster} {prefixed(ratio, '')} times as fast"
    if ratio < 1.05:
        result = "both are as fast"
    return (
        f"{prefixed(product.flops, '')} operations over {prefixed(product.bytes, 'B')}: "
        f"{_count(product.intensity)} for each byte. Processor {prefixed(cpu, 's')}, ruled by "
        f"{rules(spent['cpu'])}; GPU {prefixed(gpu, 's')}, ruled by {rules(spent['gpu'])}: "
        f"{result}."
    )


def _count(value: float) -> str:
    """Two digits, and no power of ten however large."""
    return digits(value, 2) if value < 100 else f"{float(f'{value:.2g}'):,.0f}"


def _spent(state: RooflineState, n: float | None = None) -> dict[str, dict[str, float]]:
    product = state.product(n)
    return {"cpu": state.cpu_times(product), "gpu": state.gpu_times(product)}


def _product(name: str, x: float, y: float, note: str) -> Point:
    return seen(f"on {name}", x, y, f"on {name}", f"The product on the {RUNS[name]}", note)


def _roof(name: str, machine: Machine) -> Line:
    low, high = ROOFS.xlim
    ridge = min(max(math.log10(machine.ridge), low), high)
    places = [math.log10(machine.rate(10**x)) for x in (low, ridge, high)]
    return Line(name, curve((low, ridge, high), places), name, end=RUNS[name])


def _table(state: RooflineState) -> tuple[tuple[str, ...], ...]:
    product, spent = state.product(), _spent(state)
    machines = (state.cpu, state.gpu)

    def row(name: str) -> tuple[str, ...]:
        taken = (prefixed(t[name], "s") if name in t else "" for t in spent.values())
        return (f"seconds for {name}", *taken)

    return table(
        ("", *RUNS.values()),
        ("ridge, operations a byte", *(_count(m.ridge) for m in machines)),
        (
            "in a second",
            *(f"{prefixed(m.bandwidth, 'B', 3)}, {prefixed(m.peak, '', 3)}" for m in machines),
        ),
        *map(row, ("bytes", "operations", "the way to it")),
        ("seconds in all", *(prefixed(seconds(t), "s") for t in spent.values())),
        (
            "X takes",
            prefixed(product.size, "B"),
            "on the bus" if state.on_bus(product) else "there",
        ),
    )
