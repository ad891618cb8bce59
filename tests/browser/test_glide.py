"""Lines and arrows glide from one answer to the next, and rest exactly where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from teachkit.scenes.marks import Arrow, Bar
from teachkit.scenes.scene import Axes, Line, Scene
from tests.browser.bench import Bench, a_scene

# What is drawn, frame by frame, until it has stood still for a while.
FILM = """async (what) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const seen = [];
    for (let still = 0; still < 20; still++) {
        const now = document.querySelector(what).getAttribute("d");
        if (now !== seen.at(-1)) [seen[seen.length], still] = [now, 0];
        await frame();
    }
    return seen;
}"""
LINE, ARROW, BAR = ".teachkit-lines path", ".teachkit-arrows path", ".teachkit-bar"


def a_line(high: float, turned: bool = False) -> Scene:
    ends = ((0.0, high), (10.0, high + 1))
    line = Line("now", (ends[::-1] if turned else ends,), "now")
    arrow = Arrow("a", (1.0, high), (3.0, high), "retrained")
    return replace(a_scene(), lines=(line,), arrows=(arrow,))


def film(bench: Bench, scene: Scene, what: str, **show: bool) -> list[str]:
    bench.plane.show(scene, **show)
    bench.page.evaluate("(film) => { window.film = eval(film); }", FILM)
    bench.page.evaluate("(what) => { window.seen = film(what); }", what)
    bench.answer()
    return bench.page.evaluate("() => window.seen")


def drawn(page: Page, scene: Scene, what: str) -> str | None:
    """As a plane draws it that has seen nothing else."""
    Bench(page, scene)
    return page.locator(what).first.get_attribute("d")


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("what", [LINE, ARROW])
def test_between_two_answers_lines_glide(page: Page, what: str, replace: bool):
    bench = Bench(page, a_line(1.0))
    seen = film(bench, a_line(8.0), what, replace=replace)
    assert len(seen) >= 3  # the first, the last, and something between
    heights = [float(d.split(",")[1].split("L")[0]) for d in seen]
    assert heights == sorted(heights, reverse=True)  # all the way up
    assert bench.failures == []
    assert seen[-1] == drawn(page, a_line(8.0), what)


def test_a_line_that_is_told_from_its_other_end_does_not_turn_over(page: Page):
    bench = Bench(page, a_line(1.0))
    seen = film(bench, a_line(2.0, turned=True), LINE)
    lefts = [min(float(p.split(",")[0].lstrip("M")) for p in d.split("L")) for d in seen]
    assert max(lefts) - min(lefts) < 1
    assert seen[-1] == drawn(page, a_line(2.0, turned=True), LINE)


def test_bars_grow(page: Page):
    def bars(high: float) -> Scene:
        return Scene(Axes((-1.0, 1.0), (0.0, 10.0)), (Bar("b", 0.0, high, "positive"),))

    bench = Bench(page, bars(2.0))
    seen = film(bench, bars(8.0), BAR)
    assert len(seen) >= 3
    assert seen[-1] == drawn(page, bars(8.0), BAR)


def test_a_line_of_another_shape_is_there_at_once(page: Page):
    bench = Bench(page, a_line(1.0))
    longer = Line("now", (((0.0, 1.0), (5.0, 5.0), (10.0, 1.0)),), "now")
    assert len(film(bench, replace(a_line(1.0), lines=(longer,)), LINE)) == 2


def test_nothing_glides_where_motion_is_not_wanted(page: Page):
    page.emulate_media(reduced_motion="reduce")
    bench = Bench(page, a_line(1.0))
    assert len(film(bench, a_line(8.0), LINE)) == 2
