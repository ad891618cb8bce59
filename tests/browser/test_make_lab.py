"""What a learner does first: `make lab`, and the first lesson is open."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts import START, free_port

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"

# Without its own .venv, `make lab` would first install one.
pytestmark = pytest.mark.skipif(
    not list(VENV.glob("lab-*")) or Path(sys.prefix).resolve() != VENV.resolve(),
    reason="these tests are not run by `make test`",
)


def wait_for(url: str) -> None:
    """Jupyter prints its address a moment before it listens there."""
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            return urllib.request.urlopen(url, timeout=10).close()
        except URLError:
            time.sleep(0.1)


def test_make_lab_opens_the_first_lesson(page: Page, tmp_path: Path) -> None:
    course = tmp_path / "my_course"
    flags = f"--no-browser --ServerApp.port={free_port()}"
    lab = subprocess.Popen(
        ["make", "lab", f"COURSE={course}", f"LAB_FLAGS={flags}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")},
        start_new_session=True,
    )
    try:
        address = re.compile(r"http://127\.0\.0\.1:\S+")
        assert lab.stdout is not None
        url = next(m.group() for line in lab.stdout if (m := address.search(line)))
        assert "/lab/tree/00_start_here.ipynb" in url
        wait_for(url)
        page.goto(url)
        expect(page.get_by_role("heading", level=1, name="Start here")).to_be_visible()
        assert (course / "00_start_here.ipynb").exists()
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(20)
