"""What is shown: plain text, HTML for either theme, and a quiz with buttons."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Choice, Quiz, progress, start_here
from teachkit.exercises._engine.display import Code, Listing, Panel, Table, as_html, as_text

TASK = start_here.mean_without
PANEL = Panel(
    "not yet",
    "A <b> & `code`",
    ("word " * 40, Code("if a < b:\n    pass"), Listing((("a)", "x < y"),)),
     Table(("one", "two"), (("1", "a"), ("222", "b")))),
)  # fmt: skip


def shown() -> list[Any]:
    return [
        TASK,
        TASK.check(lambda x, i: np.delete(x, i).mean()),
        TASK.check(lambda x, i: x.mean()),
        TASK.check(lambda x, i: x[9]),
        TASK.check(lambda x, i: None),
        start_here.predict_shift.check(lambda x, i: np.delete(x, i).mean() - x.mean()),
        TASK.hint(),
        TASK.solution(),
        progress(),
        progress("00"),
        start_here.ratio,
        start_here.ratio.ask(),
        start_here.ratio.answer("a"),
        start_here.ratio.answer("b"),
        start_here.ratio.answer("z"),
    ]


def test_text() -> None:
    lines = as_text(PANEL).splitlines()
    assert lines[0] == "A <b> & `code`"
    assert all(len(line) <= 88 for line in lines)
    assert "    if a < b:" in lines
    assert "  a) x < y" in lines
    assert lines[-3:] == ["one  two", "1    a", "222  b"]


class Balance(HTMLParser):
    """Every element that opens closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def test_html_escapes_and_marks_code() -> None:
    text = as_html(PANEL)
    assert "A &lt;b&gt; &amp; <code>code</code>" in text
    assert "if a &lt; b:\n    pass" in text
    assert '<th scope="col"' in text


def test_everything_shown_is_well_formed_and_takes_ink_and_paper_from_the_theme() -> None:
    for thing in shown():
        text = thing._repr_html_()
        parser = Balance()
        parser.feed(text)
        assert parser.open == []
        assert not re.search(r"[\s;\"]color: (?!inherit)", text), "no ink of our own"
        assert not re.search(r"background: (?!var\(--jp)", text), "no paper of our own"
        assert 'role="status"' in text


def test_html_and_text_say_the_same_words() -> None:
    for thing in shown():
        parser = Balance()
        parser.feed(thing._repr_html_())
        plain = re.sub(r"[\W_]+", "", repr(thing))
        rich = re.sub(r"[\W_]+", "", parser.words)
        assert plain == rich


def test_the_state_stands_in_words_and_not_in_the_colour_alone() -> None:
    words = [repr(thing).splitlines()[0] for thing in shown()[1:6]]
    assert [word.split(": ")[1] for word in words] == [
        "correct, on all 4 cases.",
        "not yet.",
        "your code raised IndexError",
        "not attempted yet.",
        "right in its way, but not what was asked, so not counted as solved.",
    ]


def test_nothing_shown_holds_an_address_or_a_time() -> None:
    for first, second in zip(shown()[:6], shown()[:6], strict=True):
        assert repr(first) == repr(second)
        assert "0x" not in repr(first)


def test_an_exercise_shows_its_task_and_its_stub() -> None:
    assert "0.1 The mean without one point (about 3 min, easy)" in repr(TASK)
    assert "    def mean_without(x, i):" in repr(TASK)


@pytest.mark.parametrize("letter", ["b", "B", " b) ", "(b)"])
def test_letters_are_read_kindly(letter: str) -> None:
    assert start_here.ratio.answer(letter).right is True


@pytest.mark.parametrize("letter", ["z", "", 1, None, "n/(n - 1)", ["b"]])
def test_no_choice_is_explained_and_not_recorded(letter: Any, progress_file: Any) -> None:
    result = start_here.ratio.answer(letter)
    assert result.right is None
    assert 'The choices are "a", "b", "c", "d"' in repr(result)
    assert not progress_file.exists()


def test_the_right_answer_explains_the_others_and_a_wrong_one_does_not_tell() -> None:
    wrong, right = start_here.ratio.answer("c"), start_here.ratio.answer("b")
    for letter, choice in start_here.ratio.lettered:
        assert " ".join(choice.why.split())[:40] in " ".join(repr(right).split())
        assert (" ".join(choice.why.split())[:40] in repr(wrong)) == (letter == "c")


def test_without_a_kernel_a_quiz_is_text() -> None:
    program = (
        "import sys\n"
        "from teachkit.exercises import start_here, influence_upweighting, progress\n"
        "bundle = start_here.ratio.ask()._repr_mimebundle_()\n"
        "assert set(bundle) == {'text/plain', 'text/html'}, set(bundle)\n"
        "start_here.mean_without.check(lambda x, i: 1.0)\n"
        "progress()\n"
        "heavy = {'IPython', 'ipywidgets', 'matplotlib', 'sklearn', 'pandas', 'autograd'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_in_a_kernel_a_quiz_has_a_button_for_each_choice() -> None:
    ipywidgets = pytest.importorskip("ipywidgets")
    pytest.importorskip("ipykernel")
    from teachkit.exercises._engine.quiz_widget import buttons

    bundle = start_here.ratio.ask()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(start_here.ratio)
    question, row, said = buttons(start_here.ratio).children
    assert isinstance(question, ipywidgets.HTML)
    assert [button.description for button in row.children] == ["a", "b", "c", "d"]
    assert all(button.tooltip for button in row.children)
    row.children[0].click()
    assert "a) is not it." in said.value
    row.children[1].click()
    assert "b) is right." in said.value
    line = next(row for row in progress("00").rows if row[0] == "quiz ratio")
    assert line[1:3] == ("right", "2")


def test_a_fault_behind_a_button_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ipywidgets")
    from teachkit.exercises._engine.quiz_widget import buttons

    def broken(self: Quiz, letter: str) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Quiz, "answer", broken)
    quiz = Quiz("start_here.none", "?", (Choice("x", "y", right=True), Choice("z", "w")))
    _, row, said = buttons(quiz).children
    row.children[0].click()
    assert "RuntimeError: a fault" in said.value
