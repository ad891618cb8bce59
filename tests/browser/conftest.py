"""Chromium, and the three front ends that a widget must work in.

`chromium`
    The browser, once for all tests.
`page`
    An empty page, the same for all tests: for those of the front-end module alone.
`jupyterlab`, `notebook7`, `voila`
    Functions that open a notebook and run all of it. They take a list of code cells, or the path
    of a notebook, and return a Playwright page whose cells have run::

        def test_plane(jupyterlab):
            page = jupyterlab(["from teachkit import Plane", "Plane(scene)"])
            expect(page.locator(".teachkit-plane")).to_be_visible()

    Each call has its own notebook, kernel and (in JupyterLab) workspace.
`explorers`
    Hands for one explorer, by its name, on the one Voilà page that has all of them.
`width`
    Gives the cells of that page another width. It stays until a test wants another: to draw all
    explorers anew takes longer than most of what is asked of one.

Every test in this folder is marked `browser`. A page that asks for anything outside this machine
fails its test. Without Chromium the tests are skipped, but fail where CI=true.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser.explorers import AROUND, CELLS, Hands
from tests.browser.hosts import RUN_ALL, Server

Opener = Callable[[Iterable[str] | Path], Page]

FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
# Chromium refuses to run as root in its sandbox, and a container's /dev/shm is small.
ROOT_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
# What Voilà's own page asks of the network, and does without.
OF_VOILA = ("/fontawesome-free@", "/mathjax/")
TIMEOUT = 60_000  # milliseconds: a slow machine is no failure
WINDOW = {"width": 1200, "height": 900}
expect.set_options(timeout=TIMEOUT / 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "Chromium is not installed (on Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI=true asks for it.")
        pytest.skip(f"{reason}.")
    with sync_playwright() as playwright:
        root = ROOT_FLAGS if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *root])
        yield browser
        browser.close()


@contextmanager
def _a_context(chromium: Browser) -> Iterator[BrowserContext]:
    """An empty browser context without a network, which notices what is asked of one."""
    context = chromium.new_context(viewport=WINDOW)
    context.set_default_timeout(TIMEOUT)
    elsewhere: list[str] = []

    def refuse(route: Route) -> None:
        if not any(part in route.request.url for part in OF_VOILA):
            elsewhere.append(route.request.url)
        route.abort()

    context.route(_is_elsewhere, refuse)
    yield context
    context.close()
    assert not elsewhere, f"the page asked for what is not on this machine: {elsewhere}"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """An empty browser context of the test's own."""
    with _a_context(chromium) as context:
        yield context


def _is_elsewhere(url: str) -> bool:
    return urlsplit(url).hostname not in (None, "127.0.0.1", "localhost")


@pytest.fixture(scope="session")
def _one_page(chromium: Browser) -> Iterator[Page]:
    """A new context for each test takes longer than most of them."""
    with _a_context(chromium) as context:
        yield context.new_page()


@pytest.fixture
def page(_one_page: Page) -> Page:
    """An empty page, under no hand and no special wish."""
    _one_page.goto("about:blank")
    _one_page.set_viewport_size(WINDOW)
    _one_page.emulate_media(reduced_motion="no-preference", forced_colors="none")
    _one_page.mouse.move(0, 0)
    return _one_page


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The Jupyter server behind the three front ends."""
    server = Server(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture
def _kernels(server: Server) -> Iterator[None]:
    others = server.kernels()
    yield
    server.stop_kernels(server.kernels() - others)


@pytest.fixture
def jupyterlab(server: Server, context: BrowserContext, _kernels: None) -> Opener:
    """Open a notebook in JupyterLab, in a workspace of its own, and run all its cells."""

    def open_in_lab(cells: Iterable[str] | Path) -> Page:
        name = server.write(cells)
        page = context.new_page()
        page.goto(server.url(f"lab/workspaces/{Path(name).stem}/tree/{name}?reset"))
        page.evaluate(RUN_ALL)
        return page

    return open_in_lab


@pytest.fixture
def notebook7(server: Server, context: BrowserContext, _kernels: None) -> Opener:
    """Open a notebook in Notebook 7 and run all its cells."""

    def open_in_notebook(cells: Iterable[str] | Path) -> Page:
        page = context.new_page()
        page.goto(server.url(f"notebooks/{server.write(cells)}"))
        page.evaluate(RUN_ALL)
        return page

    return open_in_notebook


@pytest.fixture
def voila(server: Server, context: BrowserContext, _kernels: None) -> Opener:
    """Open a notebook in Voilà, which runs it before it shows it."""

    def open_in_voila(cells: Iterable[str] | Path) -> Page:
        page = context.new_page()
        page.goto(server.url(f"voila/render/{server.write(cells)}"))
        page.locator("#rendered_cells, .jp-Notebook").first.wait_for()
        return page

    return open_in_voila


@pytest.fixture(scope="session")
def _all_explorers(server: Server, chromium: Browser) -> Iterator[Page]:
    with _a_context(chromium) as context:
        page = context.new_page()
        address = server.url(f"voila/render/{server.write(CELLS.values())}")
        page.goto(address, timeout=2 * TIMEOUT)
        expect(page.locator(".teachkit-explorer")).to_have_count(len(CELLS), timeout=2 * TIMEOUT)
        yield page


def _resize(page: Page, width: int) -> None:
    if page.viewport_size["width"] != width:
        page.set_viewport_size({**WINDOW, "width": width})
        page.wait_for_timeout(300)


@pytest.fixture
def width(_all_explorers: Page) -> Callable[[int], None]:
    """Make the page so wide that its cells have this width."""
    return lambda wide: _resize(_all_explorers, wide + AROUND)


@pytest.fixture
def explorers(_all_explorers: Page, request: pytest.FixtureRequest) -> Callable[[str], Hands]:
    """One Voilà page with every explorer on it; ``explorers(name)`` has its hands on one."""
    if "width" not in request.fixturenames:
        _resize(_all_explorers, WINDOW["width"])
    return lambda name: Hands(_all_explorers, name)
