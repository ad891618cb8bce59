"""How messages look: the same panel as plain text and as HTML; it knows nothing of exercises."""

from __future__ import annotations

import html
import re
import sys
import textwrap
from dataclasses import dataclass
from typing import Any

from teachkit.figures.tables import Table

from .colours import coloured
from .tex import INLINE, plain, typed

WIDTH = 88
VIEW = "application/vnd.jupyter.widget-view+json"

# The colour marks the edge only: every panel says in words what its colour says.
_EDGE = {"good": "#009E73", "not yet": "#E69F00", "stop": "#D55E00", "plain": "#0072B2"}
_SIGN = {"good": "✓", "not yet": "○", "stop": "!", "plain": "·"}


@dataclass(frozen=True)
class Code:
    """Text that keeps its lines; `python` says that it is code, to be coloured."""

    text: str
    python: bool = False


@dataclass(frozen=True)
class Listing:
    """A list: (mark, text) pairs."""

    items: tuple[tuple[str, str], ...]


Block = str | Code | Listing | Table


@dataclass(frozen=True)
class Panel:
    """A headline and what stands under it; `tone` is one of good, not yet, stop, plain.

    An answer is `announced` to those who do not see it; a question is read when they come to it.
    """

    tone: str
    headline: str
    blocks: tuple[Block, ...] = ()
    announced: bool = True


class Shown:
    """Whatever can say itself as a Panel shows itself in a console and in a notebook."""

    def _panel(self) -> Panel:
        raise NotImplementedError

    def _view(self) -> Any:
        """A widget that shows the panel with buttons, where there are any."""
        return None

    def __repr__(self) -> str:
        return as_text(self._panel())

    def _repr_html_(self) -> str:
        return as_html(self._panel())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if "ipykernel" in sys.modules:
            try:
                view = self._view()
            except ImportError:  # without anywidget the text is the whole of it
                view = None
            if view is not None:
                version = {"version_major": 2, "version_minor": 0}
                bundle[VIEW] = {**version, "model_id": view.model_id}
        return bundle


def as_text(panel: Panel) -> str:
    """The panel as lines of at most 88 characters (code and tables keep their own)."""
    parts = [_wrapped(panel.headline)]
    for block in panel.blocks:
        if isinstance(block, Code):
            parts.append(textwrap.indent(block.text.rstrip("\n"), "    "))
        elif isinstance(block, Listing):
            parts.append("\n".join(_wrapped(text, f"  {mark} ") for mark, text in block.items))
        elif isinstance(block, Table):
            parts.append(block.as_text())
        else:
            parts.append(_wrapped(block))
    return "\n".join(parts)


def as_html(panel: Panel) -> str:
    """The panel as HTML that takes ink and paper from the theme around it."""
    edge = _EDGE[panel.tone]
    role = ' role="status"' if panel.announced else ""
    inner = "".join(_html_block(block) for block in panel.blocks)
    return (
        f'<div{role} style="border-left: 4px solid {edge}; padding: 2px 0 2px 12px; '
        'margin: 4px 0; line-height: 1.45">'
        f'<p style="margin: 0 0 4px"><span aria-hidden="true">{_SIGN[panel.tone]} </span>'
        f"<strong>{inline(panel.headline)}</strong></p>{inner}</div>"
    )


def _wrapped(text: str, first: str = "") -> str:
    return textwrap.fill(
        " ".join(plain(text).split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def inline(text: str) -> str:
    """Escaped text; what stands in backticks becomes code, and a formula keeps how it is typed."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return INLINE.sub(lambda m: f'<span data-plain="{_quoted(m[1])}">{m[0]}</span>', marked)


def _quoted(formula: str) -> str:
    return html.escape(typed(html.unescape(formula)))


def _html_block(block: Block) -> str:
    if isinstance(block, Code):
        code = coloured(block.text) if block.python else html.escape(block.text, quote=False)
        return (
            '<pre style="margin: 4px 0; padding: 6px 8px; overflow-x: auto; color: inherit; '
            "white-space: pre; word-break: normal; overflow-wrap: normal; "
            "font-family: var(--jp-code-font-family, monospace); "
            'background: var(--jp-cell-editor-background, rgba(127, 127, 127, .14))">'
            f"{code}</pre>"
        )
    if isinstance(block, Listing):
        items = "".join(
            f'<li style="list-style: none"><strong>{inline(mark)}</strong> {inline(text)}</li>'
            for mark, text in block.items
        )
        return f'<ul style="margin: 4px 0; padding-left: 8px">{items}</ul>'
    if isinstance(block, Table):
        whole = '<span style="white-space: nowrap">{}</span>'
        return block.as_html(lambda cell: whole.format(inline(cell)))
    return f'<p style="margin: 4px 0">{inline(block)}</p>'
