"""RootFinder and DescentExplorer in Voilà: by mouse and by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from teachkit.scenes import descent, root_finding
from teachkit.scenes.descent_drawing import describe as describe_descent
from teachkit.scenes.methods import Method
from teachkit.scenes.root_drawing import describe as describe_root
from teachkit.scenes.root_finding import PRESETS


def settled(start: Locator, field: Locator, axis: int = 0) -> float:
    """The field's value once it is where the hand left the start: answers come one by one."""
    start.page.wait_for_function(
        """([start, field, axis]) => {
        const place = start.getAttribute("aria-label").match(/at ([^,]+), ([^;,]+)/)[1 + axis];
        const decimals = (place.split(".")[1] ?? "").length;
        const off = Math.abs(place.replace("\u2212", "-") - field.value);
        return field.value !== "" && off <= 0.51 * 10 ** -decimals; }""",
        arg=[start.element_handle(), field.element_handle(), axis],
    )
    return float(field.input_value())


def test_a_root_is_found(explorers) -> None:
    explorer = explorers("root")
    sentence = explorer.sentence()
    first = PRESETS[0]
    state = root_finding.begin(first.text, first.x0, first.view)
    expect(sentence).to_have_text(describe_root(state))
    explorer.button("Step").click()
    explorer.button("Step").click()
    expect(sentence).to_have_text(describe_root(root_finding.walk(state, 2)))

    # The start moves along its axis: what the mouse does upwards is dropped.
    explorer.drag("start", -80, -40)
    expect(sentence).to_have_text(re.compile("step 2: x = "))
    expect(sentence).not_to_have_text(describe_root(root_finding.walk(state, 2)))
    field = explorer.root.get_by_role("spinbutton", name="Start x₀")
    start = explorer.point("start")
    expect(start).to_have_attribute("aria-label", re.compile(r"at [\d.]+, 0(\.0)?;"))
    before = settled(start, field)
    assert 2.0 < before < 3.4
    start.focus()
    explorer.press("ArrowRight")
    assert settled(start, field) > before

    explorer.button("Run").click()
    expect(sentence).to_have_text(re.compile("That is a root"))
    cycle = next(preset for preset in PRESETS if preset.name == "a cycle")
    menu = explorer.root.get_by_role("combobox", name="Function")
    menu.select_option(label=f"{cycle.name}: {cycle.text}")
    explorer.button("Run").click()
    expect(sentence).to_have_text(re.compile("repeat with period 2, a cycle"))

    # What is typed is read; what is no function is said, and stays to be mended.
    text = explorer.root.get_by_role("textbox", name="f(x) =")
    text.fill("x^2 - 3")
    text.press("Enter")
    expect(sentence).to_have_text(re.compile(r"f\(x\) = x\^2 - 3, step 0"))
    text.fill("__import__('os').system('id')")
    text.press("Enter")
    expect(explorer.plane().get_by_role("alert")).to_contain_text("cannot stand in a formula")
    expect(text).to_have_value("__import__('os').system('id')")
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(sentence).to_have_text(re.compile(r"f\(x\) = x\^2 - 3, step 0"))
    explorer.button("Undo").click()
    expect(text).to_have_value("x^2 - 3")
    expect(text).to_have_attribute("aria-invalid", "false")
    text.fill("sin(x")
    text.press("Enter")
    expect(text).to_have_attribute("aria-invalid", "true")
    explorer.button("Reset").click()
    expect(sentence).to_have_text(describe_root(state))
    expect(text).to_have_value(first.text)
    expect(text).to_have_attribute("aria-invalid", "false")


def test_a_method_and_its_search_stand_in_one_row(explorers) -> None:
    explorer = explorers("descent")
    for letter in "AB":
        menus = [
            explorer.root.get_by_role("combobox", name=f"{part} {letter}")
            for part in ("Method", "Search")
        ]
        method, search = (menu.bounding_box() for menu in menus)
        assert method["y"] == search["y"]
        assert method["x"] + method["width"] < search["x"]


def test_two_methods_go_down(explorers) -> None:
    explorer = explorers("descent")
    sentence, norms = explorer.sentence(), explorer.sentence(1)
    state = descent.begin("Rosenbrock")
    expect(sentence).to_have_text(describe_descent(state))
    explorer.button("Step").click()
    # The sentence comes before the slider's value, and the keys count from that value.
    expect(explorer.slider()).to_have_attribute("aria-valuenow", re.compile(r"^1(\.0)?$"))
    explorer.slider().focus()
    explorer.press(*["ArrowRight"] * 3)
    four = descent.walk(state, 4)
    expect(sentence).to_have_text(describe_descent(four))
    expect(norms).to_contain_text("A's step 4")

    explorer.drag("start", 60, -30)
    expect(sentence).not_to_have_text(describe_descent(four))
    explorer.root.get_by_role("button", name="Type instead of dragging").click()
    x = explorer.root.get_by_role("spinbutton", name="Start x", exact=True)
    expect(x).not_to_have_value("-1.2")
    start = explorer.point("start")
    start.focus()
    height = explorer.root.get_by_role("spinbutton", name="Start y", exact=True)
    before = settled(start, height, axis=1)
    explorer.press("Shift+ArrowUp")
    assert settled(start, height, axis=1) > before

    explorer.button("Reset").click()
    expect(sentence).to_have_text(describe_descent(state))
    for menu, name in (
        ("Function", "a saddle"), ("Method A", "plain Newton"), ("Search A", "full step"),
    ):  # fmt: skip
        explorer.root.get_by_role("combobox", name=menu).select_option(label=name)
    explorer.button("Run").click()
    expected = descent.take(descent.begin("a saddle"), 0, Method("plain Newton", "full step"))
    expect(sentence).to_have_text(describe_descent(descent.walk(expected, expected.last)))
    expect(sentence).to_contain_text("at a saddle since step")
    explorer.button("Reset").click()
    explorer.root.get_by_role("button", name="Type instead of dragging").click()
