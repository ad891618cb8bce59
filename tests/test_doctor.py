"""The doctor: what it finds, what it advises, and that it speaks where packages are missing."""

from __future__ import annotations

import importlib.metadata as metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from teachkit import doctor


def row(name: str) -> doctor.Row:
    (found,) = [r for r in doctor.check() if r.name == name]
    return found


def test_all_is_well_here() -> None:
    report = doctor.check()
    assert [r for r in report if r.state == doctor.FAIL] == []
    assert not report.failed
    names = [r.name for r in report]
    for wanted in ["Python", "numpy", "ipywidgets", "anywidget in JupyterLab", "GPU", "BLAS"]:
        assert wanted in names
    assert "pytest" not in names, "the learner needs no test runner"


def test_every_row_that_is_not_ok_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    break_everything(monkeypatch)
    report = doctor.check()
    assert report.failed
    assert [r for r in report if r.state != doctor.OK and not r.advice] == []


def break_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == "ipywidgets":
            return "7.8.1"
        if name == "autograd":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(doctor, "PYTHON", (99, 0))
    monkeypatch.setattr(doctor, "BROWSERS", ("no-such-browser",))
    monkeypatch.setattr(doctor, "LABEXTENSIONS", {"anywidget": "no-such-extension"})
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    monkeypatch.setenv("TEACHKIT_PROGRESS", "/proc/no/such/folder/progress.json")


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        ("Python", doctor.FAIL, "needs 99.0"),
        ("ipywidgets", doctor.FAIL, "7.8.1, needs <9,>=8.1"),
        ("autograd", doctor.FAIL, "missing, needs >=1.9"),
        ("anywidget in JupyterLab", doctor.FAIL, "no-such-extension"),
        ("progress file", doctor.WARN, "cannot be kept"),
        ("browser for tests", doctor.WARN, "no Chromium"),
    ],
)
def test_finds_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, state: str, found: str
) -> None:
    break_everything(monkeypatch)
    assert row(name).state == state
    assert found in row(name).found


def test_a_gpu_that_is_asked_for_and_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    if any(map(doctor._version, doctor.CUPY)):
        pytest.skip("CuPy is installed here")
    assert row("GPU").state == doctor.OK
    monkeypatch.setenv("TEACHKIT_BACKEND", "cupy")
    assert row("GPU").state == doctor.FAIL


def test_cupy_without_a_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in that behaves as CuPy does on a machine without a driver."""
    (tmp_path / "cupy.py").write_text(
        "class cuda:\n    @staticmethod\n    def is_available():\n        return False\n"
    )
    (tmp_path / "cupy_cuda13x-14.2.0.dist-info").mkdir()
    (tmp_path / "cupy_cuda13x-14.2.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: cupy-cuda13x\nVersion: 14.2.0\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "cupy", raising=False)
    found = row("GPU")
    sys.modules.pop("cupy", None)  # the stand-in is no array library for the tests that follow
    assert found.state == doctor.WARN
    assert "cupy-cuda13x is installed, but finds no GPU" in found.found
    assert "nvidia-smi" in found.advice


def test_a_progress_file_that_may_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "not" / "yet" / "progress.json"
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(path))
    assert row("progress file").state == doctor.OK
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


def test_the_table_is_readable() -> None:
    report = doctor.Report(
        [
            doctor.Row("numpy", doctor.OK, "2.4"),
            doctor.Row("jupyterlab", doctor.FAIL, "missing, needs >=4.2", "make lab"),
        ]
    )
    assert repr(report).splitlines() == [
        "OK    numpy       2.4",
        "FAIL  jupyterlab  missing, needs >=4.2",
        "                  -> make lab",
        "",
        "1 of 2 requirements is not met: see FAIL above.",
    ]


releases = st.lists(st.integers(0, 30), min_size=1, max_size=3).map(lambda v: ".".join(map(str, v)))


@given(releases, releases, releases)
def test_ranges_agree_with_packaging(version: str, low: str, high: str) -> None:
    wanted = f">={low},<{high}"
    assert doctor.in_range(version, wanted) == SpecifierSet(wanted).contains(Version(version))


def test_metadata_is_read_as_packaging_reads_it() -> None:
    from packaging.requirements import Requirement

    for line in metadata.requires("teachkit") or []:
        name, wanted, extra = doctor._parse(line)
        expected = Requirement(line)
        assert (name, SpecifierSet(wanted)) == (expected.name, expected.specifier)
        marker = expected.marker
        assert extra == "" if marker is None else marker.evaluate({"extra": extra})


def run(*options: str, code: str = "") -> subprocess.CompletedProcess[str]:
    arguments = ["-c", code] if code else ["-m", "teachkit.doctor"]
    return subprocess.run(
        [sys.executable, *options, *arguments], capture_output=True, text=True, check=False
    )


def test_the_command() -> None:
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "numpy" in done.stdout


def test_speaks_where_numpy_is_missing() -> None:
    """The commonest call for a doctor: the wrong Python, with nothing installed."""
    done = run(
        code="import sys, importlib.metadata as m\n"
        "sys.modules['numpy'] = sys.modules['scipy'] = sys.modules['jupyter_core'] = None\n"
        "real = m.version\n"
        "def version(name):\n"
        "    if name == 'numpy': raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.version = version\n"
        "from teachkit import doctor\n"
        "sys.exit(doctor.main())"
    )
    assert done.returncode == 1, done.stderr
    assert "FAIL  numpy" in done.stdout
    assert "TEACHKIT_PROGRESS" not in done.stdout, "nothing is wrong with the progress file"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("scipy-9.dist-info/METADATA", "FAIL  scipy                     half installed, needs"),
        ("numpy.py", "numpy does not load: RuntimeError: no such luck"),
        ("threadpoolctl.py", "WARN  BLAS"),
        ("labextensions/anywidget/package.json", "package.json cannot be read"),
    ],
)
def test_speaks_where_an_installation_is_broken(tmp_path: Path, broken: str, said: str) -> None:
    path = tmp_path / broken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "Name: scipy\n" if path.name == "METADATA" else 'raise RuntimeError("no such luck")'
    )
    done = subprocess.run(
        [sys.executable, "-m", "teachkit.doctor"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "JUPYTER_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert said in done.stdout
    assert done.returncode == int("FAIL" in done.stdout)
    assert "TEACHKIT_PROGRESS to" not in done.stdout, "nothing is wrong with the progress file"
