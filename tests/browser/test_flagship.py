"""The explorer on the site's first page computes what the library does, without a kernel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from teachkit.datasets import blobs
from teachkit.scenes import influence as library
from teachkit.scenes.influence import TEST, InfluenceState
from teachkit.scenes.influence_drawing import describe, draw
from teachkit.scenes.influence_start import begin
from tests.browser.explorers import Hands
from tests.browser.first_page import build, first_page
from tests.browser.test_axe import serious
from tests.browser.test_one_screen import CUT, WIDE

START = begin(*blobs())
Gestures = list[tuple[str, dict[str, Any]]]
# After each list of gestures what the page knows; every list begins at the start.
PLAY = """(lists) => lists.map((gestures) => {
    const { explorer } = document.getElementById("teachkit-flagship");
    explorer.reset();
    for (const [name, table] of gestures) explorer[name](table, true);
    return { answer: explorer.state.answer, scene: explorer.scene };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("flagship"))


@pytest.fixture
def flagship(context: BrowserContext, folder: Path) -> Iterator[Hands]:
    page = first_page(context, folder)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda m: failures.append(m.text) if m.type == "error" else None)
    page.locator(".teachkit-plane[data-theme]").wait_for()
    yield Hands(page, "influence")
    assert failures == []


def played(gestures: Gestures) -> InfluenceState:
    """The library's state after these gestures."""

    def one(state: InfluenceState, gesture: tuple[str, dict[str, Any]]) -> InfluenceState:
        name, table = gesture
        for point, value in table.items():
            if name == "move":
                state = library.place(state, point, *value)
            else:
                state = library.weigh(state, int(point), value)
        return state

    return reduce(one, gestures, START)


def places(count: int, seed: int) -> np.ndarray:
    """Places anywhere on the plane, (count, 2)."""
    low, high = np.transpose([START.axes.xlim, START.axes.ylim])
    return np.random.default_rng(seed).uniform(low, high, size=(count, 2))


def out(*points: int) -> Gestures:
    return [("toggle", {str(i): 0.0 for i in points})]


def moves(seed: int, points: list[str]) -> list[Gestures]:
    to = places(len(points), seed).tolist()
    return [[("move", {name: place})] for name, place in zip(points, to, strict=True)]


def pairs() -> list[Gestures]:
    draws = np.random.default_rng(3)
    return [out(*draws.choice(START.n, 2, replace=False).tolist()) for _ in range(20)]


POSITIVE = np.flatnonzero(START.y > 0).tolist()
SETS: dict[str, list[Gestures]] = {
    "nothing": [[]],
    "each point out": [out(i) for i in range(START.n)],
    "pairs out": pairs(),
    "drags": moves(0, [str(i) for i in np.random.default_rng(1).integers(START.n, size=20)]),
    "drags of the test point": moves(2, [TEST] * 10),
    "moved and out": [[*moved, *out(7, 40)] for moved in moves(4, ["7", "40", TEST, "11"])],
    "all moved": [[gesture for [gesture] in moves(5, [str(i) for i in range(START.n)])]],
    "one class alone": [out(*POSITIVE), out(*sorted({*range(START.n)} - {*POSITIVE}))],
    "one point left": [out(*range(1, START.n)), out(*range(START.n - 1))],
    # Without these two, a line separates the classes: theta is as large as the penalty lets it.
    "separable": [[*out(40), ("move", {"18": [-3.0, -1.0], "13": [-3.5, -1.5]})]],
}


