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
from teachkit.exercises._engine.colours import coloured
from teachkit.exercises._engine.course import lessons, tasks
from teachkit.exercises._engine.display import VIEW, Code, Listing, Panel, Table, as_html, as_text
from teachkit.exercises._engine.tex import INLINE, inline
from teachkit.exercises._engine.tex import plain as plain_text

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
        ours = re.search(r"[\s;\"]color: (?!inherit|var\(--jp-[a-z-]+, inherit\))", text)
        assert not ours, "no ink of our own"
        assert not re.search(r"background: (?!var\(--jp)", text), "no paper of our own"


def test_html_and_text_say_the_same_words() -> None:
    for thing in shown():
        parser = Balance()
        parser.feed(thing._repr_html_())
        plain = re.sub(r"[\W_]+", "", repr(thing))
        rich = re.sub(r"[\W_]+", "", plain_text(parser.words))
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
        why = plain_text(choice.why)[:40]
        assert why in " ".join(repr(right).split())
        assert (why in " ".join(repr(wrong).split())) == (letter == "c")


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


QUIZZES = [task for module in lessons() for task in tasks(module) if isinstance(task, Quiz)]


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda quiz: quiz.key)
def test_a_quiz_has_its_formulas_as_tex_and_prints_them_as_one_types_them(quiz: Quiz) -> None:
    for text in [quiz.question, *(t for c in quiz.choices for t in (c.text, c.why))]:
        around = INLINE.sub("", re.sub(r"`[^`]+`", "", text))
        assert not re.search(r"[_^$\\]|\b(theta|eps|sigma|kappa|rho|gamma)\b", around), text
        assert not re.search(r"(?<![\w.])\.\d", around), "a number begins with a digit"
        assert not re.search(r"[\\{}$]", re.sub(r"`[^`]+`", "", plain_text(text))), text
    for letter, _ in quiz.lettered:
        assert max(map(len, repr(quiz.answer(letter)).splitlines())) <= 88


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (r"$H^{-1}$", "H^-1"),
        (r"$d\theta/d\varepsilon$ is", "dtheta/deps is"),
        (r"$2 \rho^k$ below $10^{-6}$", "2 rho^k below 10^-6"),
        (
            r"$-n\lambda\theta$ and $2\theta_i\sigma(x^\top\theta)$",
            "-n lambda theta and 2 theta_i sigma(x' theta)",
        ),
        (r"$40 \cdot 0.1 / 400$", "40 * 0.1 / 400"),
        (r"$I_{\text{up,loss}}$", "I_up,loss"),
        (r"$3.5 \cdot 10^{-13}$", "3.5e-13"),
        (r"$p = 10{,}000$", "p = 10,000"),
        (r"$\mathcal H$ or $\mathcal{H}$", "H or H"),
        (r"$\sqrt{n} \ge 3$", "sqrt(n) >= 3"),
        (r"$\frac{1}{n} \leq x^\top y \ne \lambda$", "(1)/(n) <= x' y != lambda"),
        (r"$-\frac1n I + \tfrac12 x + \frac ab$", "-1/n I + 1/2 x + a/b"),
        (r"$|\tilde\theta - \tilde{x}|$", "|theta~ - x~|"),
        ("5 $ is a price", "5 $ is a price"),
    ],
)
def test_a_formula_is_printed_as_one_types_it(typed: str, printed: str) -> None:
    assert plain_text(inline(typed)) == printed
    if printed != typed:
        shown = as_html(Panel("plain", inline(typed)))
        assert 'data-plain="' in shown
        assert typed.split("$")[1] in shown


def test_answers_are_announced_and_questions_are_not() -> None:
    for thing in (TASK, start_here.ratio, start_here.ratio.ask()):
        assert "role=" not in thing._repr_html_()
    for thing in (TASK.check(lambda x, i: 1.0), TASK.hint(), start_here.ratio.answer("a")):
        assert 'role="status"' in thing._repr_html_()


def test_code_keeps_its_lines_and_its_words_and_takes_the_colours_of_the_notebook() -> None:
    code = 'def f(x):\n    # a < b\n    s = """one\n    <two>"""\n    return 1.5 if x else s\n'
    shown = coloured(code)
    parser = Balance()
    parser.feed(shown)
    assert parser.words.replace(" ", "") == code.replace(" ", "")
    assert 'keyword-color, inherit)">return</span>' in shown
    assert 'comment-color, inherit)"># a &lt; b</span>' in shown
    assert 'number-color, inherit)">1.5</span>' in shown
    assert coloured("x = (1,\n <") == "x = (1,\n &lt;", "what cannot be read keeps its words"
    assert coloured("") == ""
    assert "white-space: pre;" in as_html(Panel("plain", "", (Code(code, python=True),)))


def _buttons(thing: Any) -> Any:
    pytest.importorskip("anywidget")
    pytest.importorskip("ipykernel")
    bundle = thing._repr_mimebundle_()
    assert bundle["text/plain"] == repr(thing)
    assert bundle["text/html"] == thing._repr_html_()
    return thing._view() if VIEW in bundle else None


@pytest.mark.parametrize("asked", [start_here.ratio, start_here.ratio.ask()], ids=["quiz", "ask"])
def test_in_a_kernel_a_quiz_has_a_button_for_each_choice(asked: Any) -> None:
    shown = _buttons(asked)
    assert [letter for letter, _ in shown.rows] == ["a", "b", "c", "d"]
    assert r"\(n/(n - 1)\)" in shown.rows[1][1]
    assert "by which factor" in shown.panel
    shown.press(0)
    assert "a) is not it." in shown.said
    assert shown.marks == {"0": "✗ not it"}
    shown.press(1)
    assert "b) is right." in shown.said
    assert shown.marks == {"0": "✗ not it", "1": "✓ right"}
    assert shown.answered == 2
    assert "role=" not in shown.panel + shown.said, "they stand in the one region that announces"
    line = next(row for row in progress("00").rows if row[0] == "quiz ratio")
    assert line[1:3] == ("right", "2")


def test_an_exercise_has_its_help_under_it_until_it_is_solved() -> None:
    wrong = TASK.check(lambda x, i: x.mean())
    for thing in (TASK, wrong):
        shown = _buttons(thing)
        assert [text for _, text in shown.rows] == ["Hint", "Solution"]
        assert thing._repr_html_().split(">", 1)[1] == shown.panel.split(">", 1)[1]
    shown.press(0)
    assert "mean_without: hint" in shown.said
    shown.press(1)
    assert "mean_without: a solution" in shown.said
    assert shown.marks == {}
    assert _buttons(TASK.check(lambda x, i: np.delete(x, i).mean())) is None
    assert _buttons(TASK.hint()) is None


def test_a_fault_behind_a_button_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Quiz, letter: str) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Quiz, "answer", broken)
    shown = _buttons(Quiz("start_here.none", "?", (Choice("x", "y", right=True), Choice("z", "w"))))
    shown.press(0)
    assert "RuntimeError: a fault" in shown.said
    assert shown.answered == 1


def test_without_anywidget_a_quiz_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ipykernel")
    monkeypatch.delitem(sys.modules, "teachkit.exercises._engine.buttons", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert set(start_here.ratio._repr_mimebundle_()) == {"text/plain", "text/html"}
