"""What every explorer keeps, whatever it is about."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from teachkit import datasets, widgets
from teachkit.widgets.explorer import Explorer
from tests.widgets.hand import CASES, MEAN, drag, grey, settled

every = pytest.mark.parametrize("name", CASES)
POINTS = [name for name, case in CASES.items() if case.point]
dragged = pytest.mark.parametrize("name", POINTS)


@pytest.fixture(autouse=True)
def a_learners_seterr():
    """It stops nothing of what is asked here."""
    with np.errstate(all="raise"):
        yield


def made(name):
    """A fresh explorer, with the point in hand selected, and its case."""
    case = CASES[name]
    explorer = case.make()
    if case.point:
        explorer.plane.selected = case.point
    return explorer, case


def readings(explorer):
    return {name: control.value for name, control in explorer.controls.items()}


def gliding(explorer):
    return [name for name, w in explorer.controls.items() if "Slider" in type(w).__name__]


def turn(explorer, case, name, steps=1):
    """Another value for a control: an option, or so many steps from here; what it was set to."""
    control = explorer.controls[name]
    value = case.values.get(name)
    if value is None and hasattr(control, "options"):
        values = [option[-1] if isinstance(option, tuple) else option for option in control.options]
        here = values.index(control.value)
        value = values[here - steps if here >= steps else here + steps]
    elif value is None and isinstance(control.value, bool):
        value = not control.value
    elif value is None:
        by = steps * (getattr(control, "step", None) or 0.125)
        value = control.value + (by if control.value + by <= getattr(control, "max", 9) else -by)
    control.value = value
    return value


def test_there_is_a_case_for_every_explorer():
    kinds = {getattr(widgets, name) for name in widgets.__all__}
    cases = {type(case.make()) for case in CASES.values()}
    assert cases == {kind for kind in kinds if issubclass(kind, Explorer)} | {MEAN["MeanExplorer"]}


@every
def test_every_control_goes_round(name):
    """Set, it changes the state and reads as it was set; undo and reset set it back.

    A glide of one is one gesture.
    """
    explorer, case = made(name)
    for control in explorer.controls:
        start, before = explorer.state, readings(explorer)
        for steps in (1, 2, 1) if control in gliding(explorer) else (1,):
            value = turn(explorer, case, control, steps)
            assert settled(explorer), control
        assert explorer.state != start, control
        assert explorer.controls[control].value == pytest.approx(value), control
        explorer.undo()
        assert explorer.state is start
        assert not explorer.history.can_undo
        assert readings(explorer) == before
        assert settled(explorer), control
    for control in explorer.controls:
        turn(explorer, case, control)
        assert settled(explorer), control
    explorer.reset()
    assert readings(explorer) == before


@every
def test_undo_and_reset(name):
    explorer, case = made(name)
    undo, reset = explorer.undo_button, explorer.reset_button
    start = explorer.state
    assert undo.disabled and reset.disabled
    first, second = ([*explorer.controls] * 2)[:2]
    turn(explorer, case, first)
    between, explorer._last = explorer.state, float("-inf")  # the hand rests
    turn(explorer, case, second)
    assert not undo.disabled and not reset.disabled
    undo.click()
    assert explorer.state is between
    reset.click()
    assert explorer.state is start
    assert reset.disabled and not undo.disabled
    assert settled(explorer)
    undo.click()  # a reset, too, can be taken back
    assert explorer.state is between
    undo.click()
    assert explorer.state is start
    assert undo.disabled and reset.disabled
    assert settled(explorer)


@every
def test_a_change_that_is_refused_goes_back_and_is_said(name, monkeypatch):
    def refuse(state):
        raise ValueError("there is no such thing")

    explorer, case = made(name)
    start, before = explorer.state, readings(explorer)
    for control in explorer.controls:
        with monkeypatch.context() as patched:
            patched.setattr(explorer, "_prepare", refuse)
            value = turn(explorer, case, control)
        assert "there is no such thing" in explorer.plane.error
        assert explorer.state is start
        if explorer.refused:  # words stay to be mended until they are taken back
            assert readings(explorer) == before | {control: value}
            explorer.undo()
        assert readings(explorer) == before
        assert explorer.undo_button.disabled
    turn(explorer, case, control)
    assert explorer.state != start
    assert settled(explorer)


@pytest.mark.parametrize("name", ["attack", "conjugate", "descent", "root", "secant"])
def test_the_buttons_walk(name):
    explorer, _ = made(name)
    step, run, back, rewind = explorer.steps.children
    rewind.click()
    assert back.disabled and rewind.disabled
    step.click()
    step.click()
    assert explorer.state.k == 2
    assert settled(explorer)
    back.click()
    assert explorer.state.k == 1
    run.click()
    assert explorer.state.k == explorer.state.last
    assert step.disabled and run.disabled
    assert settled(explorer)
    rewind.click()
    assert explorer.state.k == 0
    assert settled(explorer)


HOSTILE = ["__import__('os')", "x.real", "", "sin x", "(" * 110]
REFUSED = [
    ("conjugate", (0.0, 0.1), "nothing left to do"),
    ("secant", (1.0, 1.0), "the gradient is 0 there"),
    ("descent", ("x", 1e200), "no finite value"),
    ("root", ("low", 9.0), "left end"),
    *(("root", ("text", text), "formula") for text in HOSTILE),
    *((name, (float("nan"), 0.0), "cannot move to (nan") for name in POINTS),
]


@pytest.mark.parametrize(("name", "what", "words"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(name, what, words):
    explorer, case = made(name)
    start, shown, before = explorer.state, explorer.plane.current, readings(explorer)
    if what[0] in explorer.controls:
        explorer.controls[what[0]].value = what[1]
    else:
        drag(explorer, case.point, *what)
    assert words in explorer.plane.error
    assert explorer.state is start
    assert explorer.plane.current is shown
    kept = {"text": what[1]} if what[0] == "text" else {}
    assert readings(explorer) == before | kept
    drag(explorer, case.point, *case.places[0])
    assert explorer.state != start
    assert settled(explorer)


BEGUN = [
    (lambda: widgets.AttackExplorer(budget=3), "budget is 3; the explorer has 0.5, 1"),
    (lambda: widgets.AttackExplorer(datasets.digits()), "not 8-bit numbers"),
    (lambda: widgets.BowlExplorer([[1.0, 2.0], [0.0, 1.0]]), "not symmetric"),
    (lambda: widgets.ConjugateGradientExplorer(kappa=7), "the slider has 1, 2, 5"),
    (lambda: widgets.ConjugateGradientExplorer(start=(0, 0)), "nothing left to do"),
    (lambda: widgets.InfluenceExplorer([[0.0, 1.0]] * 2, [0, 1]), "-1 and \\+1"),
    (lambda: widgets.GenerativeExplorer(push=11), "push lies between 0 and 10.0; got 11"),
    (lambda: widgets.LabelAudit(order="fear"), "the explorer has loss, self, random"),
    (lambda: widgets.LissaExplorer(depth=7), "depth is 7; the explorer has 1, 2, 3"),
    (lambda: widgets.LossExplorer("score"), "the explorer has margin, residual"),
    (lambda: widgets.LossExplorer(t=0.0), "t is 0.0; it has to be a finite number > 0"),
    (lambda: widgets.MismatchExplorer(l2=0.5), "l2 is 0.5; the explorer has 0.0003, 0.001"),
    (lambda: widgets.ModelComparisonExplorer(n=9), "n is 9; it has to be from 20 to 700"),
    (lambda: widgets.PerturbationExplorer([[0.0], [1.0]], [0, 1]), "takes two columns"),
    (lambda: widgets.PixelExplorer(datasets.breast_cancer()), "a square of pixels"),
    (lambda: widgets.RiskExplorer(n=30), "n is 30; the explorer has 10, 20"),
    (lambda: widgets.RooflineExplorer(k=3), "k is 3; the slider has 1, 4, 16"),
    (lambda: widgets.RooflineExplorer(gpu=(3.35, 44)), "gpu has 3.35 bytes a second; .* not in GB"),
    (lambda: widgets.RootFinder("open(x)"), "cannot stand in a formula"),
    (lambda: widgets.SecantExplorer("a hill"), "the explorer has"),
    (lambda: widgets.SmoothHingeExplorer(t=0.0), "t lies between 1e-4 and 100; got 0"),
]


@pytest.mark.parametrize(("make", "words"), BEGUN)
def test_a_wrong_start_raises_where_it_is_made(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@dragged
def test_a_drag_is_one_gesture_and_a_new_revision_takes_it_back(name):
    explorer, case = made(name)
    start, revision = explorer.state, explorer.plane.scene["revision"]
    for place in case.places:
        drag(explorer, case.point, *place)
        assert settled(explorer)
    assert explorer.plane.scene["answers"]["positions"] == 2
    assert explorer.plane.scene["revision"] == revision  # what the hand holds is not put back
    assert explorer.plane.current.point(case.point).x == pytest.approx(place[0])
    explorer.undo()
    assert explorer.state is start
    assert explorer.undo_button.disabled
    assert explorer.plane.scene["revision"] == revision + 1
    assert settled(explorer)


@dragged
def test_what_takes_long_waits_until_the_hand_lets_go(name):
    explorer, case = made(name)
    moves = [lambda place=place: drag(explorer, case.point, *place) for place in case.places]
    moves += [lambda c=control: turn(explorer, case, c) for control in gliding(explorer)]
    before = {panel: getattr(explorer, panel).current for panel in explorer.beside}
    explorer.plane.held = case.point
    for move in moves:
        move()
        assert explorer.plane.current == explorer.picture()
        for panel, beside in explorer.beside.items():
            wanted = before[panel] if beside.waits else beside.draw(explorer.state)
            assert getattr(explorer, panel).current == wanted
    drag(explorer, case.point, float("nan"), 0.0)
    explorer.plane.held = ""
    assert "cannot move to (nan" in explorer.plane.error  # letting go is no event of its own
    explorer.plane.error = ""
    assert settled(explorer)


@pytest.mark.parametrize(
    "name",
    ["bowl", "conjugate", "generative", "influence", "line", "mean", "perturbation", "secant"],
)
def test_the_form_does_what_the_hand_does(name):
    (typed, case), (other, _) = made(name), made(name)
    typed.form.x.value, typed.form.y.value = case.places[0]
    drag(other, case.point, *case.places[0])
    toggled = typed.plane.current.point(case.point).toggleable
    if toggled:
        typed.form.inside.value = False
        grey(other, case.point)
    assert typed.plane.current.points == other.plane.current.points
    assert typed.plane.current.sentence == other.plane.current.sentence
    assert settled(typed)
    assert typed.form.inside.layout.display == ("" if toggled else "none")
    if toggled:
        typed.undo()
        assert typed.form.inside.value is True
    typed.undo()
    typed.undo()
    assert typed.form.x.value == pytest.approx(typed.plane.current.point(case.point).x, rel=1e-3)


@every
def test_the_saved_output_is_a_picture_and_words(name):
    explorer, case = made(name)
    assert repr(explorer) == repr(made(name)[0])  # no address, and the same each time
    turn(explorer, case, next(iter(explorer.controls)))
    data, _ = explorer._repr_mimebundle_()
    assert 'src="data:image/png;base64,iVBOR' in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    alt = explorer.static_alt()
    assert data["text/plain"] == repr(explorer) == f"<{type(explorer).__name__}: {alt}>"
    assert f'alt="{html.escape(alt)}"' in data["text/html"]
    assert not re.search("0x[0-9a-f]{6}", data["text/plain"])
    if hasattr(explorer, "plane"):
        assert alt == explorer.picture().alt == explorer.plane.current.alt
