"""What each explorer has of its own: what is done, and what is then."""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter

import numpy as np
import pytest

from teachkit import functions, widgets
from teachkit.datasets import blobs
from teachkit.scenes import influence, risk, root_drawing, root_finding
from teachkit.scenes.bowl import EXAMPLES
from teachkit.scenes.methods import Method
from teachkit.scenes.root_finding import PRESETS
from teachkit.scenes.secant import ARMIJO, BOWL, ROSENBROCK, WOLFE
from tests.widgets.hand import CASES, after, back_in, drag, out, pick, settled, to

AWAY = (-1.0, 2.0)
FIRST, OWN = PRESETS[0], {"text": "x^2 - 3"}
FIT = risk.fit(3, 50, 0.01, 1)
METHODS = (Method("BFGS", "Wolfe"), Method("steepest descent", "full step"))
CHOSEN = {"direction 0": "BFGS", "search 0": "Wolfe", "search 1": "full step"}
BACK = "backtracking"
WALK = ["step", "step", "step"]
SINGLE = {"dtype": "float32", "formula": "central"}

MODEL = {"loss": "square", "l2": 0.1, "leverage": True}
BLOBS, IMAGES = CASES["influence"].make().state, CASES["images"].make().state
N = 41  # of the blobs
GOOD, BAD = IMAGES.helpful[0], IMAGES.harmful[1]


def weights(*indices, weight):
    return [weight if i in indices else 1.0 for i in range(N)]


def moved(x, y, i=3):
    return influence.move(BLOBS, i, x, y)


