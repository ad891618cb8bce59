"""Wrong answers that no exercise knows: the two values, and the relation where there is one."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from teachkit.exercises import Exercise, Mistake, exercise

CASES = [
    (np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]), np.array([1.0, -2.0])),
    (np.array([[2.0, 0.3], [-1.0, 1.5], [2.5, 0.0], [1.0, 1.0]]), np.array([0.5, 3.0])),
]


def make(reference: Any, **options: Any) -> Exercise:
    settings: dict[str, Any] = {
        "prompt": "p", "minutes": 1, "difficulty": 1, "cases": lambda: CASES,
        "hints": ("one", "two"), "explanation": "e", "mistakes": (),
    }  # fmt: skip
    return exercise("99.1", "A test", **{**settings, **options})(reference)


def product(A, v):
    """A v."""
    return A @ v


def total(A, v):
    """The sum of A v."""
    return (A @ v).sum()


def gram(A, v):
    """A' A D, not symmetric."""
    return A.T @ A * v


def gram_times_v(A, v):
    """A' A v."""
    return A.T @ A @ v


def second(A, v):
    """An index."""
    return 1


def first_and_last(A, v):
    """A pair of a number and an array."""
    return A[0, 0], A[-1]


def positive(A, v):
    """A bool."""
    return bool(v[0] > 0.7)


def said(reference: Any, answer: Any, **options: Any) -> str:
    result = make(reference, **options).check(answer)
    assert result.state == "not yet", repr(result)
    assert result.mistake is None or options
    return " ".join(repr(result).split())


@pytest.mark.parametrize(
    ("reference", "answer", "sentence"),
    [
        (product, lambda A, v: -(A @ v), "exactly -1 times the right answer."),
        (product, lambda A, v: len(A) * (A @ v), "exactly n times the right answer (n = 3, 4)."),
        (product, lambda A, v: -(A @ v) / len(A), "exactly -1/n times"),
        (product, lambda A, v: (A @ v) / (len(A) - 1), "exactly 1/(n - 1) times"),
        (total, lambda A, v: (A @ v).sum() / 2, "exactly 1/2 times"),
        (product, lambda A, v: 0.37 * (A @ v), "0.37 times the right answer on every case"),
        (product, lambda A, v: v[0] * (A @ v), "that changes from case to case: 1, 0.5"),
        (gram, lambda A, v: (A.T @ A * v).T, "exactly the transpose"),
        (product, lambda A, v: (A @ v)[:, None], "shape (3, 1) where (3,) is expected"),
        (product, lambda A, v: (A @ v)[:, None], "Your numbers are right"),
        (total, lambda A, v: A @ v, "The sum of yours along its first axis is right"),
        (total, lambda A, v: np.array([(A @ v).sum()]), "shape (1,) where () is expected"),
        (product, lambda A, v: np.abs(A @ v), "some of the signs are not"),
        (product, lambda A, v: np.sort(A @ v), "in another order"),
        (product, lambda A, v: A @ v * (1 + 1e-3 * np.arange(len(A))), "You are close, at most"),
        (gram, lambda A, v: A.T @ A * v + A[:2], "For A = "),
        (gram, lambda A, v: A, "Yours is `A` as it was given: nothing has been done to it."),
        (gram_times_v, lambda A, v: v @ A.T @ A @ v, "the right answer times `v`, summed up to"),
        (gram_times_v, lambda A, v: v * (A.T @ A @ v), "the right answer times `v`, entry by"),
        (
            gram_times_v,
            lambda A, v: (A.T @ A @ v)[:, None] + 0 * v,
            "is the diagonal of yours: shape (2, 2) where (2,)",
        ),
        (product, lambda A, v: np.array([]), "Yours is empty, of shape (0,) where (3,) is"),
        (total, lambda A, v: [], "Yours is empty"),
        (second, lambda A, v: 2, "one more every time: look where the counting begins. Indices"),
        (positive, lambda A, v: v[0] <= 0.7, "exact opposite"),
        (first_and_last, lambda A, v: (A[0, 0], A[-1], 0), "returned 3 values; 2 are expected"),
        (first_and_last, lambda A, v: (A[0, 0], "x"), "Value 2 of the 2 that you return is a str"),
        (first_and_last, lambda A, v: (A[0, 0], A[0]), "yours is (1, [1, 2]), and (1, [0.5, 4])"),
    ],
)
def test_relations(reference: Any, answer: Any, sentence: str) -> None:
    assert sentence in said(reference, answer)


