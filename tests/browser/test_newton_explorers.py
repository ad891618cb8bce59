"""RootFinder and DescentExplorer in Voilà, on one page: by mouse and by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from teachkit.scenes import descent, root_finding
from teachkit.scenes.descent_drawing import describe as describe_descent
from teachkit.scenes.methods import Method
from teachkit.scenes.root_drawing import describe as describe_root
from teachkit.scenes.root_finding import PRESETS

CELLS = ["from teachkit import DescentExplorer, RootFinder\nRootFinder()", "DescentExplorer()"]


def test_both_explorers_under_the_hand(voila) -> None:
    page = voila(CELLS)
    planes = page.locator(".teachkit-plane")
    expect(planes).to_have_count(3)  # the root finder's, and the descent's path and norms
    find_a_root(page, planes.nth(0))
    go_down(page, planes.nth(1), planes.nth(2))


def sentence(plane: Locator) -> Locator:
    return plane.locator(".teachkit-sentence")


def press(page: Page, name: str, place: int) -> None:
    page.get_by_role("button", name=name, exact=True).nth(place).click()


def drag_start(page: Page, plane: Locator, dx: float, dy: float) -> None:
    plane.scroll_into_view_if_needed()
    box = plane.locator(".teachkit-point[data-id='start'] .teachkit-hit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=15)
    page.mouse.up()


def settled(page: Page, start: Locator, field: Locator, axis: int = 0) -> float:
    """The field's value once it is where the hand left the start: answers come one by one."""
    page.wait_for_function(
        """([start, field, axis]) => {
        const place = start.getAttribute("aria-label").match(/at ([^,]+), ([^;,]+)/)[1 + axis];
        const decimals = (place.split(".")[1] ?? "").length;
        const off = Math.abs(place.replace("\u2212", "-") - field.value);
        return field.value !== "" && off <= 0.51 * 10 ** -decimals; }""",
        arg=[start.element_handle(), field.element_handle(), axis],
    )
    return float(field.input_value())


def find_a_root(page: Page, plane: Locator) -> None:
    first = PRESETS[0]
    state = root_finding.begin(first.text, first.x0, first.view)
    expect(sentence(plane)).to_have_text(describe_root(state))
    press(page, "Step", 0)
    press(page, "Step", 0)
    expect(sentence(plane)).to_have_text(describe_root(root_finding.walk(state, 2)))

    # The start moves along its axis: what the mouse does upwards is dropped.
    drag_start(page, plane, -80, -40)
    expect(sentence(plane)).to_have_text(re.compile("step 2: x = "))
    expect(sentence(plane)).not_to_have_text(describe_root(root_finding.walk(state, 2)))
    field = page.get_by_role("spinbutton", name="Start x₀")
    start = plane.locator(".teachkit-point[data-id='start']")
    expect(start).to_have_attribute("aria-label", re.compile(r"at [\d.]+, 0(\.0)?;"))
    before = settled(page, start, field)
    assert 2.0 < before < 3.4
    start.focus()
    page.keyboard.press("ArrowRight")
    assert settled(page, start, field) > before

    press(page, "Run", 0)
    expect(sentence(plane)).to_have_text(re.compile("That is a root"))
    cycle = next(preset for preset in PRESETS if preset.name == "a cycle")
    menu = page.get_by_role("combobox", name="Function").nth(0)
    menu.select_option(label=f"{cycle.name}: {cycle.text}")
    press(page, "Run", 0)
    expect(sentence(plane)).to_have_text(re.compile("repeat with period 2, a cycle"))

    # What is typed is read; what is no function is said, and goes back.
    text = page.get_by_role("textbox", name="f(x) =")
    text.fill("x^2 - 3")
    text.press("Enter")
    expect(sentence(plane)).to_have_text(re.compile(r"f\(x\) = x\^2 - 3, step 0"))
    text.fill("__import__('os').system('id')")
    text.press("Enter")
    expect(plane.get_by_role("alert")).to_contain_text("cannot stand in a formula")
    expect(text).to_have_value("x^2 - 3")
    press(page, "Reset", 0)
    expect(sentence(plane)).to_have_text(describe_root(state))


def go_down(page: Page, plane: Locator, norms: Locator) -> None:
    state = descent.begin("Rosenbrock")
    expect(sentence(plane)).to_have_text(describe_descent(state))
    press(page, "Step", 1)
    slider = page.get_by_role("slider")
    # The sentence comes before the slider's value, and the keys count from that value.
    expect(slider).to_have_attribute("aria-valuenow", re.compile(r"^1(\.0)?$"))
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    four = descent.walk(state, 4)
    expect(sentence(plane)).to_have_text(describe_descent(four))
    expect(sentence(norms)).to_contain_text("(A, step 4)")

    drag_start(page, plane, 60, -30)
    expect(sentence(plane)).not_to_have_text(describe_descent(four))
    expect(page.get_by_role("spinbutton", name="Start x", exact=True)).not_to_have_value("-1.2")
    start = plane.locator(".teachkit-point[data-id='start']")
    start.focus()
    height = page.get_by_role("spinbutton", name="Start y", exact=True)
    before = settled(page, start, height, axis=1)
    page.keyboard.press("Shift+ArrowUp")
    assert settled(page, start, height, axis=1) > before

    press(page, "Reset", 1)
    expect(sentence(plane)).to_have_text(describe_descent(state))
    page.get_by_role("combobox", name="Function").nth(1).select_option(label="a saddle")
    page.get_by_role("combobox", name="Method A").select_option(label="plain Newton")
    page.get_by_role("combobox", name="Search A").select_option(label="full step")
    press(page, "Run", 1)
    expected = descent.take(descent.begin("a saddle"), 0, Method("plain Newton", "full step"))
    expect(sentence(plane)).to_have_text(describe_descent(descent.walk(expected, expected.last)))
    expect(sentence(plane)).to_contain_text("a saddle, reached in")
