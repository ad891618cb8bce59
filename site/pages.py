"""What Sphinx does not do by itself: glossary terms in the lessons and back, and launch buttons.

The notebooks stay as they are. In each lesson the first mention of a term in its prose leads to
the glossary; in the glossary each term lists all sections of the lessons that use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from launch import buttons
from sphinx import addnodes
from sphinx.application import Sphinx

LESSONS = "notebooks/"
# Where a word is no word of the prose.
NOT_PROSE = (
    nodes.FixedTextElement,
    nodes.literal,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.reference,
    nodes.title,
    addnodes.pending_xref,
)


def anchor(title: str) -> str:
    """JupyterLab's anchor of a heading, so that links in the notebooks lead where they lead there.

    >>> anchor("5 The derivative, in five lines")
    '5-The-derivative,-in-five-lines'
    """
    return title.replace(" ", "-")


def read_terms(glossary: str) -> dict[str, str]:
    r"""For each name in the glossary's source the name that its entry begins with.

    >>> read_terms("```{glossary}\nrisk\nempirical risk\n  A mean.\n```")
    {'risk': 'risk', 'empirical risk': 'risk'}
    """
    found: dict[str, str] = {}
    (block,) = re.findall(r"^```\{glossary\}\n(.*?)^```", glossary, re.MULTILINE | re.DOTALL)
    for names in re.findall(r"((?:^\S.*\n)+)^ ", block, re.MULTILINE):
        first, *others = names.splitlines()
        found |= dict.fromkeys([first, *others], first)
    return found


def pattern(names: list[str]) -> re.Pattern[str]:
    """Any of the names as a word, also in the plural and, of "retraining", "retrained".

    The first that fits; the number of its group says which.

    >>> find = pattern(["empirical risk", "risk", "retraining"])
    >>> [match[0] for match in find.finditer("Empirical risks, retrained.")]
    ['Empirical risks', 'retrained']
    """
    endings = {name: "(?:ing|ed|s)?" if name.endswith("ing") else "(?:e?s)?" for name in names}
    forms = [f"({re.escape(name.removesuffix('ing'))}{ending})" for name, ending in endings.items()]
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


class Terms:
    """The glossary's terms and where the lessons mention them."""

    def __init__(self, glossary: str) -> None:
        names = read_terms(glossary)
        longest_first = sorted(names, key=len, reverse=True)
        self._entries = [names[name] for name in longest_first]
        self._pattern = pattern(longest_first)
        # For each term its lessons, for each lesson the sections: id and title.
        self.used: dict[str, dict[str, dict[str, nodes.title]]] = {}

    def read(self, lesson: str, tree: nodes.document) -> None:
        """Note what a lesson mentions, and link the first mention of each term."""
        linked: set[str] = set()
        for text in list(prose(tree)):
            section = section_of(text)
            pieces: list[nodes.Node] = []
            done = 0
            for match in self._pattern.finditer(text):
                assert match.lastindex is not None
                term = self._entries[match.lastindex - 1]
                sections = self.used.setdefault(term, {}).setdefault(lesson, {})
                sections.setdefault(section["ids"][0], section.next_node(nodes.title))
                if term not in linked:
                    linked.add(term)
                    pieces += [nodes.Text(text[done : match.start()]), link(term, match[0], lesson)]
                    done = match.end()
            if pieces:
                text.parent.replace(text, [*pieces, nodes.Text(text[done:])])

    def list_uses(self, app: Sphinx, tree: nodes.document) -> None:
        """Below each entry of the glossary: the lessons and sections that use it."""
        titles = app.env.titles
        for entry in tree.findall(nodes.definition_list_item):
            name = entry.next_node(nodes.term).astext()
            uses = self.used.get(name, {})
            where = "one lesson" if len(uses) == 1 else f"{len(uses)} lessons"
            lessons = nodes.bullet_list()
            for lesson, sections in sorted(uses.items()):
                address = app.builder.get_relative_uri("glossary", lesson)
                line = nodes.paragraph("", "", nodes.strong("", titles[lesson].astext()))
                for number, (target, title) in enumerate(sections.items()):
                    line += nodes.Text(": " if number == 0 else "; ")
                    words = [child.deepcopy() for child in title.children]
                    line += nodes.reference("", "", *words, refuri=f"{address}#{target}")
                lessons += nodes.list_item("", line)
            folded = f"<details class='uses'><summary>Used in {where}</summary>"
            definition = entry.next_node(nodes.definition)
            definition += nodes.raw("", folded, format="html")
            definition += lessons
            definition += nodes.raw("", "</details>", format="html")


def prose(tree: nodes.document) -> Iterator[nodes.Text]:
    """The texts of a page that are words in sentences."""
    for text in tree.findall(nodes.Text):
        parents = ancestors(text)
        if not any(isinstance(parent, NOT_PROSE) for parent in parents):
            yield text


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """What a node stands in, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def section_of(text: nodes.Text) -> nodes.section:
    """The innermost section that a text stands in."""
    return next(parent for parent in ancestors(text) if isinstance(parent, nodes.section))


def link(term: str, words: str, lesson: str) -> addnodes.pending_xref:
    """A link to a term of the glossary, which Sphinx resolves."""
    target = {"refdomain": "std", "reftype": "term", "reftarget": term, "refexplicit": True}
    said = nodes.inline("", words, classes=["term"])
    return addnodes.pending_xref("", said, refdoc=lesson, refwarn=True, **target)


def without_empty_headings(tree: nodes.document) -> None:
    """Take away a table's heading that says nothing: Markdown knows no table without one."""
    for head in list(tree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx. All is read anew in each build (site/assemble.py), in one process."""
    terms = Terms((app.srcdir / "glossary.md").read_text("utf-8"))

    def read(app: Sphinx, tree: nodes.document) -> None:
        without_empty_headings(tree)
        if app.env.docname.startswith(LESSONS):
            terms.read(app.env.docname, tree)

    def resolved(app: Sphinx, tree: nodes.document, page: str) -> None:
        if page == "glossary":
            terms.list_uses(app, tree)

    def context(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
        if page == "index":
            app.add_css_file("flagship/flagship.css")
            app.add_js_file("flagship/flagship.js", type="module")
        if page.startswith(LESSONS):
            context["launch"] = buttons(page.removeprefix(LESSONS) + ".ipynb")

    app.connect("doctree-read", read)
    app.connect("doctree-resolved", resolved)
    app.connect("html-page-context", context)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
