"""Rows of `leave_one_out` in a file, so that a long run can be ended and taken up again."""

from __future__ import annotations

import io
import os
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from teachkit._files import locked, store
from teachkit.arrays import Array, array_namespace, device, to_numpy
from teachkit.risks.gradient_matrix import example_gradients
from teachkit.risks.watched import Watched

VERSION = 1
EVERY = 1.0  # seconds between two writings, at least
PATIENCE = 30.0  # seconds to wait for another call that writes into the same file
SHARE = 20.0  # times as long as the last writing took: it costs 5% at most


class Kept:
    """theta_{-i} - theta of the points that are done, in a file that is whole at any moment.

    It is written beside itself and then put in its place, now and then and at the end, however the
    work ends; rows that another call has written into it meanwhile stay in it. With it goes what
    its rows belong to: theta, the tolerance, and what the risk answers there. Without a path
    nothing is kept.

    Raises
    ------
    ValueError
        The file cannot be read, or is of another risk, theta or tolerance. It is left as it is.
    OSError
        There can be no file of that name.
    """

    def __init__(self, path: Any, risk: Any, theta: Array, tol: float) -> None:
        self.rows: dict[int, np.ndarray] = {}
        self.path = None if path is None else _as_path(path)
        if self.path is None:
            return
        self.belongs = _belongs_to(risk, theta, tol)
        self.new, self.took, self.last = False, 0.0, time.monotonic()
        self.written: Any = None
        try:
            self._write()  # so that a folder which takes no files is met before the work
        except OSError as error:
            raise type(error)(_not_written(self.path, error)) from None

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *ended: Any) -> None:
        if self.path is not None and self.new:
            self._try_to_write()

    def known(self, chosen: Sequence[int], like: Array) -> tuple[list[int], Array]:
        """Positions in `chosen` of points that are done, and their rows (k, p)."""
        at = [k for k, i in enumerate(chosen) if i in self.rows]
        rows = [self.rows[chosen[k]] for k in at]
        there = np.stack(rows) if rows else np.zeros((0, like.shape[0]))
        return at, array_namespace(like).asarray(there, dtype=like.dtype, device=device(like))

    def add(self, indices: Sequence[int], rows: Array) -> None:
        """Points that are done, with their rows; written if that was not done for a while."""
        if self.path is None:
            return
        self.rows.update(zip(indices, to_numpy(rows), strict=True))
        self.new = True
        if time.monotonic() - self.last >= max(EVERY, SHARE * self.took):
            self._try_to_write()

    def _try_to_write(self) -> None:
        try:
            self._write()
        except (OSError, ValueError) as error:
            self.last = time.monotonic()
            warnings.warn(
                f"The rows that are done could not be written to {self.path} ({error}). The work "
                "goes on; if it is ended now, what is new is lost.",
                RuntimeWarning,
                stacklevel=2,
            )

    def _write(self) -> None:
        assert self.path is not None
        start = time.monotonic()
        with locked(self.path, PATIENCE):
            if self.path.exists() and _stamp(self.path) != self.written:
                self._read(self.path)
            store(self.path, self._content())
            self.written = _stamp(self.path)
        self.new, self.last = False, time.monotonic()
        self.took = self.last - start

    def _content(self) -> bytes:
        indices = np.array(sorted(self.rows), dtype=np.int64)
        rows = [self.rows[i] for i in indices.tolist()]
        content = io.BytesIO()
        theta = self.belongs["theta"]
        done = np.stack(rows) if rows else np.empty((0, theta.size), dtype=theta.dtype)
        held: dict[str, Any] = {"indices": indices, "rows": done, **self.belongs}
        np.savez(content, **held)
        return content.getvalue()

    def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                held = {name: file[name] for name in file.files}
            indices, rows, theta = held["indices"], held["rows"], held["theta"]
            if set(self.belongs) - set(held) or int(held["version"]) != VERSION:
                raise ValueError("it is of another version")
            if rows.shape != (indices.size, theta.size) or not np.all(np.isfinite(rows)):
                raise ValueError("rows are missing")
            if indices.dtype.kind != "i" or rows.dtype != theta.dtype:
                raise ValueError("its numbers are of another kind")
            if np.unique(indices).shape != indices.shape:
                raise ValueError("it has several rows of one example")
            if indices.size and not 0 <= indices.min() <= indices.max() < held["n"]:
                raise ValueError("its rows are of no examples")
        except Exception as error:  # a broken archive raises whatever its readers happen to meet
            raise ValueError(
                f"resume names {path}, which cannot be read as rows of leave_one_out ({error}). It "
                "is left as it is: move it away to begin anew, or name another file."
            ) from error
        self._compare(path, held)
        shift = theta - self.belongs["theta"]  # 0, or the rounding of another run's fit
        theirs = {int(i): row + shift for i, row in zip(indices, rows, strict=True)}
        self.rows = {**theirs, **self.rows}

    def _compare(self, path: Path, held: dict[str, np.ndarray]) -> None:
        now = self.belongs
        for name, what in (("n", "examples"), ("p", "parameters")):
            if held[name] != now[name]:
                _refuse(path, "risk", f"it has {held[name]} {what}, and this one {now[name]}")
        if (held_as := held["theta"].dtype) != (kind := now["theta"].dtype):
            _refuse(path, "theta", f"it is {held_as}, and this one {kind}")
        eps = float(np.finfo(kind).eps)
        if apart := _apart(held["theta"], now["theta"], eps ** (2 / 3)):
            _refuse(path, "theta", f"they differ by up to {apart:.3g}")
        if held["tol"] != now["tol"]:
            _refuse(path, "tol", f"its rows have tol={held['tol']:g}, and {now['tol']:g} is asked")
        for name, what in (("weights", "weights"), ("gradients", "gradients"), ("Hu", "H")):
            if _apart(held[name], now[name], eps**0.5):
                _refuse(path, "risk", f"at theta it has other {what}")


