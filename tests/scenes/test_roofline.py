"""The roofline explorer's counts beside those of loops, and what rules where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from teachkit.scenes.roofline import (
    GPU_MEMORY,
    LAUNCH,
    SIZES,
    WIDTHS,
    Machine,
    Product,
    RooflineState,
    ladder,
    rules,
    seconds,
)
from teachkit.scenes.roofline_drawing import describe, draw, draw_times
from teachkit.scenes.words import prefixed


def counted(n: int, p: int, k: int, passes: int) -> tuple[int, int]:
    """Operations and bytes of H V, one by one as loops would do them."""
    operations = numbers = 0
    for _ in range(k):
        for _ in range(n):
            operations += 2 * p + 1 + 2 * p  # a score, times the curvature, times the row
        numbers += p + p  # v is read, H v is written
        numbers += 2 * n if passes == 2 else 0  # scores go to memory and come back
    numbers += passes * n * p + n
    return operations, 8 * numbers


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize(("n", "p", "k"), [(7, 3, 1), (5, 8, 4), (60, 11, 16)])
def test_counts_are_those_of_loops(n, p, k, passes) -> None:
    product = Product(n, p, k, passes)
    assert (product.flops, product.bytes) == counted(n, p, k, passes)
    assert product.size == 8 * n * p


def test_a_single_vector_has_a_quarter_of_an_operation_for_each_byte() -> None:
    assert Product(1e6, 1e4, 1, 2).intensity == pytest.approx(0.25, rel=0.01)
    assert Product(1e6, 1e4, 1, 1).intensity == pytest.approx(0.5, rel=0.01)
    assert Product(1e6, 1e4, 16, 2).intensity == pytest.approx(4.0, rel=0.01)


def test_a_roof_rises_to_its_ridge_and_is_flat_behind() -> None:
    machine = Machine(1e10, 3e10)
    assert machine.rate(1.0) == pytest.approx(1e10)
    assert machine.rate(machine.ridge) == pytest.approx(3e10)
    assert machine.rate(100 * machine.ridge) == pytest.approx(3e10)


def test_the_machines_of_the_lesson_and_their_products_can_be_set() -> None:
    """60,000 images of 785 numbers on a core of 10 GB and on an H100, as the lesson counts them."""
    assert 60_000 in SIZES and 785 in WIDTHS
    state = RooflineState(n=60_000, p=785)
    assert prefixed(seconds(state.cpu_times(state.product())), "s") == "76 ms"
    assert "10 GB, 30 billion" in draw(state).table[2]
    assert "3.35 TB, 44 trillion" in draw(state).table[2]


def test_a_ladder_has_round_numbers_and_those_that_are_named() -> None:
    assert ladder(1e9, 1e11, (1, 2.5, 5), 3.35e10) == (
        1e9, 2.5e9, 5e9, 1e10, 2.5e10, 3.35e10, 5e10, 1e11,
    )  # fmt: skip


def test_what_rules() -> None:
    small = RooflineState(n=100, p=10)
    assert rules(small.gpu_times(small.product())) == "the way to it"
    assert seconds(small.gpu_times(small.product())) >= LAUNCH
    large = RooflineState(n=1_000_000)
    assert rules(large.cpu_times(large.product())) == "bytes"
    many = replace(large, k=4**5)
    for times in (many.cpu_times(many.product()), many.gpu_times(many.product())):
        assert rules(times) == "operations"
    travelling = replace(large, travels=True)
    assert rules(travelling.gpu_times(travelling.product())) == "the way to it"


def test_a_gpu_is_slower_on_small_data_and_where_data_travel_for_one_product() -> None:
    assert "the processor is" in describe(RooflineState(n=100, p=10))
    assert "the GPU is" in describe(RooflineState(n=1_000_000))
    state = RooflineState(n=1_000_000)
    there, away = (seconds(s.gpu_times(s.product())) for s in (state, replace(state, travels=True)))
    assert away > 50 * there


def test_machines_alike_are_as_fast_and_large_numbers_are_written_out() -> None:
    alike = RooflineState(gpu=Machine(10e9, 44e12))
    assert "both are as fast" in describe(alike)
    assert "4,400" in draw(alike).table[1]


def test_data_that_do_not_fit_travel() -> None:
    state = RooflineState(n=100_000_000)
    assert state.product().size > GPU_MEMORY
    assert state.on_bus(state.product())
    assert "on the bus" in draw(state).table[-1]
    assert "there" in draw(RooflineState()).table[-1]


def test_a_point_stands_under_its_roof() -> None:
    for n in (SIZES[0], 100_000, SIZES[-1]):
        for k in (1, 4**8):
            state = RooflineState(n=n, k=k)
            points = {point.id: point for point in draw(state).points}
            for name, machine in (("on cpu", state.cpu), ("on gpu", state.gpu)):
                roof = machine.rate(10 ** points[name].x)
                assert 10 ** points[name].y <= roof * (1 + 1e-9)


def test_the_curves_of_time_pass_through_the_points() -> None:
    scene = draw_times(RooflineState(n=100_000))
    for line, point in zip(scene.lines, scene.points, strict=True):
        (place,) = [y for x, y in line.pieces[0] if x == pytest.approx(5.0)]
        assert place == pytest.approx(point.y, abs=2e-3)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, "s", "0 s"),
        (1.26e8, "B", "130 MB"),
        (0.00812, "s", "8.1 ms"),
        (2e-5, "s", "20 µs"),
        (999.9, "B", "1 kB"),
        (4e6, "", "4 million"),
        (52, "", "52"),
        (3.1e13, "", "31 trillion"),
    ],
)
def test_prefixes(value, unit, said) -> None:
    assert prefixed(value, unit) == said