def ranking(A, v):
    """The rows by the size of A v, the largest first."""
    return np.argsort(-(A @ v))


def test_of_two_rankings_it_says_nothing_that_they_have_the_same_numbers() -> None:
    assert "another order" not in said(ranking, lambda A, v: np.roll(np.argsort(-(A @ v)), 1))


def test_a_factor_that_changes_is_shown_where_it_does() -> None:
    cases = [*CASES, *CASES, *CASES, (CASES[0][0], 2 * CASES[0][1])]
    text = said(product, lambda A, v: A @ v * (-1 if v[0] < 2 else 1), cases=lambda: cases)
    assert "that changes from case to case: -1, 1." in text
    text = said(product, lambda A, v: A @ v * (1 + 1e-5 * v[0]), cases=lambda: cases)
    assert "from case to case: 1.00001, " in text


def test_the_two_values_on_the_smallest_case() -> None:
    text = said(total, lambda A, v: 7.25 + v[0] ** 2 * A[0, 1])
    assert "For A = [[1, 2], [3, -1], [0.5, 4]], v = [1, -2]: yours is 9.25, and -5.5 is" in text
    assert "none of the mistakes that this check knows" in text


def broken(*places: int) -> Any:
    """Twice the first entries of A v and once the last, but NaN on the cases of these lengths."""

    def answer(A, v):
        factors = np.where(np.arange(len(A)) == len(A) - 1, 1.0, 2.0)
        return A @ v * (np.nan if len(A) in places else factors)

    return answer


@pytest.mark.parametrize("of_the_answer", [(), (3,), (4,)])
@pytest.mark.parametrize("of_the_slip", [(), (3,), (4,)])
def test_a_slip_is_known_though_rounding_decides_whether_it_divides_by_zero(
    of_the_slip: tuple[int, ...], of_the_answer: tuple[int, ...]
) -> None:
    mistake = Mistake("0/0", broken(*of_the_slip), "Its own sentence.")
    result = make(product, mistakes=[mistake]).check(broken(*of_the_answer))
    everywhere = len({*of_the_slip, *of_the_answer}) == len(CASES)
    assert (result.mistake == "0/0") == (not everywhere)


def test_nan_is_no_slip_that_only_agrees_where_both_are_right() -> None:
    def nan_or_right(A, v):
        return A @ v * (np.nan if len(A) == 4 else 1.0)

    mistake = Mistake("right on one", lambda A, v: A @ v * (len(A) - 2), "No.")
    assert "Of your 4 numbers 4 are NaN" in said(product, nan_or_right, mistakes=[mistake])


def test_a_wrong_shape_is_that_of_the_case_that_is_shown() -> None:
    def larger_first() -> list[tuple]:
        return [(np.ones((4, 2)), np.ones(2)), (np.ones((3, 2)), np.ones(2))]

    text = said(product, lambda A, v: (A @ v)[:, None], cases=larger_first)
    assert "shape (3, 1) where (3,) is expected" in text


def test_values_that_look_alike_are_shown_with_more_digits() -> None:
    text = said(total, lambda A, v: (A @ v).sum() + 1e-4)
    assert "yours is -5.4999, and -5.5 is expected" in text


def test_what_is_right_already_is_said() -> None:
    text = said(total, lambda A, v: (A @ v).sum() + (len(A) == 4) * v[1] ** 2)
    assert "1 of the 2 cases comes out right" in text


def test_an_argument_added_by_mistake() -> None:
    text = said(first_row, lambda A, v: A[0] - v)
    assert "the right answer minus `v`" in text


def first_row(A, v):
    """Row 0."""
    return A[0]


def test_two_things_at_once() -> None:
    known = Mistake("halved", lambda A, v: A @ (v / np.arange(1, 3)), "You halved something.")
    result = make(product, mistakes=(known,)).check(lambda A, v: -(A @ (v / np.arange(1, 3))))
    assert result.state == "not yet"
    assert result.mistake == "halved"
    assert "Two things at once" in repr(result)
    assert "You halved something." in repr(result)


