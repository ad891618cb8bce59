"""Thirty learners on one hub: their memory, how fast a drag is answered, and what a restart costs.

`make hub-measure` runs it on this machine and writes the table of README.md. All learners open
lesson 07 in a kernel of their own, run it to its first explorer, drag a point at once, and do
exercise 7.1; in the middle of a second round of drags the hub is killed and started again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks._kept import machine, with_table
from teaching.hub.drive import HERE, Hub, Kernel, Learner, wait_for

RESULTS, README = HERE / "measured.json", HERE / "README.md"
LESSON = "07_influence_upweighting.ipynb"
EXPLORER = "theta-eps-widget"  # the first that is dragged without a guess
POINT, PLACES = "20", 40  # a point of the blobs; places of one drag
PAUSE = 1 / 60  # seconds from an answer to the next place: a hand moves on
NOTE = "A sentence that the learner wrote before the hub died."
ANSWER = """
def sensitivity(T, x, z):
    return (len(x) + 1) * (T(np.append(x, z)) - T(x))


lesson.sensitivity.check(sensitivity)
"""


class Seat:
    """One learner at one screen, through the lesson."""

    def __init__(self, hub: Hub, number: int) -> None:
        self.hub, self.name, self.serial = hub, f"learner-{number:02d}", 0

    def come(self) -> float:
        """Log in, and wait until the server is there with the lessons."""
        start = time.perf_counter()
        self.learner = Learner(self.hub, self.name)
        self.learner.start()
        return time.perf_counter() - start

    def open(self) -> float:
        """Open the lesson and run its cells up to the explorer."""
        start = time.perf_counter()
        self.notebook = self.learner.read(LESSON)["content"]
        kernel = self.kernel = self.learner.kernel(LESSON)
        for cell in self.notebook["cells"]:
            if cell["cell_type"] == "code":
                kernel.run("".join(cell["source"]))
                if cell["id"] == EXPLORER:
                    break
        self.plane = kernel.plane()
        return time.perf_counter() - start

    def drag(self) -> list[float]:
        """Round a small circle; the seconds that each place waits for its answer."""
        return [self._place(k) for k in range(PLACES)]

    def _place(self, k: int) -> float:
        self.serial += 1
        angle = 2 * np.pi * k / PLACES
        place = [3.0 + float(np.sin(angle)), float(np.cos(angle))]
        took = self.kernel.drag(self.plane, self.serial, {POINT: place})
        time.sleep(PAUSE)
        return took

    def check(self) -> bool:
        return "correct, on all" in self.kernel.run(ANSWER)

    def write(self) -> None:
        """What must be there after the restart: in the notebook, and in the kernel."""
        self.notebook["cells"][-1]["source"] = NOTE
        self.learner.write(LESSON, self.notebook)
        self.kernel.run("before_the_restart = 42")
        self.progress = (self.learner.home / "progress.json").read_bytes()

    def drag_through(self, until: threading.Event) -> None:
        """Drag until told; where the wire is cut, open it again as a page does."""
        while not until.is_set():
            try:
                self._place(self.serial)
            except (OSError, ConnectionError, Kernel.CUT):
                wait_for(self._connected, f"{self.name} is connected again")

    def _connected(self) -> bool:
        try:
            self.kernel.connect()
        except (OSError, Kernel.CUT):
            return False
        # What was said meanwhile went to nobody: a page asks for the state of its widgets.
        self.kernel.refresh(self.plane)
        return True

    def has_all(self) -> bool:
        saved = self.learner.read(LESSON)["content"]["cells"][-1]["source"] == NOTE
        progress = json.loads((self.learner.home / "progress.json").read_bytes())
        done = progress == json.loads(self.progress)
        return saved and done and "42" in self.kernel.run("print(before_the_restart)")


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    told = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="teachkit-hub-")).resolve()
    folder.chmod(0o711)
    print(f"The class is in {folder}, with its logs; when all goes well it is removed.", flush=True)
    hub = Hub(folder / "class")
    try:
        held = measured(hub, told.learners)
    finally:
        hub.stop()
    shutil.rmtree(folder)
    print(table(held))
    if not told.dry:
        RESULTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
        text = README.read_text(encoding="utf-8")
        README.write_text(with_table(text, table(held)), encoding="utf-8")


def measured(hub: Hub, number: int) -> dict[str, Any]:
    """All of the class, step by step; each step begins when everybody is done with the last."""
    # What else runs, before this does: a figure of a busy machine says so.
    held: dict[str, Any] = {"load": os.getloadavg()[0], "learners": number}
    held |= {"machine": machine(), "total": psutil.virtual_memory().total}
    held["day"] = date.today().isoformat()
    hub.start()
    seats = [Seat(hub, k) for k in range(1, number + 1)]
    with ThreadPoolExecutor(number) as pool:

        def all_at_once(do: Callable[[Seat], Any]) -> list[Any]:
            return list(pool.map(do, seats))

        held["come"] = spread(all_at_once(Seat.come))
        held["servers"] = sum(hub.memory(seat.name) for seat in seats) / number
        held["open"] = spread(all_at_once(Seat.open))
        held["alone"] = spread(seats[0].drag())
        # A class: everybody drags for a moment, within half a minute; then all at the same time.
        held["spread"] = spread(list(chain(*all_at_once(_after(seats, 30.0)))))
        held["drag"] = spread(list(chain(*all_at_once(Seat.drag))))
        held["right"] = sum(all_at_once(Seat.check))
        memory = [hub.memory(seat.name) for seat in seats]
        held |= {"memory": sum(memory) / number, "most": max(memory), "hub": hub.memory()}
        all_at_once(Seat.write)
        alive = {process for seat in seats for process in hub.processes(seat.name)}
        done = threading.Event()
        dragging = [pool.submit(seat.drag_through, done) for seat in seats]
        time.sleep(5)
        hub.kill()
        time.sleep(5)
        start = time.perf_counter()
        hub.start()
        for seat in seats:
            wait_for(seat.learner.ready, f"{seat.name}'s server is found again")
        held["back"] = time.perf_counter() - start
        time.sleep(5)
        done.set()
        for drag in dragging:
            drag.result()
        held["kept"] = sum(all_at_once(Seat.has_all))
        held["ended"] = sum(not process.is_running() for process in alive)
    return held


def _after(seats: Sequence[Seat], seconds: float) -> Callable[[Seat], list[float]]:
    def drag(seat: Seat) -> list[float]:
        time.sleep(seconds * seats.index(seat) / len(seats))
        return seat.drag()

    return drag


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "most": float(np.quantile(values, 0.9))}


def table(held: dict[str, Any]) -> str:
    """The figures, and under them the machine in words."""
    number = held["learners"]

    def times(name: str, unit: str) -> str:
        scale, digits = (1000, 0) if unit == "ms" else (1, 1)
        values = (f"{scale * held[name][part]:.{digits}f}" for part in ("median", "most"))
        return " | ".join(f"{value} {unit}" for value in values)

    rows = [
        f"| {number} learners at once | median | 90% |",
        "|---|---|---|",
        f"| from log-in to a server with the lessons | {times('come', 's')} |",
        f"| from opening lesson 07 to its first explorer | {times('open', 's')} |",
        f"| from drag to answer, one learner drags | {times('alone', 'ms')} |",
        f"| from drag to answer, all drag within half a minute | {times('spread', 'ms')} |",
        f"| from drag to answer, all drag at the same time | {times('drag', 'ms')} |",
        "",
        "| | |",
        "|---|---|",
        f"| memory of a learner's server alone | {held['servers'] / 1e6:.0f} MB |",
        f"| memory of a learner, server and kernel, after an exercise | "
        f"{held['memory'] / 1e6:.0f} MB |",
        f"| memory of the largest | {held['most'] / 1e6:.0f} MB |",
        f"| memory of all learners | {number * held['memory'] / 1e9:.1f} GB |",
        f"| memory of the hub, proxy and idle service included | {held['hub'] / 1e6:.0f} MB |",
        f"| exercise 7.1 found correct | {held['right']} of {number} |",
        f"| hub killed in the middle of drags: until all is found again | {held['back']:.1f} s |",
        f"| notebook, progress and variables there afterwards | {held['kept']} of {number} |",
        f"| servers and kernels that ended with the hub | {held['ended']} |",
        "",
        f"{held['machine']}, {held['total'] / 2**30:.0f} GiB of memory ({held['day']}). "
        f"Other programs kept {held['load']:.1f} processors busy when it began.",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