# Of which explorer, what is done (a control's value, a place for the point, a button), what the
# state and the controls are then, and what the sentence or the alternative text says.
DONE = [
    ("bowl", [{"first": 4.0, "second": 1.0, "angle": 90.0}], {"H": np.diag([1.0, 4.0])}, {},
     "Eigenvalues 4.00 and 1.00: a bowl"),
    ("bowl", [AWAY], {"x": AWAY, "gradient": [0.0, 3.0]}, {"example": "[[2, 1], [1, 2]]"}, ""),
    # (that undo and reset set every control back is asked of all of them elsewhere)
    ("bowl", [{"angle": 12.0}], {}, {"example": ""}, ""),
    ("root", ["step", (1.25, 7.0)], {"x0": 1.25, "k": 1}, {"x0": 1.25}, ""),
    ("root", ["step", (1.25, 7.0), "undo"], {"x0": FIRST.x0, "k": 1}, {}, ""),
    ("root", [{"low": 0.0, "high": 5.0}], {"view": (0.0, 5.0)}, {}, ""),
    ("root", [OWN, "run"], {"root": 3**0.5}, {"preset": ""}, "That is a root"),
    ("root", [OWN, "run", "undo"], {"k": 0}, OWN, ""),
    ("descent", ["step", "step"], {"k": 2}, {"k": 2}, ""),
    ("descent", [{"k": 5}, (0.5, 2.0)], {"start": (0.5, 2.0), "k": 5}, {"x": 0.5, "y": 2.0}, ""),
    ("descent", [{"x": 0.25, "y": -0.5}], {"start": (0.25, -0.5)}, {}, ""),
    ("descent", [CHOSEN], {"methods": METHODS}, CHOSEN,
     "A is BFGS, Wolfe; B is steepest descent, full step"),
    ("secant", [*WALK, (0.2, 2.0), (0.4, 2.5)], {"start": (0.4, 2.5), "k": 3}, {}, ""),
    ("secant", [*WALK, (0.2, 2.0), (0.4, 2.5), "undo"], {"start": (-1.2, 1.0), "k": 3}, {}, ""),
    ("secant", [*WALK, (0.4, 2.5), "undo", "undo"], {"k": 0}, {}, "Level lines of Rosenbrock's"),
    ("secant", [{"search": ARMIJO}], {"search": ARMIJO}, {}, ""),
    ("secant", [{"function": BOWL}], {"view_name": BOWL, "start": (25.0, 1.0)}, {}, ""),
    ("audit", ["wrong", "right"], {"left": 18}, {}, "2 looks: "),
    ("audit", ["truth", {"order": "self"}, "truth"], {"left": 0, "missed": 0}, {"order": "self"},
     "20 looks: "),
    ("audit", ["truth", "undo"], {"said": ()}, {}, "You have 20 looks."),
    ("loss", [(0.49, 2.0)], {"at": 0.5}, {"at": 0.5}, "by less than 1"),
    ("loss", [(-1.52, 0.0), {"hinge": False}], {"at": -1.5}, {}, "zero-one 1.00, smooth hinge 2.5"),
    ("loss", [(2.5, 0.0), {"over": "residual", "epsilon": 1.0}], {"at": 2.5}, {"t": 0.5},
     "1.50 beyond ε = 1.00"),
    ("loss", [{"derivative": "curvature"}, "undo"], {}, {"derivative": "neither"}, ""),
    ("lissa", [], {"depth": 1000, "seed": 0}, {"batch": 1, "view": "error"}, "Safe: no sample has"),
    ("lissa", [{"scale": 1.1}], {"scale": 1.1}, {"scale": 1.1}, "Silent danger"),
    ("lissa", [{"scale": 0.3, "batch": 249}, "safe"], {"full": True}, {}, "batch converges"),
    ("lissa", ["again", "again", "undo", {"view": "r"}], {"seed": 1}, {"depth": 1000}, ""),
    ("generative", [(0.5, 1.5), "again"], {"moved": (), "seed": 1}, {"n": 20}, "on 20 points"),
    ("generative", [(0.5, 1.5), out(3), {"push": 2.0}],
     {"push": 2.0, "out": {3}}, {}, "on 19 points"),
    ("generative", [out(3), {"n": 80}], {"n": 80}, {}, "on 80 points"),
    ("risk", ["again", "again", "undo"], {"seed": 2}, {"degree": 15, "l2": 0.0}, "n = 20"),
    ("risk", [{"degree": 3, "n": 50, "l2": 0.01}], {"fit.training": FIT.training}, {},
     "Degree 3, l2 = 0.01, n = 50"),
    ("smooth hinge", [{"t": 0.001, "truth": "smooth"}], {"t": 0.001, "truth": "smooth"}, {},
     "t = 0.001"),
    ("smooth hinge", [{"l2": 0.3}, (0.5, 1.5), {"leverage": True}, "undo", "undo"],
     {"machine.l2": 0.3, "leverage": False}, {"l2": 0.3, "leverage": False}, "t = 0.1: "),
    ("smooth hinge", [to("test", 1.0, 0.5)], {"x_test": [1.0, 0.5]}, {"t": 0.1}, "on its kink"),
    ("memory", [], {}, {"memory": 10}, "memory 10, BFGS, and steepest"),
    ("memory", [{"memory": 5}, {"memory": 3}], {"memory": 3}, {}, ""),
    ("conjugate", [], {"k": 10}, {"kappa": 25.0, "clusters": 100}, ""),
    ("secant", [], {}, {"function": ROSENBROCK, "search": WOLFE}, ""),
    ("step", [], {}, {"formula": "forward", "dtype": "float64", "length": 0}, ""),
    ("descent", [], {"start": (-1.2, 1.0)}, {"direction 0": "Newton", "search 0": BACK}, ""),
    ("influence", [], {}, {"loss": "logistic", "l2": 0.01, "leverage": False}, ""),
    ("memory", [{"memory": 3}, {"l2": 0.01}, "undo"], {}, {"memory": 3, "l2": 0.1}, ""),
    ("step", [(-5.0, 0.7)], {"log_r": -5.0}, {"log_r": -5.0}, ""),
    ("step", [{"log_r": -6.0, "length": -3}], {"distance": 1e-9}, {}, ""),
    ("step", [SINGLE], {}, SINGLE, "float32"),
    ("conjugate", [(18.0, 5.0)], {"start": (18.0, 5.0)}, {}, "The ellipses of a bowl with"),
    ("conjugate", [(10.0, 0.1)], {"start": (10.0, 0.0)}, {}, ""),  # put on the axis
    ("conjugate", [(5.0, 5.0), {"kappa": 50.0}, "worst"], {"start": (25.0, 0.5)}, {}, ""),
    ("influence", [(0.5, 1.5)], {"answer.retrained": moved(0.5, 1.5).answer.retrained}, {},
     "Point 3 moved: test loss "),
    ("influence", [(0.5, 1.5), to("test", 1.0, 2.0)], {"test_place": (1.0, 2.0)}, {}, ""),
    ("influence", [(0.5, 1.5), "undo", (0.6, 1.5), "reset", "undo"], {"X": moved(0.6, 1.5).X}, {},
     ""),
    ("influence", [out(40)], {"weights": weights(40, weight=0)}, {}, "Point 40 out"),
    ("influence", [out(40), back_in(40)], {"weights": N * [1.0]}, {}, "Nothing is changed"),
    ("influence", [out(1, 2, 3)], {"weights": weights(1, 2, 3, weight=0)}, {}, ""),
    ("influence", [out(40), (0.5, 1.5), "undo"], {"weights": weights(40, weight=0)}, {}, "40 out:"),
    ("influence", [pick(40), {"epsilon": 0.5 / N}], {"weights": weights(40, weight=1.5)}, {}, ""),
    ("influence", [pick(40), {"epsilon": -1 / N}], {"weights": weights(40, weight=0)}, {}, ""),
    ("influence", [pick(40), {"epsilon": -1 / N}, pick("test")],
     {"weights": weights(40, weight=0)}, {"epsilon": 0.0}, ""),
    ("influence", [pick(7), out(7)], {}, {"epsilon": -1 / N}, ""),
    ("influence", [pick(7), out(7), pick(8)], {}, {"epsilon": 0.0}, ""),
    ("influence", [pick(7), out(7), pick(8), pick(7)], {}, {"epsilon": -1 / N}, ""),
    ("influence", [MODEL], {"fit.loss": "square", "fit.l2": 0.1, "leverage": True}, MODEL, ""),
    ("line", [(0.5, 0.8)], {}, {"l2": 0.0}, "Point 3 moved"),
    ("images", [out(BAD)], {"removed": {BAD}}, {}, "1 image out"),
    ("perturbation", [(0.5, 1.5), {"radius": 1.0, "angle": 180.0}],
     {"i": 3, "radius": 1.0, "angle": 180.0}, {"radius": 1.0, "angle": 180.0},
     "Point 3 moved by |δ| = 1.00, against I_pert"),
    ("perturbation", [(0.5, 1.5), to("7", 0.0, 0.0)], {"i": 7}, {}, "Point 7 moved"),
    ("pixels", [out(18), {"brush": -1.0}, out(20), back_in(18), {"ink": 0.5}],
     {"delta": [-0.5 if k == 20 else 0.0 for k in range(64)]}, {"ink": 0.5},
     "1 pixel painted, |δ|₂ = 0.500"),
    ("pixels", ["along", {"image": 57}], {"i": 57, "predicted": 0.0}, {"image": 57}, "Nothing is"),
    ("pixels", ["signs", "undo"], {"true": 0.0}, {}, "Nothing is painted"),
    ("images", [out(BAD), back_in(BAD)], {"removed": set()}, {}, "all 249 training images in"),
    ("images", [out(GOOD), {"chooser": 5}, "undo"], {"removed": {GOOD}},
     {"chooser": IMAGES.test}, ""),
    ("images", [out(GOOD), {"chooser": 5}, "undo", "reset"], {"removed": set()}, {}, ""),
    ("images", [out(GOOD), "reset", "undo"], {"removed": {GOOD}}, {}, ""),
    ("agreement", [], {"test": 94}, {"l2": 0.01, "stop": 0.0, "group": "none"}, "slope 1.13"),
    ("agreement", [{"leverage": True}], {}, {}, "slope 1.01"),
    ("agreement", [out(1, 2)], {"removed": {1, 2}}, {"group": "hand"}, "2 points out: influences"),
    ("agreement", [out(1, 2), back_in(1, 2)], {"removed": set()}, {"group": "none"}, "Take some"),
    ("agreement", [{"group": "helpful"}, {"test": 4}], {"test": 4}, {"group": "hand"},
     "25 points out"),
    ("agreement", [{"group": "helpful"}, out(3), "undo"], {"group": "helpful"},
     {"group": "helpful"}, "25 points out"),
    ("agreement", [{"stop": 0.1}], {}, {}, "retraining also finishes the fit"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "moves", "state", "readings", "words"), DONE)