def _belongs_to(risk: Any, theta: Array, tol: float) -> dict[str, np.ndarray]:
    """What tells one risk, theta and tolerance from another, by answers rather than by code."""
    asked, xp = Watched(risk), array_namespace(theta)
    u = np.random.default_rng(0).standard_normal(asked.p)
    u = xp.asarray(u, dtype=theta.dtype, device=device(theta))
    return {
        "version": np.asarray(VERSION),
        "n": np.asarray(asked.n),
        "p": np.asarray(asked.p),
        "tol": np.asarray(tol),
        "theta": np.array(to_numpy(theta)),
        "weights": np.array(to_numpy(asked.weights)),
        "gradients": np.array(to_numpy(example_gradients(asked, theta) @ u)),
        "Hu": np.array(to_numpy(asked.linearize(theta)(u))),
    }


def _apart(a: np.ndarray, b: np.ndarray, tolerance: float) -> float:
    """By how much two arrays differ, if it is more than rounding."""
    if a.shape != b.shape:
        return float("inf")
    apart = float(np.max(np.abs(a - b), initial=0.0))
    return apart if not apart <= tolerance * float(np.max(np.abs(b), initial=0.0)) else 0.0


def _refuse(path: Path, what: str, how: str) -> NoReturn:
    raise ValueError(
        f"resume names {path}, whose rows are of another {what}: {how}. It is left as it is: name "
        "another file for these, or ask with the risk, theta and tol that the file was made with."
    )


def _as_path(path: Any) -> Path:
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"resume is {path!r:.60}; it is the name of a file, where rows are kept as they get "
            "done, and read again by the next call."
        )
    found = Path(os.path.realpath(Path(path).expanduser()))  # the file itself, not a link to it
    if found.exists() and not found.is_file():
        raise IsADirectoryError(f"resume names {found}, which is no ordinary file. Name a file.")
    return found


def _stamp(path: Path) -> tuple[int, ...]:
    """What is another for each file that was put in this place."""
    now = path.stat()
    return now.st_ino, now.st_mtime_ns, now.st_size


def _not_written(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"resume names {path}, and there is no folder {path.parent}. Make it first."
    reason = error.strerror or error
    return (
        f"resume names {path}, which cannot be written ({reason}). Name a file in a folder of "
        "yours, on a disk that has room."
    )
