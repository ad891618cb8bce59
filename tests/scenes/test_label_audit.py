"""The label audit: queues, verdicts and curves, beside scikit-learn and counting by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from teachkit.datasets import Split, breast_cancer, spam
from teachkit.scenes import label_audit as audit
from teachkit.scenes.label_audit_drawing import describe, draw, draw_found, ghosts, mail


@pytest.fixture(scope="module")
def start() -> audit.AuditState:
    return audit.begin(mails=200, budget=25)


def fitted(mails: audit.Mails, y: np.ndarray, l2: float) -> LogisticRegression:
    model = LogisticRegression(
        C=1 / (len(y) * l2), fit_intercept=False, tol=1e-12, solver="newton-cg", max_iter=1000
    )
    return model.fit(mails.X, y)


def test_a_tenth_of_the_labels_is_wrong_and_the_mails_are_those_of_spambase(start) -> None:
    mails, split = start.mails, spam()
    assert (len(mails.y), int(mails.wrong.sum())) == (200, 20)
    rows = {(*x, y) for x, y in zip(map(tuple, split.X_train), split.y_train, strict=True)}
    assert all((*x, y) in rows for x, y in zip(mails.X, mails.truth, strict=True))
    np.testing.assert_array_equal(mails.y, np.where(mails.wrong, -mails.truth, mails.truth))
    np.testing.assert_array_equal(mails.X_test, split.X_test)


def test_orders_are_those_of_another_library_s_model(start) -> None:
    mails = start.mails
    theta = fitted(mails, mails.y, 1e-3).coef_[0]
    m = mails.y * (mails.X @ theta)
    s = 1 / (1 + np.exp(m))
    H = (mails.X.T * (s * (1 - s))) @ mails.X / len(m) + 1e-3 * np.eye(len(theta))
    scores = {"loss": -m, "self": s**2 * (mails.X.T * np.linalg.solve(H, mails.X.T)).sum(axis=0)}
    for order, score in scores.items():
        queue = replace(start, order=order).queue
        assert np.diff(score[queue]).max() < 1e-4 * np.ptp(score)
        assert sorted(queue) == [*range(200)]
    assert sorted(replace(start, order="random").queue) == [*range(200)]


def test_accuracies_are_those_of_another_library_s_models(start) -> None:
    state, mails = start, start.mails
    for k in range(12):
        state = audit.say(state, wrong=k % 3 != 1)
    assert len(state.accuracies) == 13
    for k in (0, 1, 6, 12):
        y = mails.y.copy()
        turned = [i for i, wrong in state.said[:k] if wrong]
        y[turned] *= -1
        right = np.mean(fitted(mails, y, 1e-3).predict(mails.X_test) == mails.y_test)
        assert abs(state.accuracies[k] - right) < 1.5 / len(mails.y_test)  # one mail on the edge
    clean = np.mean(fitted(mails, mails.truth, 1e-3).predict(mails.X_test) == mails.y_test)
    assert abs(state.clean - clean) < 1.5 / len(mails.y_test)


def test_what_is_put_right_missed_and_spoiled_is_counted(start) -> None:
    state, wrong = start, start.mails.wrong
    answers = [True, False, True, True, False, True, False, False, True, False, True]
    for answer in answers:
        state = audit.say(state, answer)
    looked = start.queue[: len(answers)]
    assert [i for i, _ in state.said] == looked.tolist()
    was = wrong[looked]
    said = np.array(answers)
    assert state.found[-1] == (was & said).sum()
    assert state.missed == (was & ~said).sum()
    assert state.spoiled == (~was & said).sum()
    assert state.left == 25 - len(answers)
    assert not set(looked) & set(state.queue)


def test_another_order_keeps_what_was_said_and_shows_the_next_of_its_own(start) -> None:
    state = audit.let_truth_say(start, 5)
    other = replace(state, order="self")
    looked = {i for i, _ in state.said}
    own = audit.order_of(start.mails, 1e-3, "self")
    assert other.queue.tolist() == [i for i in own if i not in looked]
    assert other.said == state.said


def test_the_truth_says_what_is_so_and_ends_on_the_ghost_of_its_order(start) -> None:
    for order in audit.ORDERS:
        state = replace(start, order=order)
        while state.left:
            state = audit.let_truth_say(state)
        assert (len(state.said), state.missed, state.spoiled) == (25, 0, 0)
        if order != "random":  # there it is the mean of several
            ghost = ghosts(start)[order]
            assert ghost.looks == (0, 10, 20, 25)
            assert [state.found[k] for k in ghost.looks] == [*ghost.found]
            assert [state.accuracies[k] for k in ghost.looks] == pytest.approx(ghost.accuracies)


def test_a_random_ghost_finds_about_its_share_and_the_others_many_more(start) -> None:
    known = ghosts(audit.begin())
    assert 4 < known["random"].found[-1] < 18
    assert min(known[order].found[-1] for order in ("loss", "self")) > 48


def test_all_looks_spent_is_a_sentence(start) -> None:
    state = audit.let_truth_say(audit.let_truth_say(start, 20), 10)
    assert state.left == 0
    assert "All looks are spent" in mail(state)
    for change in (lambda s: audit.say(s, wrong=True), audit.let_truth_say):
        with pytest.raises(ValueError, match="All 25 looks are spent"):
            change(state)


def test_a_mail_is_told_by_its_words_and_its_label(start) -> None:
    i = int(start.queue[0])
    said = mail(start)
    assert f"Mail {i} is labelled <b>{'spam' if start.mails.y[i] > 0 else 'no spam'}</b>" in said
    words = start.mails.words(i)
    share = {audit.called(name): np.expm1(value) for name, value in zip(
        start.mails.features, start.mails.X[i], strict=True)}  # fmt: skip
    assert words
    assert all(share[word] == pytest.approx(value) and value > 0 for word, value in words)
    assert {audit.called(name) for name in ("num3d", "charDollar", "free")} == {"3d", "$", "free"}
    assert not any(name.startswith(("char", "num")) for name in map(audit.called, (
        name for name in start.mails.features)))  # fmt: skip


def test_words_say_what_a_label_cannot_hide() -> None:
    """The queue by loss begins with spam called none, or the other way round."""
    state = audit.begin()
    first = state.queue[:20]
    assert state.mails.wrong[first].mean() > 0.8


def test_what_was_said_is_told_and_marked(start) -> None:
    state = audit.say(start, wrong=True)
    i, was = int(start.queue[0]), bool(start.mails.wrong[start.queue[0]])
    assert describe(state).startswith(
        f"Mail {i}: called wrong, and it was{'' if was else ' right'}."
    )
    for looks, wrong in ((3, True), (3, False)):
        state = start
        for _ in range(looks):
            state = audit.say(state, wrong)
        kinds = [point.kind for point in draw(state).points]
        assert kinds == ["mistaken"] * (state.missed + state.spoiled)


def test_curves_run_over_the_looks_in_both_planes(start) -> None:
    state = audit.let_truth_say(start)
    for scene, last in ((draw(state), 100 * state.accuracies[-1]), (draw_found(state),
                                                                   state.found[-1])):  # fmt: skip
        (line,) = [line for line in scene.lines if line.id == "now"]
        assert line.pieces[0][-1] == (10.0, pytest.approx(last))
        assert scene.axes.xlim == (0.0, 25.0)
    assert draw(state).table[0][0] == "after 10 looks"
    assert draw(state).table[1][1] == draw(state).table[2][1]  # as the order of the queue has it


def test_no_number_is_said_to_be_none() -> None:
    with pytest.raises(TypeError, match="share is"):
        audit.begin(share="a tenth")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mails": 10}, "mails is 10; it has to be 20 or more"),
        ({"mails": 9999}, "there are 3368 to train on"),
        ({"budget": 0}, "budget is 0"),
        ({"mails": 50, "budget": 60}, "there are 50 mails to look at"),
        ({"share": 0.7}, "share lies between 0 and 0.5, both excluded; got 0.7"),
        ({"seed": -1}, "seed is -1; it has to be 0 or more"),
        ({"order": "fear"}, "order is 'fear'; the explorer has loss, self, random"),
        ({"l2": 2.0}, "l2 is 2.0; the explorer has 0.001, 0.01, 0.1"),
    ],
)
def test_what_cannot_be_audited_is_refused_in_a_sentence(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        audit.begin(**given)


# ---- a learner's own table ----


@pytest.fixture(scope="module")
def tumours() -> Split:
    return breast_cancer()


def test_a_table_of_one_s_own_stands_in_the_place_of_the_mails(tumours) -> None:
    state = audit.begin(tumours, l2=0.01)
    mails, n = state.mails, len(tumours.y_train)
    assert (len(mails.y), int(mails.wrong.sum()), state.budget) == (n, 40, round(0.15 * n))
    rows = {(*x, y) for x, y in zip(map(tuple, tumours.X_train), tumours.y_train, strict=True)}
    assert {(*x, y) for x, y in zip(map(tuple, mails.X), mails.truth, strict=True)} == rows
    np.testing.assert_array_equal(mails.X_test, tumours.X_test)
    assert ghosts(state)["loss"].found[-1] > 30
    assert "Mail" not in describe(audit.let_truth_say(state))
    assert "other examples right" in describe(state)
    assert draw(state).axes.ylabel == "other examples that are right, %"


def test_an_example_is_told_by_the_columns_where_it_is_unusual(tumours) -> None:
    state = audit.begin(tumours, mails=200)
    i = int(state.queue[0])
    told = state.mails.columns(i)
    assert f"Example {i} is labelled <b>{state.mails.y[i]:+.0f}</b>" in mail(state)
    z = (state.mails.X - state.mails.X.mean(axis=0))[i] / state.mails.X.std(axis=0).clip(1e-9)
    z[-1] = 0.0  # the ones
    assert [name for name, _ in told] == [
        tumours.feature_names[j] for j in np.argsort(-np.abs(z), kind="stable")[:10]
    ]
    expected = [float(z[tumours.feature_names.index(name)]) for name, _ in told]
    assert [value for _, value in told] == pytest.approx(expected)


def test_names_of_columns_are_text_and_no_html(tumours) -> None:
    names = ("<script>", *tumours.feature_names[1:])
    state = audit.begin(replace(tumours, feature_names=names), mails=100)
    while state.left and "&lt;script" not in mail(state):
        assert "<script" not in mail(state)
        state = audit.say(state, wrong=False)


def test_what_is_no_table_of_two_classes_is_refused_in_a_sentence(tumours) -> None:
    few = replace(tumours, X_train=tumours.X_train[:12], y_train=tumours.y_train[:12])
    many = replace(tumours, y_train=np.arange(len(tumours.y_train)) % 3)
    one = replace(tumours, y_train=np.ones(len(tumours.y_train)))
    with pytest.raises(TypeError, match="data is a str; the audit takes a Split"):
        audit.begin("table.csv")
    for table, words in (
        (few, "There are 12 examples to train on; an audit needs 20"),
        (many, "The labels are 0, 1, 2; the audit takes two classes"),
        (one, "All 398 labels are the same"),
    ):
        with pytest.raises(ValueError, match=words):
            audit.begin(table)