def test_what_is_done_and_what_is_then(name, moves, state, readings, words):
    explorer = after(name, moves)
    for attribute, value in state.items():
        found = attrgetter(attribute)(explorer.state)
        near = {"rel": 1e-7} if isinstance(value, np.ndarray) else {}
        wanted = value if isinstance(value, set) else pytest.approx(value, abs=1e-12, **near)
        assert found == wanted, attribute
    if "removed" in state:
        assert {p.id for p in explorer.plane.current.points if not p.weight} == {
            *map(str, state["removed"])
        }
    assert {name: explorer.controls[name].value for name in readings} == readings
    assert words in explorer.plane.scene["sentence"] + explorer.plane.scene["alt"]
    assert settled(explorer)


def test_the_way_through_zero_meets_zero():
    bowl = widgets.BowlExplorer()
    for value in np.arange(1.0, -1.05, -0.1):  # tenths, with all their rounding
        bowl.second.value = value
        if "trough" in bowl.plane.scene["sentence"]:
            break
    assert bowl.state.second == 0.0
    assert "infinite" in bowl.plane.scene["sentence"]


@pytest.mark.parametrize(("name", "form"), EXAMPLES.items())
def test_examples_set_the_sliders(name, form):
    bowl = widgets.BowlExplorer()
    bowl.example.value = name
    assert (bowl.state.first, bowl.state.second, bowl.state.angle) == form
    assert (bowl.first.value, bowl.second.value, bowl.angle.value) == form


