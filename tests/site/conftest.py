"""The site as `make site` has built it. Every test in this folder is marked `site`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import chromium, context  # noqa: F401

SITE = Path(__file__).resolve().parents[2] / "build" / "site"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.site)


@pytest.fixture
def page(context: BrowserContext) -> Page:  # noqa: F811
    """A page of the test's own: it listens to what the page asks for."""
    return context.new_page()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where this machine serves the site, as GitHub Pages does: files and nothing else."""
    assert (SITE / "index.html").is_file(), "make site"
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SITE)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
