"""What holds for all scenes: they are finite, have their words, and need no favours of NumPy."""

from __future__ import annotations

import json

import numpy as np
import pytest

from teachkit.datasets import blobs, digits, line
from teachkit.scenes import (
    agreement,
    agreement_drawing,
    agreement_start,
    attack,
    attack_drawing,
    bowl,
    bowl_drawing,
    conjugate_gradient_drawing,
    descent,
    descent_drawing,
    generative,
    generative_drawing,
    image_influence,
    image_influence_drawing,
    influence,
    influence_drawing,
    influence_start,
    label_audit,
    label_audit_drawing,
    lissa_drawing,
    lissa_start,
    loss,
    loss_drawing,
    memory,
    mismatch,
    mismatch_drawing,
    model_comparison,
    model_comparison_drawing,
    perturbation,
    perturbation_drawing,
    pixels,
    pixels_drawing,
    risk,
    risk_drawing,
    roofline,
    roofline_drawing,
    root_drawing,
    root_finding,
    secant,
    secant_drawing,
    smooth_hinge,
    smooth_hinge_drawing,
    step_size,
    step_size_drawing,
)
from teachkit.scenes.conjugate_gradient import ConjugateGradientState as Conjugate
from teachkit.scenes.meanings import look


def _moved():
    return perturbation.place(perturbation.begin(*blobs()), "3", 0.5, 1.5)


def _painted():
    return pixels.along(pixels.begin(digits()))


SCENES = {
    "roofs": lambda: roofline_drawing.draw(roofline.RooflineState()),
    "times under roofs": lambda: roofline_drawing.draw_times(roofline.RooflineState(n=10**9)),
    "agreement": lambda: agreement_drawing.draw(agreement_start.begin()),
    "a growing group": lambda: agreement_drawing.draw_group(
        agreement.take_out(agreement_start.begin(stop=0.01), "helpful")
    ),
    "one image": lambda: agreement_drawing.draw_looked(agreement_start.begin(), 3),
    "an attack": lambda: attack_drawing.draw(attack.step_to(attack.begin(), 3)),
    "its images": lambda: attack_drawing.draw_images(attack.step_to(attack.begin(), 3)),
    "bowl": lambda: bowl_drawing.draw(bowl.begin()),
    "bowl from the side": lambda: bowl_drawing.draw_slices(bowl.begin()),
    "conjugate gradients": lambda: conjugate_gradient_drawing.draw(Conjugate()),
    "their errors": lambda: conjugate_gradient_drawing.draw_errors(Conjugate(k=60)),
    "their polynomial": lambda: conjugate_gradient_drawing.draw_polynomial(Conjugate()),
    "descent": lambda: descent_drawing.draw(descent.begin("Rosenbrock", k=9)),
    "its gradients": lambda: descent_drawing.draw_norms(descent.begin("Himmelblau", k=9)),
    "classes": lambda: influence_drawing.draw(influence_start.begin(*blobs())),
    "smooth hinge": lambda: influence_drawing.draw(
        influence.weigh(influence_start.begin(*blobs(), loss="smooth hinge"), 3, 0.0)
    ),
    "generative": lambda: generative_drawing.draw(generative.begin(push=4.0)),
    "images": lambda: image_influence_drawing.draw(image_influence.begin(digits())),
    "line": lambda: influence_drawing.draw(influence_start.begin(*line())),
    "path": lambda: influence_drawing.draw_path(influence_start.begin(*line()), (2,)),
    "an audit": lambda: label_audit_drawing.draw(
        label_audit.let_truth_say(label_audit.begin(mails=200, budget=20))
    ),
    "what it found": lambda: label_audit_drawing.draw_found(label_audit.begin(mails=200, budget=9)),
    "a filter": lambda: lissa_drawing.draw(lissa_start.begin(depth=100)),
    "its runs": lambda: lissa_drawing.draw_runs(lissa_start.begin(depth=100)),
    "the runs' r": lambda: lissa_drawing.draw_runs(lissa_start.begin(depth=100, view="r")),
    "two models": lambda: model_comparison_drawing.draw(
        model_comparison.weigh(model_comparison.begin(n=60), 3, 0.0)
    ),
    "their distances": lambda: model_comparison_drawing.draw_distance(model_comparison.begin(n=60)),
    "losses": lambda: loss_drawing.draw(loss.begin(at=1.0)),
    "residuals": lambda: loss_drawing.draw(loss.begin("residual")),
    "their slopes": lambda: loss_drawing.draw_derivative(loss.begin(derivative="slope")),
    "memory": lambda: memory.draw(memory.begin(digits().X_train, digits().y_train)),
    "a mismatch": lambda: mismatch_drawing.draw(mismatch.begin()),
    "its chance": lambda: mismatch_drawing.draw_chance(mismatch.take_strongest(mismatch.begin())),
    "a move": lambda: perturbation_drawing.draw(_moved()),
    "its loss": lambda: perturbation_drawing.draw_along(_moved()),
    "pixels": lambda: pixels_drawing.draw(_painted()),
    "their ink": lambda: pixels_drawing.draw_ink(_painted()),
    "the image watched": lambda: pixels_drawing.draw_test(_painted()),
    "a fit": lambda: risk_drawing.draw(risk.begin()),
    "its risks": lambda: risk_drawing.draw_beside(risk.begin()),
    "risks over the degree": lambda: risk_drawing.draw_beside(risk.begin(view="degree")),
    "new examples": lambda: risk_drawing.draw_beside(risk.begin(view="fixed")),
    "roots": lambda: root_drawing.draw(root_finding.begin("exp(x^2) - 2", 1.5, (-3.0, 3.0))),
    "secants": lambda: secant_drawing.draw(secant.begin(k=5)),
    "secants, close": lambda: secant_drawing.draw_close_up(secant.begin(k=5)),
    "secants' errors": lambda: secant_drawing.draw_errors(secant.begin(k=5)),
    "a machine": lambda: smooth_hinge_drawing.draw(smooth_hinge.begin()),
    "its losses": lambda: smooth_hinge_drawing.draw_losses(smooth_hinge.begin(t=0.001), "3"),
    "its agreement": lambda: smooth_hinge_drawing.draw_agreement(smooth_hinge.begin(), "3"),
    "step size": lambda: step_size_drawing.draw(step_size.begin(*blobs())),
    "step size, close": lambda: step_size_drawing.draw_profile(step_size.begin(*blobs())),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_can_be_sent_and_says_what_it_shows_whatever_numpy_is_told(name):
    with np.errstate(all="raise"):  # as somebody who hunts for NaN sets it
        scene = SCENES[name]()
    assert json.loads(json.dumps(scene.as_dict(), allow_nan=False)) == scene.as_dict()
    assert len(scene.alt) > 40
    assert scene.sentence.endswith((".", "?"))
    widths = {len(row) for row in scene.table}
    assert len(widths) <= 1


@pytest.mark.parametrize("name", SCENES)
def test_no_two_things_of_one_legend_look_the_same(name):
    named = [meaning for meaning in SCENES[name]().meanings.values() if meaning.name]
    assert len({meaning.name for meaning in named}) == len(named)
    shapes = [str(sorted((k, str(v)) for k, v in look(m).items())) for m in named]
    assert len(set(shapes)) == len(shapes)