def test_a_slider_that_rounds_to_its_step_changes_nothing():
    """The front end shows 2.414 as 2.4 and says so; the form is the learner's own, and stays."""
    bowl = widgets.BowlExplorer([[1.0, 0.5], [0.5, 2.234]])
    start = bowl.state
    bowl.first.value, bowl.angle.value = round(start.first, 1), round(start.angle)
    assert bowl.state is start
    bowl.first.value = round(start.first, 1) + 0.1
    assert bowl.state.first == pytest.approx(2.5)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_matrix_in_any_unit_can_be_turned(unit):
    bowl = widgets.BowlExplorer(unit * np.array([[2.0, 1.0], [1.0, 2.0]]))
    assert (bowl.first.value, bowl.second.value) == pytest.approx((3.0, 1.0))
    assert bowl.first.description.endswith(f", in {unit:g}")
    bowl.second.value = -2.0
    assert bowl.state.eigenvalues == pytest.approx((3 * unit, -2 * unit), rel=1e-9)
    bowl.example.value = "diag(1, 0)"
    assert bowl.state.eigenvalues == pytest.approx((unit, 0.0), rel=1e-9)
    assert bowl.example.value == "diag(1, 0)"
    assert bowl.plane.error == ""


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_bring_their_start_and_view(preset):
    finder = widgets.RootFinder()
    finder.preset.value = preset.text
    expected = root_finding.begin(preset.text, preset.x0, preset.view)
    assert finder.plane.current == root_drawing.draw(expected)
    assert (finder.text.value, finder.plane.error) == (preset.text, "")
    finder.steps.run_button.click()
    assert finder.plane.scene["sentence"] == root_drawing.describe(root_finding.walk(expected, 100))


def test_a_formula_with_a_typo_stays_to_be_mended():
    finder = widgets.RootFinder()
    text, start = finder.text, finder.state

    def marked():
        return "teachkit-wrong" in text._dom_classes

    text.value = "sin(x"
    assert finder.state is start and finder.plane.error
    drag(finder, "start", 3.0, 0.0)  # what has nothing to do with it leaves it alone
    assert (text.value, finder.plane.error, marked()) == ("sin(x", "", True)
    text.value = "sin(x)"
    assert (finder.state.formula.text, finder.plane.error, marked()) == ("sin(x)", "", False)
    dragged = finder.state

    for wrong in ("sin(x", "sin)"):
        text.value = wrong
    assert text.value == "sin)" and marked()
    finder.undo()  # of the typing alone
    assert (text.value, finder.state, marked()) == ("sin(x)", dragged, False)
    text.value = "sin(x"
    text.value = "sin(x)"  # mended into what it was
    assert not marked()
    text.value = "sin(x"
    finder.preset.value = FIRST.text
    assert (text.value, marked()) == (FIRST.text, False)
    finder.reset()
    text.value = "sin(x"
    assert not finder.reset_button.disabled
    finder.reset()
    assert (text.value, finder.state, marked()) == (FIRST.text, start, False)
    assert finder.reset_button.disabled


