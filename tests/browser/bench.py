"""A bench for the front-end module: the real Python Plane, and as slow a wire as one likes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from teachkit.scenes.scene import Axes, Line, Point, Scene
from teachkit.widgets.plane import Plane

SYNCED = (
    "styles", "whole", "since", "positions", "weights", "selected", "brushed", "hovers", "looked",
    "held", "error", "asked", "heard",
)  # fmt: skip
WIRE = """
window.mount = async (source, state, detached) => {
  const handlers = {};
  let changed = new Set();
  window.sent = [];
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      if (state[name] === value) return;
      state[name] = value;
      changed.add(name);
      (handlers[`change:${name}`] ?? []).forEach((handler) => handler());
    },
    on: (event, handler) => (handlers[event] ??= []).push(handler),
    off: (event, handler) => { handlers[event] = handlers[event].filter((h) => h !== handler); },
    save_changes: () => {
      window.sent.push(structuredClone(Object.fromEntries([...changed].map((n) => [n, state[n]]))));
      changed = new Set();
    },
    send: (content) => {
      window.sent.push(structuredClone(content));
      for (const name in content) changed.delete(name);
    },
  };
  window.receive = (update) => {
    Object.assign(state, update);
    for (const name in update) (handlers[`change:${name}`] ?? []).forEach((handler) => handler());
  };
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const el = document.createElement("div");
  if (!detached) document.getElementById("root").append(el);
  window.unmount = module.default.render({ model, el });
  if (detached) document.getElementById("root").append(el);
};
"""


def a_scene(n: int = 6, **more: Any) -> Scene:
    """Points p0, p1, ... on a grid in 0..10, then a test point that cannot be taken out."""
    points = [
        Point(
            f"p{i}",
            1.0 + 2 * (i % 5),
            1.0 + 2 * ((i // 5) % 5),
            ("positive", "negative")[i % 2],
            label=f"Point {i}",
        )
        for i in range(n)
    ]
    points.append(Point("test", 5.0, 8.0, "test", label="Test point", toggleable=False))
    lines = (Line("now", (((0.0, 0.0), (10.0, 10.0)),), "now"),)
    axes = Axes((0.0, 10.0), (0.0, 10.0), "x₁", "x₂")
    return Scene(axes, tuple(points), lines, sentence="Nothing is changed.", alt="A grid.", **more)


class Bench:
    """A page with the front-end module in it, wired by hand to a Plane of this process."""

    def __init__(
        self,
        page: Page,
        scene: Scene | None = None,
        background: str = "#fff",
        detached: bool = False,
    ) -> None:
        self.page = page
        self.plane = Plane(scene or a_scene())
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", self._hear)
        page.set_content(
            f"<style>{Plane._css}</style>"
            f"<body style='margin: 12px; background: {background}'><button>before</button>"
            "<div id='root'></div><button>after</button></body>"
        )
        page.add_script_tag(content=WIRE)
        page.evaluate(
            "([source, state, detached]) => mount(source, state, detached)",
            [str(Plane._esm), self.state(), detached],
        )
        page.locator(".teachkit-plane[data-theme]").wait_for(state="attached")

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.failures.append(message.text)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self.plane, name) for name in SYNCED}

    def take(self) -> list[dict[str, Any]]:
        """What the front end has sent since, one update an item; Python has not seen it yet."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
        return self.page.evaluate("() => window.sent.splice(0)")

    def deliver(self, updates: list[dict[str, Any]]) -> None:
        """Python receives these updates, as a kernel would."""
        for update in updates:
            for name, value in update.items():
                setattr(self.plane, name, value)

    def answer(self) -> None:
        """The front end receives Python's state."""
        names = ("whole", "since", "selected", "brushed", "error", "heard")
        self.page.evaluate("receive", {name: getattr(self.plane, name) for name in names})

    def settle(self) -> None:
        """Everything is exchanged."""
        self.deliver(self.take())
        self.answer()

    def point(self, name: str) -> Locator:
        return self.page.locator(f".teachkit-point[data-id='{name}']")

    def centre(self, name: str) -> tuple[float, float]:
        """Where the point is drawn, in pixels of the page."""
        box = self.point(name).locator(".teachkit-hit").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, name: str, dx: float, dy: float, *, release: bool = True) -> None:
        x, y = self.centre(name)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2)
        self.page.mouse.move(x + dx, y + dy)
        if release:
            self.page.mouse.up()

    def focused(self) -> str | None:
        return self.page.evaluate("() => document.activeElement.dataset.id ?? null")