@pytest.mark.parametrize("name", SETS)
def test_its_numbers_are_those_of_the_library(flagship: Hands, name: str) -> None:
    lists = SETS[name]
    for gestures, known in zip(lists, flagship.page.evaluate(PLAY, lists), strict=True):
        state = played(gestures)
        answer, here = state.answer, known["answer"]
        for theta in ("now", "retrained", "predicted", "influences"):
            assert here[theta] == pytest.approx(getattr(answer, theta).tolist(), rel=1e-9, abs=1e-9)
        for when in ("Now", "Retrained", "Predicted"):
            loss = getattr(answer, f"loss_{when.lower()}")
            assert here[f"loss{when}"] == pytest.approx(loss, rel=1e-9, abs=1e-9)
        assert here["relativeError"] == pytest.approx(answer.relative_error, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", SETS)
def test_its_scene_is_that_of_the_explorer(flagship: Hands, name: str) -> None:
    """Words, table and legend to the letter, places to nine digits, sizes as they are rounded."""
    lists = SETS[name]
    for gestures, known in zip(lists, flagship.page.evaluate(PLAY, lists), strict=True):
        scene = draw(played(gestures)).as_dict()
        assert_alike(known["scene"], scene, "scene")


def assert_alike(here: Any, there: Any, where: str) -> None:
    if isinstance(there, dict):
        assert here.keys() == there.keys(), where
        for key in there:
            assert_alike(here[key], there[key], f"{where}.{key}")
    elif isinstance(there, list | tuple):
        assert len(here) == len(there), where
        for k, (a, b) in enumerate(zip(here, there, strict=True)):
            assert_alike(a, b, f"{where}[{k}]")
    elif isinstance(there, float):
        tolerance = 0.0101 if where.endswith(".size") else 1e-9
        assert here == pytest.approx(there, rel=1e-9, abs=tolerance), where
    else:
        assert here == there, where


def test_the_separable_set_is_separable() -> None:
    state = played(SETS["separable"][0])
    inside = state.weights > 0
    scores = state.X @ state.answer.retrained[:2] + state.answer.retrained[2]
    assert (scores * state.y)[inside].min() > 0


def test_by_mouse(flagship: Hands) -> None:
    sentence = flagship.sentence()
    expect(sentence).to_have_text(describe(START))
    expect(flagship.root.locator(".teachkit-point")).to_have_count(42)
    flagship.point("40").dblclick()
    without = played(out(40))
    expect(sentence).to_have_text(describe(without))
    flagship.drag("3", 60, -30)
    expect(sentence).to_have_text(re.compile("^Point 40 out, point 3 moved: test loss .+ true"))
    table = flagship.root.locator(".teachkit-room .teachkit-table")
    expect(table.locator("tr").last).to_have_text(re.compile("relative error.*%"))
    # One drag is one gesture, and Control+Z takes it back as the button does.
    flagship.button("Undo").click()
    expect(sentence).to_have_text(describe(without))
    flagship.press("Control+z")
    expect(sentence).to_have_text(describe(START))
    expect(flagship.button("Undo")).to_be_disabled()
    flagship.point("13").click()
    flagship.root.get_by_role("button", name="Take out Point 13").click()
    expect(sentence).to_have_text(describe(played(out(13))))
    flagship.root.get_by_role("button", name="Put back Point 13").click()
    expect(sentence).to_have_text(describe(START))
    flagship.drag(TEST, 40, 40)
    expect(sentence).not_to_have_text(describe(START))
    flagship.button("Reset").click()
    expect(sentence).to_have_text(describe(START))


def test_by_keyboard(flagship: Hands) -> None:
    sentence = flagship.sentence()
    flagship.point("0").focus()
    flagship.press("Tab", "Delete")
    expect(flagship.point("1")).to_be_focused()
    expect(sentence).to_have_text(describe(played(out(1))))
    flagship.press("Delete")
    expect(sentence).to_have_text(describe(START))
    flagship.press("ArrowRight", "ArrowUp")
    expect(sentence).to_have_text(re.compile("^Point 1 moved: test loss .+ true"))
    flagship.press("Control+z")  # one after the other, quickly: one gesture
    expect(sentence).to_have_text(describe(START))


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_a_click_after_the_keys_lands(flagship: Hands, width: int) -> None:
    """What was said of the keys goes with the focus, and moves no button away from the hand."""
    flagship.page.set_viewport_size({"width": width, "height": 900})
    for name in ("Undo", "Reset"):
        flagship.point("7").focus()
        flagship.press("Delete")
        expect(flagship.root.locator(".teachkit-help")).to_contain_text("Escape: leave")
        flagship.button(name).click()
        expect(flagship.sentence()).to_have_text(describe(START))


def test_by_form(flagship: Hands) -> None:
    """It shows what the plane shows, and does the same; what cannot be goes back, and is said."""
    root, sentence = flagship.root, flagship.sentence()
    error = root.locator(".teachkit-error")
    root.get_by_text("Type instead of dragging").click()
    which, x = root.get_by_label("Point", exact=True), root.get_by_label("x₁")
    inside = root.get_by_label("in the training set")
    expect(x).to_be_disabled()
    which.select_option("Point 5")
    expect(x).to_have_value(str(float(f"{START.X[5, 0]:.4g}")))
    inside.uncheck()
    expect(sentence).to_have_text(describe(played(out(5))))
    inside.check()
    x.fill("1.25")
    x.press("Enter")
    y = float(START.X[5, 1])
    expect(sentence).to_have_text(describe(played([("move", {"5": [1.25, y]})])))
    x.fill("99")
    x.press("Enter")
    expect(error).to_contain_text("Point 5 cannot move to x₁ = 99: the plane ends at -4.2 and 3.01")
    expect(x).to_have_value("1.25")
    which.select_option("Test point")
    expect(error).to_be_empty()
    expect(inside).to_be_disabled()
    flagship.point("7").focus()
    expect(which).to_have_value("7")


def test_the_last_point_stays(flagship: Hands) -> None:
    """One class alone is a model, thanks to the penalty; no points are none, in the same words."""
    flagship.page.evaluate(PLAY, [out(*range(1, START.n))])
    said = flagship.sentence().inner_text()
    flagship.point("0").focus()
    flagship.press("Delete")
    with pytest.raises(ValueError) as refused:
        played(out(*range(1, START.n), 0))
    error = flagship.root.locator(".teachkit-error")
    expect(error).to_have_text(f"Nothing was changed. {refused.value}")
    expect(flagship.point("0")).not_to_have_class(re.compile("teachkit-out"))
    expect(flagship.sentence()).to_have_text(said)
    flagship.press("ArrowRight")
    expect(error).to_be_empty()


def test_an_answer_comes_in_the_frame_of_the_hand(flagship: Hands) -> None:
    """What a drag does is drawn with it, and nothing glides after."""
    page = flagship.page
    lines = "() => [...document.querySelectorAll('.teachkit-lines path')].map((p) => p.outerHTML)"
    page.evaluate(
        """(lines) => document.addEventListener("pointermove", () => requestAnimationFrame(() => {
            window.seen = [document.querySelector(".teachkit-sentence").textContent, eval(lines)()];
        }))""",
        lines,
    )
    flagship.drag("3", 60, -30, release=False)
    page.wait_for_timeout(400)
    said, drawn = page.evaluate("() => window.seen")
    assert said.startswith("Point 3 moved") and said == flagship.sentence().inner_text()
    assert len(drawn) == 3 and drawn == page.evaluate(lines)
    page.mouse.up()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(chromium: Browser, folder: Path, scheme: Any) -> None:
    """A finger on a point drags it and the page stands still; elsewhere it scrolls the page."""
    screen: Any = {"width": 390, "height": 800}
    context = chromium.new_context(
        has_touch=True, is_mobile=True, viewport=screen, color_scheme=scheme
    )
    try:
        page = first_page(context, folder)
        expect(page.locator(f".teachkit-plane[data-theme='{scheme}']")).to_be_visible()
        hands = Hands(page, "influence")
        assert page.evaluate("() => document.documentElement.scrollWidth") == screen["width"]
        session = context.new_cdp_session(page)

        def touch(kind: str, *at: tuple[float, float]) -> None:
            points = [{"x": x, "y": y} for x, y in at]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        def stroke(x: float, y: float, dx: float, dy: float) -> None:
            touch("touchStart", (x, y))
            for part in np.linspace(0.2, 1, 5).tolist():
                touch("touchMove", (x + part * dx, y + part * dy))
            touch("touchEnd")

        stroke(*hands.centre("40"), 30, -60)
        expect(hands.sentence()).to_have_text(re.compile("^Point 40 moved: test loss"))
        assert page.evaluate("() => scrollY") == 0
        x, y = hands.centre("40")
        for _ in range(2):
            touch("touchStart", (x, y))
            touch("touchEnd")
        expect(hands.sentence()).to_have_text(re.compile("^Point 40 moved and out: test loss"))
        assert serious(page, "body") == []
        hands.button("Reset").tap()
        expect(hands.sentence()).to_have_text(describe(START))
        x, y = hands.centre("40")
        stroke(x + 210, y, 0, -120)
        page.wait_for_function("() => scrollY > 20")
        expect(hands.sentence()).to_have_text(describe(START))
    finally:
        context.close()


def test_light_and_dark(flagship: Hands) -> None:
    """Also when the system changes its mind; and axe finds nothing serious in either."""
    page = flagship.page
    flagship.point("40").dblclick()
    flagship.root.get_by_text("Type instead of dragging").click()
    for scheme in ("light", "dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(flagship.plane()).to_have_attribute("data-theme", scheme)
        assert serious(page, "body") == []


BROKEN = """() => [...document.querySelectorAll(".teachkit-table th")].filter((cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return new Set([...text.getClientRects()].map(({ top }) => top)).size > 1;
}).map((cell) => cell.textContent)"""


@pytest.mark.parametrize(("width", "broken"), [(1440, []), (768, []), (390, ["relative error"])])
def test_it_fits_the_page(flagship: Hands, width: int, broken: list[str]) -> None:
    """No number is cut, and no word is broken."""
    page = flagship.page
    page.set_viewport_size({"width": width, "height": 900})
    flagship.point("40").dblclick()
    expect(flagship.sentence()).to_have_text(describe(played(out(40))))
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert page.evaluate(BROKEN) == broken
    assert flagship.root.evaluate(CUT) == [] and flagship.root.evaluate(WIDE) == 0


def test_without_scripts_there_is_a_picture(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        picture = first_page(context, folder).get_by_role("img")
        expect(picture).to_be_visible()
        state = played(out(40))
        expect(picture).to_have_accessible_name(f"{describe(state)} {draw(state).alt}")
    finally:
        context.close()


def test_the_picture_stays_where_the_data_do_not_come(
    context: BrowserContext, folder: Path
) -> None:
    page = first_page(context, folder, without="start.json")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#teachkit-flagship > img")).to_be_visible()


def test_it_is_light(folder: Path) -> None:
    assert sum(file.stat().st_size for file in folder.iterdir()) < 300_000