def test_what_they_begin_with():
    finder = widgets.RootFinder("x^2 - 5", x0=3, view=(0, 4))
    assert (finder.preset.value, finder.state.view) == ("", (0.0, 4.0))
    assert widgets.RootFinder("cbrt(x)").state.x0 == 0.3  # a preset's own start
    assert widgets.RootFinder("exp(x)-1").state.view == (-4.0, 4.0)
    bowl = widgets.BowlExplorer([[0.0, 8.0], [8.0, 0.0]])
    assert bowl.first.value == pytest.approx(8.0)
    assert bowl.first.max >= 8.0 and bowl.second.min <= -8.0
    secant = widgets.SecantExplorer(search="Armijo", start=(-0.9, 2.0), steps=3)
    assert (secant.search.value, secant.state.k) == (ARMIJO, 3)
    assert secant.steps.run_button.disabled  # uphill: the run is at its end
    assert widgets.ConjugateGradientExplorer(kappa=50, start=(10, -2)).state.start == (10.0, -2.0)
    methods = (("L-BFGS", "Wolfe"), ("BFGS", "Wolfe"))
    descent = widgets.DescentExplorer(functions.beale, methods=methods, k=4)
    assert descent.landscape.value is functions.beale
    assert len(descent.landscape.options) == 5
    assert descent.state.k == descent.k.value == 4
    assert len(widgets.DescentExplorer("a saddle").landscape.options) == 4
    own = widgets.InfluenceExplorer(*blobs(), l2=0.02).l2
    penalties = [value for _, value in own.options]
    assert own.value == 0.02 and penalties == sorted(penalties)


def test_the_slider_follows_the_method_that_takes_more_steps():
    explorer = widgets.DescentExplorer()
    explorer.steps.run_button.click()
    assert explorer.state.k == explorer.k.value == explorer.state.last == explorer.k.max
    explorer.landscape.value, explorer.directions[1].value = functions.bowl, "plain Newton"
    assert (explorer.state.last, explorer.k.max) == (1, 1)
    explorer.steps.run_button.click()
    explorer.landscape.value = functions.rosenbrock
    assert explorer.k.max == explorer.state.last > 10
    assert explorer.k.value == 0


def test_only_the_steps_that_are_shown_are_taken_while_the_start_is_dragged():
    explorer = widgets.DescentExplorer()
    explorer.k.value, explorer.plane.held = 5, "start"
    drag(explorer, "start", 0.51, 2.01)
    assert max(len(descent._taken) for descent in explorer.state.descents) <= 7  # of a hundred
    explorer.plane.held = ""
    assert explorer.k.max == explorer.state.last > 7
    assert settled(explorer)


def test_the_step_goes_along_the_curve_which_is_computed_once():
    explorer = CASES["step"].make()
    errors, coarse = explorer.state.setting.errors, explorer.state.error
    drag(explorer, "r", -5.0, 0.7)  # the hand may be anywhere: the height is the error's
    assert 10 ** explorer.plane.current.point("r").y == pytest.approx(explorer.state.error)
    assert explorer.state.setting.errors is errors
    coarse = explorer.state.error
    explorer.formula.value = "central"
    assert explorer.state.error < coarse / 100


def test_every_control_changes_the_planes_of_the_large_system():
    explorer = widgets.ConjugateGradientExplorer()
    changes = {"kappa": 100.0, "clusters": 5, "width": 0.01, "spacing": "even"}
    for name, value in changes.items():
        before = explorer.errors.current, explorer.polynomial.current
        explorer.controls[name].value = value
        assert getattr(explorer.state, name) == value
        assert explorer.errors.current != before[0] and explorer.polynomial.current != before[1]
    explorer.reset()
    assert explorer.width.disabled


def test_machines_are_set_in_round_numbers_and_those_of_the_course_or_ones_own_exactly():
    explorer = widgets.RooflineExplorer(cpu=(25.6e9, 51.2e9))
    for name, speed in (
        ("cpu_bandwidth", 10e9), ("cpu_bandwidth", 25.6e9), ("cpu_peak", 30e9),
        ("gpu_bandwidth", 3.35e12), ("gpu_bandwidth", 2e12), ("gpu_peak", 44e12),
    ):  # fmt: skip
        explorer.controls[name].value = speed
        of, what = name.split("_")
        assert getattr(getattr(explorer.state, of), what) == speed
    speeds = [speed for _, speed in explorer.controls["gpu_peak"].options]
    assert all(1 < b / a < 1.5 for a, b in pairwise(speeds))
