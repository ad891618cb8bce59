"""pyproject.toml, environment.yml and requirements.lock say the same thing."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
CONDA_TEXT = (ROOT / "environment.yml").read_text(encoding="utf-8")
CONDA = yaml.safe_load(CONDA_TEXT)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()


def by_name(lines: list[str]) -> dict[str, Requirement]:
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


COURSE = by_name(PROJECT["dependencies"] + EXTRAS["lab"])
EVERYTHING = by_name(PROJECT["dependencies"] + list(chain(*EXTRAS.values())))
# Which build of PyTorch fits is the machine's affair, and which grader there is the school's.
UNLOCKED = by_name(EXTRAS["vision"] + EXTRAS["graders"])
CONDA_PACKAGES = by_name([line for line in CONDA["dependencies"] if isinstance(line, str)])


def test_conda_has_the_whole_course() -> None:
    assert set(COURSE) <= set(CONDA_PACKAGES)


@pytest.mark.parametrize("name", sorted(set(CONDA_PACKAGES) - {"python", "pip"}))
def test_conda_and_pip_ask_for_the_same_range(name: str) -> None:
    assert CONDA_PACKAGES[name].specifier == EVERYTHING[name].specifier


def test_conda_asks_for_a_python_that_is_tested_and_installs_teachkit_itself() -> None:
    """One minor version, in a form that repo2docker reads: `python` and an equals sign."""
    (line,) = [line for line in CONDA["dependencies"] if str(line).startswith("python")]
    (minor,) = re.findall(r"^python==(\d+\.\d+)\.\*$", line)
    assert Version(minor) in SpecifierSet(PROJECT["requires-python"])
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tested,) = re.findall(r"^Tested with Python (.*?) and with NumPy", readme, re.MULTILINE)
    assert minor in re.findall(r"[\d.]+", tested)
    assert CONDA["channels"] == ["conda-forge"]
    assert {"pip": ["-e ."]} in CONDA["dependencies"]


def test_conda_can_bring_cupy() -> None:
    (line,) = re.findall(r"# - (cupy\S+)", CONDA_TEXT)
    assert Requirement(line).specifier == EVERYTHING["cupy-cuda13x"].specifier


def test_every_line_for_conda_has_its_reason() -> None:
    asks = re.compile(r" +(# )?- (?!conda-forge|pip:)")
    lines = [line for line in CONDA_TEXT.splitlines() if asks.match(line)]
    assert len(lines) > len(COURSE)
    assert [line for line in lines if not re.search(r"\S +# \w", line)] == []


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in set(EVERYTHING) - {"cupy-cuda12x", "cupy-cuda13x"}:
        (line,) = re.findall(rf'^    "{name}[>\[].*$', text, re.MULTILINE)
        assert re.search(r"# \S", line), f"{name} has no reason beside it"


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_dependencies_are_ranges(name: str) -> None:
    """The doctor understands these two signs; an exact pin is for the lock."""
    signs = {bound.operator for bound in EVERYTHING[name].specifier}
    assert ">=" in signs
    assert signs <= {">=", "<"}


def test_the_lock_holds_names_versions_and_markers_only() -> None:
    version = re.compile(r"[a-z0-9.-]+(\[[a-z,]+\])?==[\w.!+]+( ; [\w\s.*'=<>!()-]+)?")
    assert [line for line in LOCK if not version.fullmatch(line)] == []


@pytest.mark.parametrize("name", sorted(set(EVERYTHING) - set(UNLOCKED)))
def test_the_lock_holds_every_dependency_in_its_range(name: str) -> None:
    locked = [r for r in map(Requirement, LOCK) if canonicalize_name(r.name) == name]
    assert locked, "make lock"
    for requirement in locked:
        (pin,) = requirement.specifier
        assert Version(pin.version) in EVERYTHING[name].specifier
