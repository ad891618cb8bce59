"""The site's first page, as much of it as its explorer needs, for tests and benchmarks to open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route

COMMAND = Path(__file__).parents[2] / "site" / "flagship" / "build.py"
ADDRESS = "http://localhost/flagship/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>teachkit</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="flagship.css"><script type="module" src="flagship.js"></script></head>
<body style="background: Canvas; margin: 16px"><main><h1>teachkit</h1>{mount}
<p style="height: 900px">Below.</p></main></body></html>"""


def build(folder: Path) -> Path:
    """The folder that the site takes, written by the command that it is written by."""
    subprocess.run([sys.executable, COMMAND, folder], check=True)
    return folder


def first_page(context: BrowserContext, folder: Path, *, without: str = "") -> Page:
    """Open the page in this context; ``without`` names a file that does not come."""

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if not name:
            mount = (folder / "mount.html").read_text("utf-8")
            route.fulfill(body=PAGE.format(mount=mount), content_type="text/html")
        elif name != without and (folder / name).is_file():
            route.fulfill(path=folder / name)
        else:
            route.fulfill(status=404)

    context.route(f"{ADDRESS}**", serve)
    page = context.new_page()
    page.goto(ADDRESS)
    return page
