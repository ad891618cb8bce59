"""What axe-core finds in Voilà, in every explorer and in all else that is ours: nothing serious."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page, expect

from tests.browser.explorers import CELLS

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN = """(where) => axe.run(where, { resultTypes: ["violations"] })"""
WITHOUT_EXPLORERS = [
    """import matplotlib.pyplot as plt
from teachkit.exercises import newton as lesson, progress
from teachkit.figures import show, table
fig, ax = plt.subplots()
ax.plot([1, 2, 3])
show(fig, alt="A line that rises.")""",
    """table([("Newton", 5), ("bisection", 40)], header=["", "steps"])""",
    "lesson.step",
    "lesson.step.check(lambda x, f, df: x + f(x) / df(x))",
    "lesson.step.hint()",
    "lesson.step.solution()",
    "lesson.quadratic.ask()",
    "progress()",
]


def serious(page: Page, where: str) -> list[str]:
    page.evaluate(AXE)
    assert page.evaluate("() => axe.version") >= "4"
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:200]}"
        for rule in page.evaluate(RUN, where)["violations"]
        for node in rule["nodes"]
        if rule["impact"] in ("serious", "critical")
    ]


def test_axe_finds_nothing_serious_in_any_explorer(explorers):
    page = explorers("influence").page
    assert page.locator(".teachkit-explorer").count() == len(CELLS)
    assert serious(page, ".teachkit-explorer") == []


def test_axe_finds_nothing_serious_in_figures_quizzes_panels_and_tables(voila):
    page = voila(WITHOUT_EXPLORERS)
    expect(page.get_by_role("img", name="A line that rises.")).to_be_visible()
    expect(page.get_by_text("bisection")).to_be_visible()
    assert serious(page, "body") == []
