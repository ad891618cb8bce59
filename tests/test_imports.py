"""What `import teachkit` gives, and what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import teachkit

DRAWING = {*teachkit._NAMES["teachkit.widgets"], "exercises", "figures", "widgets"}
HEAVY = {
    "IPython",
    "anywidget",
    "autograd",
    "ipywidgets",
    "matplotlib",
    "pandas",
    "sklearn",
    "tqdm",
}


def loaded_by(statement: str) -> set[str]:
    """The top-level packages that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_is_light() -> None:
    assert loaded_by("import teachkit") & HEAVY == set()


def test_the_numeric_core_is_light() -> None:
    """Every public name but those that draw."""
    names = [n for n in teachkit.__all__ if n not in DRAWING and n != "__version__"]
    loaded = loaded_by(f"from teachkit import {', '.join(names)}")
    assert "numpy" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("name", teachkit.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(teachkit, name) is not None
    assert name in dir(teachkit)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="influenza"):
        teachkit.influenza  # noqa: B018


def test_a_package_that_is_missing_is_named() -> None:
    """As after `pip install teachkit` without an extra."""
    code = "import sys; sys.modules['anywidget'] = None\nfrom teachkit import Plane"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = run.stderr.splitlines()[-1]
    assert said.startswith("ImportError: teachkit.Plane needs the package 'anywidget'")
    assert "python -m teachkit.doctor" in said
