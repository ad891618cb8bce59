"""Explorers in Voilà, all on one page: by mouse and by keyboard, until the numbers settle."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from teachkit.datasets import digits
from teachkit.scenes import (
    agreement,
    agreement_drawing,
    agreement_start,
    bowl_drawing,
    conjugate_gradient_drawing,
    label_audit,
    label_audit_drawing,
    lissa,
    lissa_drawing,
    lissa_start,
    loss,
    loss_drawing,
    mismatch,
    mismatch_drawing,
    risk,
    risk_drawing,
    secant,
    secant_drawing,
    smooth_hinge,
    smooth_hinge_drawing,
)
from teachkit.scenes import conjugate_gradient as cg
from teachkit.scenes.bowl import EXAMPLES, BowlState, begin
from teachkit.scenes.conjugate_gradient import ConjugateGradientState
from teachkit.scenes.secant import ARMIJO, ROSENBROCK
from teachkit.scenes.step_size import begin as begin_step
from teachkit.scenes.step_size import change, stride
from teachkit.scenes.step_size_drawing import describe as describe_step


@pytest.mark.parametrize("name", ["root", "descent", "secant", "conjugate", "attack"])
def test_ten_clicks_at_one_place_are_ten_steps(explorers, name) -> None:
    """Whatever the table and the legend do meanwhile, nothing moves away from under the hand."""
    explorer = explorers(name)
    explorer.button("Step").scroll_into_view_if_needed()
    box = explorer.button("Step").bounding_box()
    assert box is not None
    if name == "root":  # with a double root it goes on for long
        explorer.root.get_by_role("combobox", name="Function").select_option(index=3)
    if name == "conjugate":  # it begins with ten
        explorer.button("Rewind").click()
    for k in range(1, 11):
        explorer.page.mouse.click(box["x"] + 10, box["y"] + box["height"] / 2)
        expect(explorer.root).to_contain_text(re.compile(rf"[Ss]tep {k}\b|After {k} step"))
    explorer.button("Rewind").click()
    explorer.button("Reset").click()


def test_a_bowl_opens_and_tips_over(explorers) -> None:
    bowl = explorers("bowl")
    sentence = bowl.sentence()
    start = begin()
    describe = bowl_drawing.describe
    expect(sentence).to_have_text(describe(start))

    # By keyboard the slider goes in tenths: ten to the left and the bowl is a trough.
    bowl.slider(1).focus()
    bowl.press(*["ArrowLeft"] * 10)
    expect(sentence).to_have_text(describe(BowlState(3.0, 0.0, 45.0)))
    bowl.press("Home")
    expect(sentence).to_have_text(describe(BowlState(3.0, -3.0, 45.0)))
    expect(bowl.root.locator(".teachkit-legend").first).to_contain_text("level lines below 0")

    bowl.root.get_by_label("Example").select_option(label="long valley")
    expect(sentence).to_have_text(describe(BowlState(*EXAMPLES["long valley"])))
    bowl.button("Undo").click()
    expect(sentence).to_have_text(re.compile("a saddle"))
    bowl.button("Reset").click()
    expect(sentence).to_have_text(describe(start))

    # The point: dragged by the mouse, then moved by the arrow keys; its gradient follows.
    rows = bowl.root.locator(".teachkit-table tr")
    place = rows.filter(has_text="point x").locator("td").first
    gradient = rows.filter(has_text="gradient Hx").locator("td").first
    bowl.drag("x", -80, 60)
    expect(place).not_to_have_text("2.00")
    dragged = gradient.inner_text()
    bowl.point("x").focus()
    bowl.press("ArrowUp")
    expect(gradient).not_to_have_text(dragged)
    # Read at once, for the answers to the drag come one after the other.
    table = bowl.root.locator(".teachkit-table").first.inner_text().replace("−", "-")
    told = dict(line.split("\t", 1) for line in table.splitlines())
    here, slope = ([float(v) for v in told[name].split()] for name in ("point x", "gradient Hx"))
    assert abs(slope[0] - (2 * here[0] + here[1])) < 0.02

    # A form of one's own is no multiple of the sliders' steps, and stays what it is.
    own = explorers("own bowl")
    expect(own.sentence()).to_have_text(describe(begin([[1.0, 0.5], [0.5, 2.234]])))
    expect(own.button("Undo")).to_be_disabled()


def test_bfgs_step_by_step(explorers) -> None:
    explorer = explorers("secant")
    said, describe = explorer.sentence(), secant_drawing.describe
    state = secant.begin()
    expect(said).to_have_text(describe(state))

    # Nothing empty is drawn, and what appears has had its room.
    errors = explorer.plane(2)
    assert errors.is_hidden()
    step = explorer.button("Step")
    tall = explorer.root.bounding_box()["height"]
    step.click()
    expect(errors).to_be_visible()
    assert explorer.root.bounding_box()["height"] == tall

    # Step, step, run, rewind: the ellipses follow.
    step.click()
    two = secant.walk(state, 2)
    expect(said).to_have_text(describe(two))
    close_up = explorer.root.locator(".teachkit-large .teachkit-sentence").first
    expect(close_up).to_have_text(secant_drawing.draw_close_up(two).sentence)
    explorer.button("Run").click()
    expect(said).to_have_text(describe(secant.walk(state, state.last)))
    explorer.button("Rewind").click()
    expect(said).to_have_text(describe(state))

    explorer.drag("start", 90, -60)
    expect(said).not_to_have_text(describe(state))
    explorer.button("Undo").click()
    expect(said).to_have_text(describe(state))

    # By keyboard: the start with the arrows, the steps with Enter, the search with its menu.
    explorer.point("start").focus()
    explorer.press("ArrowUp")
    expect(said).not_to_have_text(describe(state))
    explorer.button("Reset").focus()
    explorer.press("Enter")
    expect(said).to_have_text(describe(state))
    explorer.root.get_by_label("Search", exact=True).select_option(ARMIJO)
    step.focus()
    explorer.press(*["Enter"] * 3)
    expect(said).to_have_text(describe(secant.begin(ROSENBROCK, ARMIJO, k=3)))
    expect(explorer.root.locator(".teachkit-error").first).to_be_empty()


def test_the_memory_of_l_bfgs_on_a_slider(explorers) -> None:
    explorer = explorers("memory")
    expect(explorer.sentence()).to_contain_text("L-BFGS with memory 10 takes")
    explorer.slider().focus()
    explorer.press("ArrowLeft")
    expect(explorer.sentence()).to_contain_text("L-BFGS with memory 5 takes")
    explorer.button("Undo").click()
    expect(explorer.sentence()).to_contain_text("L-BFGS with memory 10 takes")
    expect(explorer.root.locator(".teachkit-error")).to_be_empty()


def test_a_step_is_sought(explorers) -> None:
    explorer = explorers("step")
    split = digits()
    start = begin_step(split.X_train, split.y_train)
    sentence, describe = explorer.sentence(), describe_step
    expect(sentence).to_have_text(describe(start))
    tick = explorer.root.locator(".teachkit-tick", has_text="10⁻¹²").first
    expect(tick).to_be_visible()

    # The mouse drags the step along r; it falls back onto its curve.
    _, y = explorer.centre("r")
    explorer.drag("r", -330, 0)
    expect(sentence).to_contain_text("Rounding rules: a larger r is better.")
    explorer.page.wait_for_function(
        "([hit, y]) => { const box = hit.getBoundingClientRect(); "
        "return Math.abs(box.y + box.height / 2 - y) > 10; }",
        arg=[explorer.point("r").locator(".teachkit-hit").element_handle(), y],
    )

    # Keys move it in tenths of the grid's step.
    dragged = sentence.inner_text()
    explorer.point("r").focus()
    explorer.press("ArrowRight")
    expect(sentence).not_to_have_text(dragged)
    explorer.button("Reset").click()
    expect(sentence).to_have_text(describe(start))

    explorer.button("central").click()
    expect(sentence).to_have_text(describe(replace(start, formula="central")))
    explorer.button("float32").click()
    coarse = change(replace(start, formula="central"), dtype="float32")
    expect(sentence).to_have_text(describe(coarse))
    explorer.slider().focus()
    explorer.press("Home")
    expect(sentence).to_have_text(describe(stride(coarse, -15.0)))
    expect(sentence).to_have_text(re.compile("all of it is wrong"))


def test_two_methods_in_a_long_bowl(explorers) -> None:
    explorer = explorers("conjugate")
    said, describe = explorer.sentence(), conjugate_gradient_drawing.describe
    state = ConjugateGradientState()
    expect(said).to_have_text(describe(state))

    # A drag of the start: the zigzag changes, and conjugate gradients still take two steps.
    explorer.drag("start", -90, -40)
    expect(said).not_to_have_text(describe(state))
    expect(said).to_have_text(re.compile("conjugate gradients arrived at step 2, steepest"))
    explorer.button("Undo").click()
    expect(said).to_have_text(describe(state))

    # By keyboard: the point with the arrows, the step with a slider, all three planes follow.
    explorer.point("start").focus()
    explorer.press(*["Shift+ArrowUp"] * 6)
    expect(said).not_to_have_text(describe(state))
    explorer.button("Worst start").focus()
    explorer.press("Enter")
    expect(said).to_have_text(describe(state))
    explorer.button("Back").focus()
    explorer.press(*["Enter"] * 8)
    state = cg.walk(state, 2)
    expect(said).to_have_text(describe(state))
    polynomial = conjugate_gradient_drawing.draw_polynomial(state)
    expect(explorer.sentence(2)).to_have_text(polynomial.sentence)
    explorer.button("Reset").click()
    expect(said).to_have_text(describe(ConjugateGradientState()))
    expect(explorer.root.locator(".teachkit-error").first).to_be_empty()


def test_a_loss_is_read_where_the_hand_stands(explorers) -> None:
    hands = explorers("loss")
    said, beside = hands.sentence(), hands.sentence(1)
    state = loss.begin(derivative="slope")
    expect(said).to_have_text(loss_drawing.describe(state))
    hands.point("at").focus()
    for _ in range(40):  # along the axis by keyboard, to where the hinge has its kink
        if "y f(x) = 1.00" in said.inner_text():
            break
        before = said.inner_text()
        hands.press("ArrowRight")
        expect(said).not_to_have_text(before)
    expect(said).to_have_text(loss_drawing.describe(loss.look(state, 1.0)))
    expect(beside).to_contain_text("The hinge loss has no derivative where y s = 1")
    hands.drag("at", -60, 0)
    expect(said).to_contain_text("less than 1")
    hands.button("residual").click()
    expect(said).to_contain_text("Residual f(x) − y")
    hands.button("Reset").click()
    expect(said).to_have_text(loss_drawing.describe(state))


def test_a_corner_grows_sharp_and_what_it_predicts_follows(explorers) -> None:
    hands = explorers("smooth hinge")
    said, beside = hands.sentence(), hands.sentence(2)
    state = smooth_hinge.begin()
    agreement = smooth_hinge_drawing.draw_agreement
    expect(said).to_have_text(smooth_hinge_drawing.describe(state))
    expect(beside).to_have_text(agreement(state).sentence)
    hands.slider().focus()
    hands.press("Home")
    sharp = replace(state, t=0.001)
    expect(said).to_have_text(smooth_hinge_drawing.describe(sharp))
    expect(beside).to_have_text(agreement(sharp).sentence)
    hands.button("smooth").click()
    hands.root.get_by_label("Divide by").check()
    counted = replace(sharp, truth="smooth", leverage=True)
    expect(beside).to_have_text(agreement(counted).sentence)

    # A point is dragged: its machine is trained while it moves, all removals when it is let go.
    hands.point("3").focus()
    expect(beside).to_contain_text("Point 3: ")
    before = beside.inner_text()
    hands.drag("3", -60, 40, release=False)
    expect(said).not_to_have_text(smooth_hinge_drawing.describe(sharp))
    assert beside.inner_text() == before
    hands.page.mouse.up()
    expect(beside).not_to_have_text(before)
    hands.button("Reset").click()
    expect(said).to_have_text(smooth_hinge_drawing.describe(state))
    expect(hands.root.locator(".teachkit-error").first).to_be_empty()


def test_new_data_bring_another_risk_and_undo_the_one_before(explorers) -> None:
    hands, state = explorers("risk"), risk.begin(view="fixed")
    said, beside = hands.sentence(), hands.sentence(1)
    for k in range(3):
        expect(said).to_have_text(risk_drawing.describe(state))
        expect(beside).to_have_text(risk_drawing.draw_beside(state).sentence)
        if k < 2:
            hands.button("New data").click()
            state = risk.redraw(state)
    hands.button("Undo").click()
    expect(said).to_have_text(risk_drawing.describe(risk.redraw(risk.begin())))
    hands.button("Reset").click()


def test_a_scale_is_turned_and_other_samples_are_drawn(explorers) -> None:
    hands, state = explorers("lissa"), lissa_start.begin()
    said, beside = hands.sentence(), hands.sentence(1)
    first = lissa_drawing.draw(state).sentence
    expect(said).to_have_text(first)
    expect(beside).to_have_text(lissa_drawing.describe_runs(state))
    hands.button("Draw other samples").click()
    expect(beside).to_have_text(lissa_drawing.describe_runs(lissa.redraw(state)))
    expect(said).to_have_text(first)

    scales, smaller = state.problem.scales, state
    hands.slider().focus()
    for _ in range(3):  # below what one example asks for, by keyboard
        smaller = replace(smaller, scale=scales[scales.index(smaller.scale) - 1])
        hands.press("ArrowLeft")
        expect(said).to_have_text(lissa_drawing.draw(smaller).sentence)
    expect(said).to_contain_text("Silent danger")
    hands.button("10").click()
    expect(said).to_have_text(lissa_drawing.draw(replace(smaller, batch=10)).sentence)
    hands.button("all 249").click()
    expect(beside).to_contain_text("All examples in each step: no noise")
    hands.button("r").click()
    expect(hands.plane(1)).to_contain_text("r of influences")
    hands.button("Safe scale").click()
    safe = lissa.make_safe(replace(state, batch=249))
    expect(said).to_have_text(lissa_drawing.draw(safe).sentence)
    hands.button("Reset").click()
    expect(said).to_have_text(first)
    expect(beside).to_have_text(lissa_drawing.describe_runs(state))


def test_an_area_leaves_together_and_what_is_hovered_shows_its_face(explorers) -> None:
    hands, state = explorers("agreement"), agreement_start.begin()
    said, face = hands.sentence(), hands.sentence(1)
    expect(said).to_have_text(agreement_drawing.describe(state))
    strongest = int(state.plain.argmax())
    expect(face).to_have_text(agreement_drawing.what_it_does(state, strongest))

    # The mouse only passes over a point, and the keyboard goes to the next.
    last = int(state.plain.argmin())
    hands.page.mouse.move(*hands.centre(str(last)))
    expect(face).to_have_text(agreement_drawing.what_it_does(state, last))
    hands.point("7").focus()
    hands.press("Tab")
    expect(face).to_have_text(agreement_drawing.what_it_does(state, 8))
    hands.press("Delete")
    state = agreement.weigh(state, 8, 0.0)
    expect(said).to_have_text(agreement_drawing.describe(state))
    hands.press("Delete")
    expect(said).to_contain_text("Take some out.")

    # All to the upper right of the fifth strongest, in one area, and back by one Undo.
    fifth = sorted(range(state.n), key=lambda i: -state.plain[i])[:5]
    x, y = hands.centre(str(fifth[-1]))
    right, top = hands.centre(str(strongest))
    hands.button("Select an area").click()
    hands.page.mouse.move(x - 8, y + 8)
    hands.page.mouse.down()
    hands.page.mouse.move(right + 8, top - 8, steps=10)
    hands.page.mouse.up()
    hands.root.get_by_role("button", name="Take out 5 points").click()
    state = agreement_start.begin()
    for i in fifth:
        state = agreement.weigh(state, i, 0.0)
    expect(said).to_have_text(agreement_drawing.describe(state))
    expect(hands.sentence(2)).to_have_text(agreement_drawing.draw_group(state).sentence)
    expect(hands.root.locator(".teachkit-table").first).to_contain_text("own Newton step")
    hands.root.get_by_label("Predictions divided").check()
    expect(said).to_contain_text("slope 1.01")
    hands.button("Undo").click()
    hands.button("Undo").click()
    expect(said).to_have_text(agreement_drawing.describe(agreement_start.begin()))
    expect(hands.plane(2)).to_be_hidden()
    expect(hands.root.locator(".teachkit-error").first).to_be_empty()


def test_mails_are_called_right_and_wrong_and_two_yardsticks_follow(explorers) -> None:
    hands, state = explorers("audit"), label_audit.begin()
    said, found, mail = hands.sentence(), hands.sentence(1), hands.root.locator(".widget-html")
    drawn = label_audit_drawing
    expect(said).to_have_text(drawn.describe(state))
    expect(mail.first).to_contain_text(f"Mail {state.queue[0]} is labelled")

    # Six mails, by mouse, at one place: nothing moves away from under the hand.
    hands.plane().scroll_into_view_if_needed()
    box = hands.button("Label is wrong").bounding_box()
    assert box is not None
    for _ in range(6):
        hands.page.mouse.click(box["x"] + 10, box["y"] + box["height"] / 2)
        state = label_audit.say(state, wrong=True)
        expect(said).to_have_text(drawn.describe(state))
    expect(mail.first).to_contain_text(f"Mail {state.queue[0]} is labelled")
    expect(found).to_have_text(drawn.draw_found(state).sentence)

    # By keyboard: a label that is right, ten by the truth, and the next by self-influence.
    hands.button("Label is right").focus()
    hands.press("Enter")
    state = label_audit.say(state, wrong=False)
    expect(said).to_have_text(drawn.describe(state))
    hands.button("Let the truth say 10").focus()
    hands.press("Space")
    state = label_audit.let_truth_say(state)
    expect(said).to_have_text(drawn.describe(state))
    expect(hands.root.locator(".teachkit-table").first).to_contain_text("after 10 looks")
    hands.root.get_by_label("Queue by").select_option(label="self-influence")
    state = replace(state, order="self")
    expect(mail.first).to_contain_text(f"Mail {state.queue[0]} is labelled")
    hands.button("0.1").click()
    expect(said).to_have_text(drawn.describe(replace(state, l2=0.1)))
    hands.button("Undo").click()
    expect(said).to_have_text(drawn.describe(state))

    # A look is taken back by the button, and by keys wherever the focus is.
    called = state
    for _ in range(2):
        called = label_audit.say(called, wrong=False)
        hands.button("Label is right").click()
        expect(said).to_have_text(drawn.describe(called))
    hands.press("Control+z")
    expect(said).to_have_text(drawn.describe(replace(called, said=called.said[:-1])))
    expect(hands.button("Label is right")).to_be_focused()
    hands.button("Undo").click()
    expect(said).to_have_text(drawn.describe(state))
    hands.button("Reset").click()
    expect(said).to_have_text(drawn.describe(label_audit.begin()))
    expect(hands.root.locator(".teachkit-error").first).to_be_empty()


def test_training_rows_leave_a_mismatch_by_click_and_key_and_the_chance_moves(explorers) -> None:
    hands, state = explorers("mismatch"), mismatch.begin()
    said, chance, drawn = hands.sentence(), hands.sentence(1), mismatch_drawing
    expect(said).to_have_text(drawn.describe(state))
    hands.plane().scroll_into_view_if_needed()

    # The healthy child by mouse, one of the others by keyboard, and back in.
    hands.page.mouse.click(*hands.centre("3"))
    state = mismatch.weigh(state, 3, 0.0)
    expect(said).to_have_text(drawn.describe(state))
    expect(chance).to_have_text(drawn.draw_chance(state).sentence)
    hands.point("0").focus()
    hands.press("Delete")
    state = mismatch.weigh(state, 0, 0.0)
    expect(said).to_have_text(drawn.describe(state))
    hands.press("Delete")
    state = mismatch.weigh(state, 0, 1.0)
    expect(said).to_have_text(drawn.describe(state))
    hands.button("Take the strongest out").focus()
    hands.press("Enter")
    strongest = mismatch.take_strongest(state)
    expect(said).to_have_text(drawn.describe(strongest))
    hands.press("Control+z")
    expect(said).to_have_text(drawn.describe(state))
    hands.press("Enter")
    expect(said).to_have_text(drawn.describe(strongest))
    hands.button("Undo").click()
    expect(said).to_have_text(drawn.describe(state))

    # Another child, a penalty and other patients.
    hands.root.get_by_label("Test child", exact=True).select_option(label="right at l2 = 0.001, 1")
    state = replace(state, test=mismatch.WRONG)
    expect(said).to_have_text(drawn.describe(state))
    hands.slider().focus()
    hands.press("ArrowRight")
    state = replace(state, l2=3e-3)
    expect(said).to_have_text(drawn.describe(state))
    hands.slider(1).focus()
    hands.press("ArrowRight")
    state = mismatch.draw_anew(state, 1)
    expect(said).to_have_text(drawn.describe(state))
    hands.button("Reset").click()
    expect(said).to_have_text(drawn.describe(mismatch.begin()))
    expect(hands.root.locator(".teachkit-error").first).to_be_empty()