def test_a_known_mistake_that_raises_is_named_as_a_likely_cause() -> None:
    known = Mistake("turned", lambda A, v: v @ A, "The factors stand in the wrong order.")
    result = make(product, mistakes=(known,)).check(lambda A, v: v @ A)
    assert result.state == "your code raised"
    assert result.mistake == "turned"
    assert "The factors stand in the wrong order." in repr(result)


def test_no_cause_is_told_to_answers_that_were_others_before() -> None:
    def turned_later(A, v):
        return A @ v if len(A) == 3 else v @ A

    known = Mistake("turned at the second", turned_later, "The factors stand in the wrong order.")
    task = make(product, mistakes=(known,))
    assert task.check(turned_later).mistake == "turned at the second"
    other = task.check(lambda A, v: 2 * turned_later(A, v))
    assert other.state == "your code raised"
    assert other.mistake is None
    assert "A likely cause" not in repr(other)


def five():
    """Five letters in the right order."""
    return tuple("BEDAC")


ORDER = make(five, cases=lambda: [()], reveal=False)


def test_an_order_is_judged_place_by_place() -> None:
    orders = ["".join(letters) for letters in itertools.permutations("ABCDE")]
    for given in orders:
        result = ORDER.check(lambda given=given: given)
        assert result.solved == (given == "BEDAC")
        if result.state == "not yet" and result.mistake is None:
            right = next(k for k in range(5) if given[k] != "BEDAC"[k])
            said = {
                0: "The first letter is not the right one yet.",
                1: "The first letter is right; look at place 2.",
            }.get(right, f"The first {right} letters are right; look at place {right + 1}.")
            assert result.message == (said,)
        if not result.solved:
            assert "BEDAC" not in "".join(c for c in repr(result) if c.isupper())


def test_not_solved_when_better_than_asked() -> None:
    known = Mistake("finer", lambda A, v: A @ v + 1, "That is finer than asked.", better=True)
    result = make(product, mistakes=(known,)).check(lambda A, v: A @ v + 1)
    assert result.state == "other than asked"
    assert not result.solved


def test_numpy_warnings_are_passed_on_with_a_wrong_answer() -> None:
    def answer(A, v):
        with np.errstate(over="warn"):
            return (A @ v).sum() + np.exp(np.float64(1000)) * 0 - np.inf

    assert "NumPy warned: overflow encountered in exp" in said(total, answer)


def test_a_warning_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    assert "regular ndarray. " in said(total, lambda A, v: np.matrix([[1.0]])) + " "


def varying(A, v):
    """A number that is positive on every case."""
    return (A**2).sum() + v @ v


@pytest.mark.parametrize(
    ("factor", "sentence"),
    [
        (lambda n: -n, "exactly -n times the right answer (n = 3, 4). Two things at once: the "
         "sign, and a factor n."),
        (lambda n: -n / (n - 1), "Two things at once: the sign, and n exchanged with n - 1."),
        (lambda n: n / (n - 1), "exactly n/(n - 1) times the right answer (n = 3, 4). For A ="),
        (lambda n: 1 / n / (n - 1), "exactly 1/(n (n - 1)) times the right answer (n = 3, 4). Two "
         "things at once: a factor 1/n, and a factor 1/(n - 1)."),
        (lambda n: n**2, "exactly n^2 times the right answer (n = 3, 4). For A ="),
        (lambda n: -(n**2) / (n - 1), "Three things at once: the sign, a factor n, and n exchanged "
         "with n - 1."),
    ],
)  # fmt: skip
def test_factors_that_come_together_are_named(factor: Any, sentence: str) -> None:
    assert sentence in said(varying, lambda A, v: factor(len(A)) * varying(A, v))


def test_with_one_n_alone_no_product_is_read_into_a_number() -> None:
    text = said(varying, lambda A, v: 9 * varying(A, v), cases=lambda: [CASES[0], CASES[0]])
    assert "Yours is 9 times the right answer on every case." in text


