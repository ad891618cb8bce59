"""Formulas, set by KaTeX while the site is built: a reader's browser computes nothing for them."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

from assemble import NPM
from docutils import nodes
from sphinx.application import Sphinx

SET = """
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const html = formulas.map(([tex, displayMode]) => katex.renderToString(tex, { displayMode }));
process.stdout.write(JSON.stringify(html));
"""


# LaTeX and MathJax read `x_\max`; KaTeX wants the braces.
BARE = re.compile(r"([_^])(\\(?:max|min|sup|inf))(?![A-Za-z])")
# As formulas stand in what a cell has shown as HTML, a quiz say.
SHOWN = re.compile(r"\\\((.+?)\\\)", re.DOTALL)


class Formulas:
    """The formulas of all pages: TeX, and whether it stands on lines of its own; then HTML."""

    def __init__(self) -> None:
        self._html: dict[tuple[str, bool], str] = {}

    def read(self, app: Sphinx, tree: nodes.document) -> None:
        """Note the formulas of a page."""
        for node in tree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block)):
            self._html.setdefault(_key(node), "")
        for node in _shown(tree):
            for tex in SHOWN.findall(node.astext()):
                self._html.setdefault((html.unescape(tex), False), "")

    def set(self, app: Sphinx, env: Any) -> list[str]:
        """Set all of them in one go. One that KaTeX cannot read ends the build with its words."""
        katex = str(NPM / "node_modules" / "katex")
        asked = json.dumps([(BARE.sub(r"\1{\2}", tex), block) for tex, block in self._html])
        done = subprocess.run(
            ["node", "-e", SET, katex], input=asked, stdout=subprocess.PIPE, text=True, check=True
        )
        self._html = dict(zip(self._html, json.loads(done.stdout), strict=True))
        return []

    def write_shown(self, app: Sphinx, tree: nodes.document, page: str) -> None:
        """Put formulas into what the cells have shown."""
        for node in _shown(tree):
            said = SHOWN.sub(lambda m: self._inline(html.unescape(m[1])), node.astext())
            node[:] = [nodes.Text(said)]

    def write_inline(self, writer: Any, node: nodes.math) -> None:
        """Write a formula in a line of text."""
        writer.body.append(self._inline(node.astext()))
        raise nodes.SkipNode

    def _inline(self, tex: str) -> str:
        return f'<span class="math">{self._html[tex, False]}</span>'

    def write_block(self, writer: Any, node: nodes.math_block) -> None:
        """Write a formula on lines of its own."""
        writer.body.append(f'<div class="math">{self._html[_key(node)]}</div>\n')
        raise nodes.SkipNode


def _key(node: nodes.Node) -> tuple[str, bool]:
    return node.astext(), isinstance(node, nodes.math_block)


def _shown(tree: nodes.document) -> Iterator[nodes.raw]:
    return (node for node in tree.findall(nodes.raw) if node["format"] == "html")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    formulas = Formulas()
    app.add_html_math_renderer(
        "katex", (formulas.write_inline, None), (formulas.write_block, None)
    )
    app.connect("doctree-read", formulas.read)
    app.connect("env-updated", formulas.set)
    app.connect("doctree-resolved", formulas.write_shown)
    app.add_css_file("katex/katex.min.css")
    return {"parallel_read_safe": False, "parallel_write_safe": False}
