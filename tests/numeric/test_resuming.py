"""Leave-one-out of any risk by the workers of an executor, and taken up again from a file."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, get_ident

import numpy as np
import pytest

from teachkit.arrays import to_numpy
from teachkit.losses import Logistic, SmoothHinge, Square
from teachkit.retraining import kept, leave_one_out
from teachkit.retraining.kept import Kept
from teachkit.risks import LinearRisk
from tests.numeric.dense import small

pytestmark = pytest.mark.filterwarnings("error")

PROBLEM = replace(small("logistic", n=20), w=np.linspace(0.5, 1.5, 20))
THETA = PROBLEM.minimum()
ROWS = np.array([PROBLEM.without([i]).minimum() for i in range(20)]) - THETA


class Alone(LinearRisk):
    """A risk whose rows nothing computes together; it counts its Hessians, and may end at one."""

    hessians = 0
    end_at = 10**9

    def hessian(self, theta):
        Alone.hessians += 1
        if Alone.hessians == Alone.end_at:
            raise KeyboardInterrupt
        return super().hessian(theta)


def alone(problem=PROBLEM, loss=None, kind=Alone):
    loss = Logistic() if loss is None else loss
    return kind(problem.X, problem.y, loss, l2=problem.l2, weights=problem.w)


@pytest.fixture(autouse=True)
def _anew():
    Alone.hessians, Alone.end_at = 0, 10**9
    yield
    Alone.end_at = 10**9


@pytest.fixture
def at_once(monkeypatch):
    """Each row is written as soon as it is there."""
    monkeypatch.setattr(kept, "EVERY", 0.0)
    monkeypatch.setattr(kept, "SHARE", 0.0)


def close(ours, reference):
    np.testing.assert_allclose(to_numpy(ours), reference, rtol=1e-8, atol=1e-12)


# By an executor.


def test_threads_give_the_rows_in_order(xp_device):
    problem = PROBLEM
    risk, theta = problem.risk(xp_device), xp_device.array(THETA)
    by_alone = Alone(risk.X, risk.y, Logistic(), l2=risk.l2, weights=risk.weights)
    indices = [13, 0, 7, *range(14, 20)]
    with ThreadPoolExecutor(2) as executor:
        rows = leave_one_out(by_alone, theta, indices, executor=executor)
        assert xp_device.holds(rows, "float64")
        close(rows, ROWS[indices])
        close(leave_one_out(by_alone, theta, executor=executor), ROWS)  # it was left open


def test_processes_give_them_too_and_what_is_not_pickled_is_told():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        close(leave_one_out(alone(), THETA, executor=executor), ROWS)

        class Local(Alone):
            pass

        with pytest.raises(TypeError, match=r"Local cannot be sent.*ThreadPoolExecutor"):
            leave_one_out(alone(kind=Local), THETA, executor=executor)


class Dying(Alone):
    """Takes its process with it, anywhere but here."""

    here = os.getpid()

    def hessian(self, theta):
        if multiprocessing.parent_process() is not None:
            os._exit(1)
        return super().hessian(theta)


# Python 3.13 may collect the locks of another library just while it starts its own tracker.
@pytest.mark.filterwarnings("ignore:ResourceTracker called reentrantly")
def test_a_worker_that_dies_is_told():
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=context) as executor,
        pytest.raises(RuntimeError, match=r"worker of the executor ended.*class Dying"),
    ):
        leave_one_out(alone(kind=Dying), THETA, executor=executor)


def test_an_error_in_a_worker_cancels_the_others(monkeypatch):
    monkeypatch.setattr("teachkit.retraining.one_by_one.AT_ONCE", 1)

    cancelled = Event()

    class Broken(Alone):
        def reweighted(self, weights):
            if np.any(weights == 0.0):
                Alone.hessians += 1
                if Alone.hessians > 1:
                    assert cancelled.wait(60)
                raise ZeroDivisionError("no such weight")
            return super().reweighted(weights)

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ZeroDivisionError, match="no such weight"):
            leave_one_out(alone(kind=Broken), THETA, executor=executor)
        cancelled.set()
    assert Alone.hessians <= 2  # the one that broke, and one that had begun by then


def determined_by_the_last():
    """Point 4 alone has the second feature: without it there is no one minimum."""
    X = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [1.5, 0.0], [1.0, 1.0]])
    y = np.array([1.0, 2.5, 2.0, 1.0, 5.0])
    return Alone(X, y, Square()), np.linalg.lstsq(X, y, rcond=None)[0]


def test_points_that_alone_determine_a_parameter_fail_as_they_do_here():
    risk, theta = determined_by_the_last()
    warns = pytest.warns(RuntimeWarning, match="1 of the leave-one-out.*points 4:")
    with ThreadPoolExecutor(2) as executor, warns:
        rows = leave_one_out(risk, theta, [4, 0], executor=executor)
    assert np.all(np.isnan(rows[0])) and np.all(np.isfinite(rows[1]))


# From a file.


def test_what_was_interrupted_goes_on_where_it_was(tmp_path, at_once):
    file = tmp_path / "rows.npz"
    leave_one_out(alone(), THETA)
    in_full, Alone.hessians = Alone.hessians, 0
    Alone.end_at = in_full // 2
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(alone(), THETA, resume=file)
    Alone.end_at, Alone.hessians = 10**9, 0
    close(leave_one_out(alone(), THETA, resume=str(file)), ROWS)
    assert 0 < Alone.hessians < 0.7 * in_full
    Alone.hessians = 0
    close(leave_one_out(alone(), THETA, [5, 2], resume=file), ROWS[[5, 2]])
    assert Alone.hessians == 0
    assert os.listdir(tmp_path) == ["rows.npz"]


def test_what_is_done_is_written_when_interrupted_though_it_was_not_due(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "EVERY", 3600.0)
    Alone.end_at = 15
    with pytest.raises(KeyboardInterrupt):
        leave_one_out(alone(), THETA, resume=tmp_path / "rows")
    held = Kept(tmp_path / "rows", alone(), THETA, 1e-10).rows
    assert 0 < len(held) < 20
    for i, row in held.items():
        close(row, ROWS[i])


def test_what_was_killed_goes_on_where_it_was(tmp_path):
    file = tmp_path / "rows.npz"
    script = """
        import os, signal
        from teachkit.retraining import kept, leave_one_out
        from tests.numeric.test_resuming import THETA, Alone, alone

        kept.EVERY = kept.SHARE = 0.0

        class Killed(Alone):
            def hessian(self, theta):
                if Alone.hessians == 25:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().hessian(theta)

        leave_one_out(alone(kind=Killed), THETA, resume=FILE)
    """
    code = textwrap.dedent(script).replace("FILE", repr(str(file)))
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    done = len(Kept(file, alone(), THETA, 1e-10).rows)
    assert 3 < done < 20
    close(leave_one_out(alone(), THETA, resume=file), ROWS)


def test_rows_of_several_calls_come_together_in_one_file(tmp_path):
    file = tmp_path / "rows"
    leave_one_out(alone(), THETA, [3, 9], resume=file)
    leave_one_out(alone(), THETA, [9, 1], resume=file)
    assert sorted(Kept(file, alone(), THETA, 1e-10).rows) == [1, 3, 9]


def test_rows_that_are_computed_together_are_kept_too(tmp_path, xp_device, monkeypatch):
    risk, theta = PROBLEM.risk(xp_device), xp_device.array(THETA)
    with ThreadPoolExecutor(1) as executor:
        close(leave_one_out(risk, theta, resume=tmp_path / "rows", executor=executor), ROWS)
    monkeypatch.setattr("teachkit.retraining.joint_retraining", lambda risk: 1 / 0)
    rows = leave_one_out(risk, theta, [19, 4], resume=tmp_path / "rows")
    assert xp_device.holds(rows, "float64")
    close(rows, ROWS[[19, 4]])


def test_a_file_without_a_row_yet_is_taken_up_in_any_dtype(tmp_path):
    risk, theta = PROBLEM.risk(dtype="float32"), THETA.astype("float32")
    leave_one_out(risk, theta, [], resume=tmp_path / "rows")
    rows = leave_one_out(risk, theta, resume=tmp_path / "rows")
    np.testing.assert_allclose(rows, ROWS, rtol=1e-3, atol=1e-5)


def test_rows_that_failed_are_tried_again(tmp_path):
    risk, theta = determined_by_the_last()
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="points 4:"):
            leave_one_out(risk, theta, [4, 0], resume=tmp_path / "rows")
    assert list(Kept(tmp_path / "rows", risk, theta, 1e-10).rows) == [0]


def test_a_theta_that_rounding_moved_is_the_same_and_rows_start_from_it(tmp_path):
    leave_one_out(alone(), THETA, resume=tmp_path / "rows")
    there = THETA * (1.0 + 1e-13)
    rows = leave_one_out(alone(), there, resume=tmp_path / "rows")
    np.testing.assert_allclose(there + rows, THETA + ROWS, rtol=1e-13)


def test_the_bar_begins_with_what_is_known(tmp_path, capsys):
    leave_one_out(alone(), THETA, range(10), resume=tmp_path / "rows")
    leave_one_out(alone(), THETA, resume=tmp_path / "rows", progress=True)
    assert "20/20" in capsys.readouterr().err


def other(**changes):
    return alone(replace(PROBLEM, **changes))


OTHERS = {
    "theta": (lambda: (alone(), THETA + 1e-6, {}), "another theta: they differ by up to 1e-06"),
    "tol": (lambda: (alone(), THETA, {"tol": 1e-3}), "another tol: its rows have tol=1e-10"),
    "dtype": (
        lambda: (PROBLEM.risk(dtype="float32"), THETA.astype("float32"), {}),
        "another theta: it is float64, and this one float32",
    ),
    "weights": (lambda: (other(w=PROBLEM.w[::-1]), THETA, {}), "other weights"),
    "points": (lambda: (other(X=1.01 * PROBLEM.X), THETA, {}), "other gradients"),
    "penalty": (lambda: (other(l2=2 * PROBLEM.l2), THETA, {}), "another risk: at theta.* other H"),
    "loss": (lambda: (alone(loss=SmoothHinge(1.0)), THETA, {}), "other gradients"),
    "n": (lambda: (alone(small("logistic", n=12)), THETA, {}), "it has 20 examples.* 12"),
    "p": (
        lambda: (alone(small("logistic", n=20, p=4)), np.zeros(4), {}),
        "it has 3 parameters, and this one 4",
    ),
}


@pytest.mark.parametrize("which", OTHERS)
def test_a_file_of_something_else_is_refused_and_left_as_it_is(which, tmp_path):
    file = tmp_path / "rows.npz"
    leave_one_out(alone(), THETA, [2], resume=file)
    before = file.read_bytes()
    (risk, theta, options), says = OTHERS[which][0](), OTHERS[which][1]
    with pytest.raises(ValueError, match=rf"rows\.npz, whose rows are of another.*{says}|{says}"):
        leave_one_out(risk, theta, resume=file, **options)
    assert file.read_bytes() == before and os.listdir(tmp_path) == ["rows.npz"]


def torn(content):
    return content[: len(content) // 2]


def flipped(content):
    at = content.index(b"rows.npy") + 200
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def without_rows(content):
    return b"{}"


def twice_the_first(content):
    held = dict(np.load(io.BytesIO(content)))
    held["indices"][1] = held["indices"][0]
    np.savez(found := io.BytesIO(), **held)
    return found.getvalue()


@pytest.mark.parametrize(
    "spoil", [torn, flipped, without_rows, twice_the_first, lambda content: b""]
)
def test_a_file_that_cannot_be_read_is_told_and_left_as_it_is(spoil, tmp_path):
    file = tmp_path / "rows.npz"
    leave_one_out(alone(), THETA, resume=file)
    spoiled = spoil(file.read_bytes())
    file.write_bytes(spoiled)
    with pytest.raises(ValueError, match=r"rows\.npz, which cannot be read.*move it away"):
        leave_one_out(alone(), THETA, resume=file)
    assert file.read_bytes() == spoiled


def test_a_disk_that_fills_up_loses_no_work(tmp_path, at_once, monkeypatch):
    writings, store = iter(range(100)), kept.store

    def full(path, content):
        if next(writings) > 0:
            raise OSError("No space left on device")
        store(path, content)

    monkeypatch.setattr(kept, "store", full)
    with pytest.warns(RuntimeWarning, match=r"could not be written.*No space left.*goes on"):
        close(leave_one_out(alone(), THETA, [1, 2], resume=tmp_path / "rows"), ROWS[[1, 2]])


def test_a_folder_that_takes_no_file_is_told_before_the_work(tmp_path, monkeypatch):
    def refused(path, content):
        raise PermissionError(13, "Permission denied", str(path) + "x.tmp")

    monkeypatch.setattr(kept, "store", refused)
    with pytest.raises(
        PermissionError, match=r"resume names .*rows, .*\(Permission denied\)\. Name"
    ):
        leave_one_out(alone(), THETA, [1], resume=tmp_path / "rows")
    assert Alone.hessians == 0


def test_calls_at_the_same_time_lose_no_row_of_each_other(tmp_path, at_once):
    file, both, met = tmp_path / "rows", Barrier(2), set()

    class Waits(Alone):
        def hessian(self, theta):
            if get_ident() not in met:
                met.add(get_ident())
                both.wait(60)
            return super().hessian(theta)

    def call(indices):
        return leave_one_out(alone(kind=Waits), THETA, indices, resume=file)

    halves = (range(10), range(10, 20))
    with ThreadPoolExecutor(2) as executor:
        for rows, half in zip(executor.map(call, halves), halves, strict=True):
            close(rows, ROWS[half])
    Alone.end_at = Alone.hessians + 1
    close(leave_one_out(alone(), THETA, resume=file), ROWS)
    assert os.listdir(tmp_path) == ["rows"]


def test_a_file_of_another_run_that_comes_meanwhile_stays_as_it_is(tmp_path, monkeypatch):
    file, other = tmp_path / "rows", tmp_path / "other"
    leave_one_out(alone(), THETA, [1], tol=1e-8, resume=other)
    theirs = other.read_bytes()
    monkeypatch.setattr(
        Alone, "hessian", lambda self, t: file.write_bytes(theirs) and LinearRisk.hessian(self, t)
    )
    with pytest.warns(RuntimeWarning, match=r"could not be written.*another tol"):
        close(leave_one_out(alone(), THETA, [1, 2], resume=file), ROWS[[1, 2]])
    assert file.read_bytes() == theirs


def test_a_link_to_a_file_stays_one(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "rows")
    leave_one_out(alone(), THETA, [1], resume=link)
    assert link.is_symlink() and (tmp_path / "rows").exists()


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"executor": ThreadPoolExecutor}, TypeError, "class ThreadPoolExecutor itself"),
        ({"executor": 4}, TypeError, "executor is 4, without submit"),
        ({"resume": 3}, TypeError, "resume is 3; it is the name of a file"),
        ({"resume": os.sep}, IsADirectoryError, "no ordinary file"),
        ({"resume": os.path.join(os.sep, "nowhere", "f")}, FileNotFoundError, "there is no folder"),
    ],
)
def test_what_is_no_executor_and_no_file_is_told_in_a_sentence(options, error, says):
    with pytest.raises(error, match=says):
        leave_one_out(alone(), THETA, **options)
