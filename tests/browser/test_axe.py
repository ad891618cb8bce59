"""What axe-core finds on a page with every explorer: nothing serious that is ours."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.browser.explorers import CELLS

RUN = """() => axe.run({ include: [[".teachkit-explorer"]] }, { resultTypes: ["violations"] })"""


def test_axe_finds_nothing_serious_in_any_explorer(explorers):
    pytest.importorskip("axe_playwright_python")
    page = explorers("influence").page
    assert page.locator(".teachkit-explorer").count() == len(CELLS)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate(RUN)["violations"]
    told = [
        f"{rule['impact']} {rule['id']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert told == []
    assert page.evaluate("() => axe.version") >= "4"
