"""From real checks, hints, solutions, choices and guesses through the export to what is counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from teachkit.classroom.count import Class, count
from teachkit.classroom.guesses import Named
from teachkit.classroom.read import read
from teachkit.exercises import export, start_here
from teachkit.exercises._engine.guesses import keep

TASK = start_here.mean_without


def odd(x, i):
    return x[0] + 0.123 * x[i] ** 2


def counted(folder: Path) -> Class:
    return count(read(folder))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def test_what_was_done_is_what_is_counted(progress_file: Path, room: Path) -> None:
    TASK.check(lambda x, i: x.mean())  # a known mistake
    TASK.check(odd)  # one that no check knows
    TASK.check(lambda x, i: x[100])
    TASK.hint()
    TASK.solution()
    TASK.check(lambda x, i: np.delete(x, i).mean())
    start_here.predict_shift.check(odd)
    start_here.most_influential.hint()
    start_here.ratio.answer("c")
    start_here.ratio.answer("b")
    keep("00.influence.which", guess="point 2", truth="point 5")
    keep("00.influence.which", guess="point 5", truth="point 5")
    written = export("Ada", folder=room)
    assert written.path is not None and written.path.parent == room
    seen = counted(room)
    assert (seen.left_out, seen.notes) == ((), ())
    (learner,), (lesson,), (question,) = seen.learners, seen.lessons, seen.guesses
    assert learner.name == "Ada"
    first, second, third = lesson.exercises
    assert (first.task, first.tried, first.solved, first.after_solution) == (TASK, 1, 1, 1)
    assert (first.hints, first.stuck, len(first.minutes), first.at_once) == (1, 0, 1, 0)
    assert {(slip.name, slip.learners, slip.stuck) for slip in first.slips} == {
        ("old mean", 1, 0),
        ("wrong, in a way that no check could name", 1, 0),
        ("the code raised an error", 1, 0),
    }
    assert first.slips[0].message == {m.name: m.message for m in TASK.mistakes}["old mean"]
    assert (second.tried, second.stuck) == (1, 1)
    assert (third.tried, third.hints, third.slips) == (0, 1, ())
    (quiz,) = lesson.quizzes
    assert [votes for _, _, votes in quiz.votes] == [0, 0, 1, 0]
    assert (quiz.right_now, quiz.unknown) == (1, 0)
    drawn = question.drawn
    assert isinstance(drawn, Named)
    assert drawn.guesses == (("point 2", 1, False), ("point 5", 0, True))


def test_a_later_export_counts_in_the_place_of_an_earlier_one(
    progress_file: Path, room: Path
) -> None:
    first = export(folder=room)
    assert first.path is not None
    first.path.rename(room / "older.json")
    TASK.check(odd)
    second = export("Ada", folder=room)
    seen = counted(room)
    assert [one.file for one in seen.learners] == [second.path.name]
    assert len(seen.left_out) == 1 and seen.left_out[0].startswith("older.json is of the same")


def test_an_export_goes_in_the_place_of_the_one_of_that_name(
    progress_file: Path, room: Path
) -> None:
    assert export("Ada", folder=room).path == export("Ada", folder=room).path
    assert len(list(room.iterdir())) == 1


def test_the_progress_of_an_earlier_version_counts(progress_file: Path, room: Path) -> None:
    progress_file.parent.mkdir()
    progress_file.write_text(
        f'{{"version": 1, "exercises": {{"{TASK.key}": {{"attempts": 2, "found": ["old mean", '
        f'"correct"], "last": "0", "solved": true, "solved_after_solution": false}}}}, '
        f'"quizzes": {{"{start_here.ratio.key}": {{"answers": 2, "right": true}}}}}}'
    )
    export(folder=room)
    (lesson,) = counted(room).lessons
    assert (lesson.exercises[0].solved, lesson.exercises[0].minutes) == (1, ())
    assert (lesson.quizzes[0].total, lesson.quizzes[0].unknown) == (0, 1)


def test_an_export_with_answers_counts_like_one_without(progress_file: Path, room: Path) -> None:
    TASK.check(odd)
    written = export(answers=True, folder=room)
    assert written.path is not None
    assert "0.123 * x" in written.path.read_text()
    assert len(counted(room).learners) == 1
