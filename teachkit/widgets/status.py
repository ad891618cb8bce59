"""A sentence that screen readers announce when it changes, and a place for errors."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets as t

HERE = Path(__file__).parent
ESM = """
export default {
  render({ model, el }) {
    const regions = [["text", "aria-live", "polite"], ["error", "role", "alert"]];
    for (const [name, attribute, value] of regions) {
      const p = document.createElement("p");
      p.className = `teachkit-status-${name}`;
      p.setAttribute(attribute, value);
      const say = () => { p.textContent = model.get(name); };
      model.on(`change:${name}`, say);
      say();
      el.append(p);
    }
    return helpFocus();
  },
};
"""


class Status(anywidget.AnyWidget):
    """What is seen, in words (``text``), and what went wrong (``error``); both live regions.

    The elements stay while their text changes: a region that is replaced is not announced.
    """

    _esm = (HERE / "focus.js").read_text(encoding="utf-8") + ESM
    _css = HERE / "explorer.css"

    text = t.Unicode("").tag(sync=True)
    error = t.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return f"<Status: {self.text}>"
