"""How an explorer follows a drag, and how long after the release it stands still.

InfluenceExplorer with 41 (two clouds) and 200 points (two moons) in JupyterLab, in headless
Chromium: one point is dragged round for three seconds, 60 places a second, and let go; eight such
drags. The page itself notes when the sentence above the plane changes (an answer has come), in
which of its frames the lines move, and when after the release sentence, lines and the path of theta
change for the last time; and how long the messages are. ``python -m benchmarks.drag --against
PATH`` measures another checkout, with its own .venv, in the same run: the two take turns. Targets:
100 ms from release to rest; against another, twice its answers and two thirds of its time to rest.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from benchmarks._measured import Unmeasured, against, insist, measured
from tests.browser.hosts import RUN_ALL, Server

HERE = Path(__file__).parents[1]
SETS = {41: "blobs()", 200: "moons(200)"}
CELL = (
    "import teachkit\n"
    "from teachkit import InfluenceExplorer\n"
    "from teachkit.datasets import blobs, moons\n"
    "print('teachkit of', teachkit.__file__)\n"
    "display(InfluenceExplorer(*{data}))"
)
DRAGS, SECONDS, RATE = 8, 3.0, 60  # drags of each, how long one takes, places a second
TARGET, REST, PATIENCE = 100, 700, 30_000  # milliseconds; after a rest nothing more is waited for
# Messages are noted by their sockets, before any script of the page makes one.
LISTEN = """
window.wire = { down: 0, up: 0 };
const size = (data) => data.size ?? data.byteLength ?? data.length;
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
    constructor(...args) {
        super(...args);
        this.addEventListener("message", ({ data }) => { wire.down += size(data); });
    }
    send(data) { wire.up += size(data); super.send(data); }
};
"""
WATCH = """() => {
    const seen = window.seen = {};
    const now = () => performance.now();
    let [holds, moved] = [false, false];
    const begin = () => Object.assign(seen, {
        pressed: now(), released: 0, label: 0, lines: 0, path: 0, answers: 0, glides: 0,
        down: -wire.down, up: -wire.up });
    addEventListener("pointerdown", () => { begin(); holds = true; }, true);
    addEventListener("pointerup", () => {
        seen.released = now(); seen.down += wire.down; seen.up += wire.up; holds = false; }, true);
    const words = { childList: true, characterData: true, subtree: true };
    const drawn = { ...words, attributeFilter: ["d"] };
    const watch = (what, options, changed) =>
        new MutationObserver(changed).observe(document.querySelector(what), options);
    watch(".teachkit-sentence", words, () => { seen.label = now(); seen.answers += holds; });
    watch(".teachkit-lines", drawn, () => { seen.lines = now(); moved = true; });
    const path = () => { seen.path = now(); };
    const beside = document.querySelectorAll(".teachkit-plane")[1];
    for (const part of [".teachkit-sentence", ".teachkit-lines"]) {
        new MutationObserver(path).observe(beside.querySelector(part), drawn);
    }
    const frame = () => {
        seen.glides += holds && moved;
        moved = false;
        requestAnimationFrame(frame);
    };
    frame();
}"""
STILL = f"""() => seen.released && seen.path > seen.released
    && performance.now() - Math.max(seen.label, seen.lines, seen.path) > {REST}"""


class Drag(NamedTuple):
    """What the page noted of one drag: milliseconds of its clock, 0 where there was nothing."""

    pressed: float
    released: float
    label: float  # its last change
    lines: float  # their last change
    path: float  # its last change
    answers: int  # changes of the label while the point was held
    glides: int  # frames in which the lines moved meanwhile
    down: int  # bytes
    up: int

    @property
    def settled(self) -> float:
        """Milliseconds from release to the last change of label, lines and path."""
        insist(
            0 < self.released < self.path,
            f"The path of theta changed last at {self.path:.0f} ms of the page's clock and the "
            f"pointer was released at {self.released:.0f}: the answer to this drag was not seen.",
        )
        return max(self.label, self.lines, self.path) - self.released


class Figures(NamedTuple):
    """Of all drags of one side."""

    answers: float  # a second
    settled: float  # milliseconds, nine of ten drags at most


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", type=Path, help="another checkout, with a .venv of its own")
    parser.add_argument("--points", type=int, nargs="+", choices=SETS, default=list(SETS))
    told = parser.parse_args(arguments)
    sides = {"here": sys.executable}
    if told.against:
        sides[str(told.against)] = str(told.against / ".venv/bin/python")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    insist(chromium, "Chromium is not installed (on Debian: apt install chromium).")
    with sync_playwright() as playwright:
        root = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-gpu", *root]
        )
        load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
        print(f"60 Hz drags of {SECONDS:g} s, headless Chromium, JupyterLab; load {load}")
        for points in told.points:
            compare(points, sides, browser)
        browser.close()


def compare(points: int, sides: dict[str, str], browser: Browser) -> None:
    """Both sides take turns, drag by drag."""
    with opened(points, sides, browser) as pages:
        drags: dict[str, list[Drag]] = {name: [] for name in pages}
        for k in range(DRAGS + 1):
            for name, page in pages.items():
                page.bring_to_front()
                drags[name].append(one_drag(page, k))
        # The first drag of each warms up and is not counted.
        figures = {name: report(f"{name}, {points} points", d[1:]) for name, d in drags.items()}
    if len(figures) == 2:
        ours, theirs = figures.values()
        print(f"{points} points: {ours.answers / theirs.answers:.2f} times its answers a second")
        part = ours.settled / theirs.settled
        print(against(f"{points} points: of its time from release to rest", part, 2 / 3))


@contextmanager
def opened(points: int, sides: dict[str, str], browser: Browser) -> Iterator[dict[str, Page]]:
    """A page for each side, its explorer in sight."""
    servers: list[Server] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            pages = {}
            for k, (name, python) in enumerate(sides.items()):
                server = Server(Path(folder) / str(k), python=python)
                servers.append(server)
                page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
                page.add_init_script(LISTEN)
                file = server.write([CELL.format(data=SETS[points])])
                page.goto(server.url(f"lab/workspaces/{k}/tree/{file}?reset"), timeout=120_000)
                page.evaluate(RUN_ALL)
                page.locator(".teachkit-point").nth(points - 1).wait_for(timeout=60_000)
                home = HERE if name == "here" else Path(name)
                whose = page.get_by_text("teachkit of").last.inner_text()
                insist(f"teachkit of {home.resolve()}/" in whose, f"{name} runs {whose}.")
                page.evaluate(WATCH)
                pages[name] = page
            yield pages
        finally:
            for page in pages.values():
                page.context.close()
            for server in servers:
                server.stop_kernels()
                server.stop()


def one_drag(page: Page, k: int) -> Drag:
    """Round a circle for so many seconds; what the page notes of it."""
    round_once(page, 7 + 4 * k)
    try:
        page.wait_for_function(STILL, timeout=PATIENCE)
    except TooLate:
        raise Unmeasured(
            f"Nothing that was seen after the release of drag {k} came to rest within "
            f"{PATIENCE / 1000:g} s; the page noted {page.evaluate('() => seen')}."
        ) from None
    return Drag(**page.evaluate("() => seen"))


def round_once(page: Page, name: int) -> None:
    """Drag the point of this name round a circle for so many seconds, and let it go."""
    point = page.locator(f".teachkit-point[data-id='{name}'] .teachkit-hit").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    start = time.perf_counter()
    while (gone := time.perf_counter() - start) < SECONDS:
        angle = 2 * math.pi * gone / SECONDS
        page.mouse.move(x + 60 * math.sin(angle), y + 40 * (math.cos(angle) - 1))
        page.wait_for_timeout(max(0.0, 1000 / RATE - 1000 * (time.perf_counter() - start - gone)))
    page.mouse.up()


def report(what: str, drags: list[Drag]) -> Figures:
    times = sorted(measured(f"{what}: release to rest", (drag.settled for drag in drags)))
    held = measured(f"{what}: the drag itself", (drag.released - drag.pressed for drag in drags))
    seconds = sum(held) / 1000
    most = times[min(int(0.9 * len(times)), len(times) - 1)]
    print(against(f"{what}: release to rest, median", statistics.median(times), TARGET, " ms"))
    print(f"    90% {most:.0f} ms, longest {times[-1]:.0f} ms")
    answers, glides = (sum(getattr(drag, name) for drag in drags) for name in ("answers", "glides"))
    insist(answers, f"{what}: the sentence never changed while the point was held.")
    print(
        f"    answers {answers / seconds:.1f} a second, lines move in {glides / seconds:.1f} frames"
    )
    down, up = (sum(getattr(drag, name) for drag in drags) / answers for name in ("down", "up"))
    print(f"    an answer: {down / 1000:.1f} kB down, {up / 1000:.1f} kB up")
    return Figures(answers / seconds, most)


if __name__ == "__main__":
    main(sys.argv[1:])
