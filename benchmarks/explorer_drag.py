"""How long after the release of a drag the explorer stands still, and how it follows the drag.

InfluenceExplorer with 200 points (two moons) in Voilà, in headless Chromium. Each of 30 drags moves
another point along 25 places, one a frame. The page itself notes when the pointer goes down and up,
when the label above the plane (with the retrained and the predicted loss) changes, and when the
path of theta beside it does. The path waits for the release, so each drag has an answer after it;
settled is the last change of the two. The label may stand still before: Python keeps up with the
hand, and where a point's loss is flat (the smooth hinge beyond its bend) nothing moves.
Target: 100 ms.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from benchmarks._measured import Unmeasured, against, insist, measured
from tests.browser.hosts import Server

CELLS = [
    "from teachkit import InfluenceExplorer\n"
    "from teachkit.datasets import moons\n"
    "InfluenceExplorer(*moons(200), loss={loss!r})"
]
DRAGS, PLACES, FRAME = 30, 25, 16  # drags, places on the way of each, milliseconds between them
TARGET, REST, PATIENCE = 100, 700, 30_000  # milliseconds; after a rest nothing more is waited for
WATCH = """() => {
    const seen = window.seen = { pressed: 0, released: 0, label: 0, path: 0, updates: 0 };
    const now = () => performance.now();
    let holds = false;
    addEventListener("pointerdown", () => {
        Object.assign(seen, { pressed: now(), released: 0, label: 0, path: 0, updates: 0 });
        holds = true;
    }, true);
    addEventListener("pointerup", () => { seen.released = now(); holds = false; }, true);
    const words = { childList: true, characterData: true, subtree: true };
    const watch = (what, options, changed) =>
        new MutationObserver(changed).observe(document.querySelector(what), options);
    watch(".teachkit-sentence", words, () => { seen.label = now(); seen.updates += holds; });
    const path = () => { seen.path = now(); };
    watch(".teachkit-waits .teachkit-sentence", words, path);
    watch(".teachkit-waits .teachkit-lines", { ...words, attributeFilter: ["d"] }, path);
}"""
STILL = f"""() => seen.released && seen.path > seen.released
    && performance.now() - Math.max(seen.label, seen.path) > {REST}"""


class Drag(NamedTuple):
    """What the page noted of one drag: milliseconds of its clock, 0 where there was nothing."""

    pressed: float
    released: float
    label: float  # its last change
    path: float  # its last change
    updates: int  # of the label, while the point was held

    @property
    def settled(self) -> float:
        """Milliseconds from release to the last change of label and path."""
        insist(
            0 < self.released < self.path,
            f"The path of theta changed last at {self.path:.0f} ms of the page's clock and the "
            f"pointer was released at {self.released:.0f}: the answer to this drag was not seen.",
        )
        return max(self.label, self.path) - self.released


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    insist(chromium, "Chromium is not installed (on Debian: apt install chromium).")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        root = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-gpu", *root]
        )
        try:
            print("release to settled, 200 points, headless Chromium, Voilà")
            for loss in ("logistic", "square", "smooth hinge"):
                page = browser.new_page(viewport={"width": 1200, "height": 1000})
                name = server.write([CELLS[0].format(loss=loss)])
                page.goto(server.url(f"voila/render/{name}"), timeout=120_000)
                report(loss, measure(page))
                page.close()
                server.stop_kernels()
        finally:
            browser.close()
            server.stop()


def measure(page: Page) -> list[Drag]:
    """What the page notes of each drag."""
    page.locator(".teachkit-point").nth(199).wait_for(timeout=60_000)
    page.evaluate(WATCH)
    drags = []
    for k in range(DRAGS):
        point = page.locator(f".teachkit-point[data-id='{(37 * k) % 200}'] .teachkit-hit")
        box = point.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, PLACES + 1):
            angle = 2 * math.pi * (k / DRAGS + step / PLACES / 4)
            page.mouse.move(x + 2 * step * math.cos(angle), y + 2 * step * math.sin(angle))
            page.wait_for_timeout(FRAME)
        page.mouse.up()
        try:
            page.wait_for_function(STILL, timeout=PATIENCE)
        except TooLate:
            raise Unmeasured(
                f"Nothing that was seen after the release of drag {k} came to rest within "
                f"{PATIENCE / 1000:g} s; the page noted {page.evaluate('() => seen')}."
            ) from None
        drags.append(Drag(**page.evaluate("() => seen")))
    return drags


def report(loss: str, drags: list[Drag]) -> None:
    times = sorted(measured(f"{loss}: release to settled", (drag.settled for drag in drags)))
    held = measured(f"{loss}: the drag itself", (drag.released - drag.pressed for drag in drags))
    label = [drag.label - drag.released for drag in drags if drag.label > drag.released]
    print(
        against(f"{loss}: settled, median of {len(times)}", statistics.median(times), TARGET, " ms")
    )
    print(f"    90% {times[int(0.9 * len(times))]:.0f} ms, longest {times[-1]:.0f} ms")
    updates = sum(drag.updates for drag in drags)
    print(f"    label while held: {updates} changes in {sum(held) / 1000:.1f} s")
    print(
        f"    label after release: it changed in {len(label)} of {len(drags)} drags"
        + (f", in these after {statistics.median(label):.0f} ms (median)" if label else "")
    )


if __name__ == "__main__":
    main()