def test_with_two_of_everything_n_is_called_2() -> None:
    pairs = [(A[:2], v) for A, v in CASES]
    text = said(varying, lambda A, v: varying(A, v) / 2, cases=lambda: pairs)
    assert "Yours is exactly 1/2 times the right answer." in text
    text = said(varying, lambda A, v: -2 * varying(A, v), cases=lambda: pairs)
    assert "Yours is exactly -2 times the right answer. Two things at once: the sign, and a" in text


def number_and_verdict(A, v):
    """A number and True or False."""
    return A[0, 0], v[0] > 0.7


def test_true_and_false_beside_a_number_keep_their_names() -> None:
    text = said(number_and_verdict, lambda A, v: (A[0, 0], True))
    assert "yours is (2, True), and (2, False) is expected" in text


def test_the_smallest_failing_case_can_be_tried_again() -> None:
    def answer(A, v):
        return 7.25 + v[0] ** 2 * A[0, 1]

    task = make(total)
    result = task.check(answer)
    for given, kept in zip(result.case, CASES[0], strict=True):
        np.testing.assert_array_equal(given, kept)
    assert answer(*result.case) == 9.25
    lines = [line.strip() for line in repr(result).splitlines()]
    place = lines.index("Try it yourself:")
    assert lines[place + 1 : place + 3] == [
        f"result = {task.key}.check(total)",
        "total(*result.case)",
    ]


def test_a_case_kept_from_a_result_is_a_copy() -> None:
    result = make(total).check(lambda A, v: 1.0)
    result.case[0][:] = 0.0
    assert CASES[0][0][0, 0] == 1.0


def test_cases_of_other_results() -> None:
    known = Mistake("one", lambda A, v: 1.0, "You returned 1.")
    task = make(total, mistakes=(known,))
    named = task.check(lambda A, v: 1.0)
    assert named.mistake == "one"
    assert "Try it yourself" not in repr(named)
    np.testing.assert_array_equal(named.case[0], CASES[0][0])
    raised = task.check(lambda A, v: (A @ v).sum() if len(A) == 3 else A[9])
    np.testing.assert_array_equal(raised.case[0], CASES[1][0])
    assert task.check(lambda A, v: (A @ v).sum()).case is None


def secret(A):
    """Two names."""
    return ("rows", "columns") if A[0, 0] > 1.5 else ("columns", "rows")


def ask_secret(answer: Any) -> Any:
    settings: dict[str, Any] = {"cases": lambda: [(A,) for A, _ in CASES], "reveal": False}
    return make(secret, **settings).check(answer)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (("rows", "rows"), '1 of the 2 names is right. "rows" stands there more than once.'),
        (("Rows ", "columns"), "0 of the 2 names are right."),
        (("rows", "Lines"), '"Lines" is none of the names that the task gives.'),
        ([1, 2], "Value 1 of the 2 that you return is a number; the check expects a string."),
        (["rows", None], "Value 2 of the 2 that you return is None."),
        (3, "Your function returned a number; the check expects a list of 2 strings."),
        ("rows", "Your function returned a str; the check expects a list of 2 strings."),
        (["rows"], "Your function returned 1 value; 2 are expected."),
    ],
)
def test_a_secret_is_not_told(answer: Any, sentence: str) -> None:
    result = ask_secret(lambda A: answer)
    text = " ".join(repr(result).split())
    assert result.state == "not yet"
    assert sentence in text
    assert "is expected" not in text
    assert not any(name in text for name in ("columns", "'rows'"))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("ABCDE", "The first letter is not the right one yet."),
        ("BEACD", "The first 2 letters are right; look at place 3."),
        (
            "BEDAB",
            'The first 4 letters are right; look at place 5. "B" stands there more than once.',
        ),
        ("BED", "Your function returned 3 letters; 5 are expected."),
        ("BEDAF", '"F" is none of the letters that the task gives.'),
        (12345, "Your function returned a number; the check expects a string of 5 letters."),
        (
            [1, 2, 3, 4, 5],
            "Value 1 of the 5 that you return is a number; the check expects a letter.",
        ),
    ],
)
def test_an_order_is_spoken_of_as_letters(answer: Any, sentence: str) -> None:
    result = ORDER.check(lambda: answer)
    assert result.message == (sentence,)
    assert result.case == ()


