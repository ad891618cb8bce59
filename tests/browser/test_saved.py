"""A lesson saved and opened again, with no kernel behind it: pictures, and no dead widget."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.hosts import Server

CELLS = [
    "from teachkit.exercises import start_here\nfrom teachkit.widgets import BowlExplorer",
    "BowlExplorer([[4.0, 0.0], [0.0, 1.0]])",
    "start_here.ratio.ask()",
]
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"


def test_it_opens_to_its_pictures(jupyterlab, server: Server, page: Page) -> None:
    lesson = jupyterlab(CELLS)
    expect(lesson.locator(".teachkit-plane").first).to_be_visible()
    lesson.evaluate(SAVE)
    expect(lesson.locator(".teachkit-plane").first).to_be_visible()  # what is alive stays alive
    name = max(server.notebooks.glob("*.ipynb"), key=lambda path: path.stat().st_mtime).name
    saved = nbformat.read(server.notebooks / name, as_version=4)
    kinds = [set(output.data) for cell in saved.cells for output in cell.outputs]
    assert kinds == [{"text/html", "text/plain"}] * 2
    lesson.close()
    server.stop_kernels()
    page.goto(server.url(f"lab/workspaces/again/tree/{name}?reset"))
    expect(page.locator("img.teachkit-figure")).to_be_visible()
    expect(page.get_by_text("Answer with")).to_be_visible()
    for dead in ("model not found", "Loading widget"):
        expect(page.get_by_text(dead)).to_have_count(0)
