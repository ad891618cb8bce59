"""How long after the release of a drag the explorer's numbers stand still.

InfluenceExplorer with 200 points (two moons) in Voilà, in headless Chromium. Each of 30 drags moves
one point along 25 places, one a frame. The page itself notes when the pointer is released and when
the sentence above the plane (with the retrained and the predicted loss) changes for the last time.
Target: 100 ms.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.hosts import Server

CELLS = [
    "from teachkit import InfluenceExplorer\n"
    "from teachkit.datasets import moons\n"
    "InfluenceExplorer(*moons(200), loss={loss!r})"
]
DRAGS, PLACES, FRAME = 30, 25, 16  # drags, places on the way of each, milliseconds between them
WATCH = """() => {
    const now = () => performance.now();
    window.changed = window.released = 0;
    addEventListener("pointerup", () => { window.released = now(); }, true);
    new MutationObserver(() => { window.changed = now(); }).observe(
        document.querySelector(".teachkit-sentence"),
        { childList: true, characterData: true, subtree: true });
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        root = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--disable-gpu", *root]
        )
        try:
            print("release to settled label, 200 points, headless Chromium, Voilà")
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


def measure(page: Page) -> list[float]:
    """Milliseconds from release to the last change of the sentence, for each drag."""
    page.locator(".teachkit-point").nth(199).wait_for(timeout=60_000)
    page.evaluate(WATCH)
    times = []
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
        page.wait_for_timeout(700)
        times.append(page.evaluate("() => Math.max(0, window.changed - window.released)"))
    return times


def report(loss: str, times: list[float]) -> None:
    times = sorted(times)
    print(
        f"{loss:>14}: median {statistics.median(times):4.0f} ms, "
        f"90% {times[int(0.9 * len(times))]:4.0f} ms, longest {times[-1]:4.0f} ms"
    )


if __name__ == "__main__":
    main()