def an_open_stub(x):
    """A stub as it stands in a lesson."""


OPEN = {"still_open": an_open_stub, "np": np}


def calling(source: str) -> Any:
    names: dict[str, Any] = dict(OPEN)
    exec(source, names)
    return names["answer"]


@pytest.mark.parametrize(
    "body", ["-still_open(v) / len(v)", "np.linalg.solve(A.T @ A, still_open(v))", "still_open(v)"]
)
def test_an_exercise_that_is_still_open_behind_the_answer_is_named(body: str) -> None:
    result = make(product).check(calling(f"def answer(A, v):\n    return {body}\n"))
    assert "`still_open`, which your code uses, is still open" in " ".join(repr(result).split())
    assert not result.solved


def test_none_from_somewhere_is_pointed_out() -> None:
    result = make(product).check(lambda A, v: {}.get("theta") * v)
    assert "is another exercise of yours still open?" in " ".join(repr(result).split())
    other = make(product).check(lambda A, v: [] + v.tolist() + 1)
    assert not any("another exercise" in str(text) for text in other.message)


@pytest.mark.parametrize(
    ("digits", "places"), [(3, "3 decimals"), (1, "1 decimal"), (0, "whole numbers")]
)
def test_rounded_numbers_are_told_as_rounded(digits: int, places: str) -> None:
    def thirds(A, v):
        """Not round."""
        return A @ v / 3 + 0.51234567

    text = said(thirds, lambda A, v: np.round(thirds(A, v), digits))
    assert f"Yours is right but for rounding, to {places}. Leave the rounding out." in text


def test_zero_is_not_told_as_rounded() -> None:
    def small(A, v):
        """Less than a half."""
        return A @ v / 100

    assert "rounding" not in said(small, lambda A, v: 0 * (A @ v))


def test_a_changed_argument_is_looked_for_first() -> None:
    def centred(A, v):
        """A v, from its mean."""
        return A @ v - (A @ v).mean()

    def answer(A, v):
        v -= v
        return centred(A, v)

    result = make(centred).check(answer)
    assert result.message[0].startswith("Look at this first: your function changes `v` while it")
    assert make(centred).check(lambda A, v: 0 * centred(A, v)).message[0].startswith("For A")


def test_answers_for_every_point_are_told_as_such() -> None:
    def centred(x, i):
        """x[i] from the mean."""
        return x[i] - x.mean()

    cases = [(np.array([2.0, 5.0, 3.0]), 1), (np.array([0.5, 4.0, -2.5, 1.0]), 2)]
    text = said(centred, lambda x, i: x - x.mean(), cases=lambda: cases)
    assert "These are the answers for every `i`; the one at `[i]` is asked for." in text
    assert "answers for every" not in said(centred, lambda x, i: x, cases=lambda: cases)


def test_an_import_that_takes_long_is_no_endless_loop(tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "never_there.py").write_text("while True:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)

    def answer(A, v):
        import never_there

        return never_there

    result = make(product, cases=lambda: CASES, seconds=0.2).check(answer)
    assert result.state == "stopped"
    assert "It was still importing" in result.message[0]


def test_where_0_is_expected_nothing_has_grown():
    def kept(A, v):
        """The largest of the entries above 2, or 0."""
        return A.max() if A.max() > 2.6 else 0.0

    task = make(kept, cases=lambda: [*CASES, (CASES[1][0] + 2, CASES[1][1])])
    told = repr(task.check(lambda A, v: A.max() ** 2))
    assert "out of all bounds" not in told
    far = repr(task.check(lambda A, v: 1e12 * A.max() ** 2))
    assert "grown out of all bounds" in " ".join(far.split())


def test_the_few_that_are_right_are_what_is_special():
    task = make(total, cases=lambda: [*CASES, (np.ones((2, 2)), np.ones(2))])
    told = " ".join(repr(task.check(lambda A, v: 4.0 if A.shape == (2, 2) else 0.3)).split())
    assert "1 of the 3 cases comes out right, so look at what is special about that one." in told
