"""What `import teachkit` gives, and what it does not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import teachkit

DRAWING = {*teachkit._NAMES["teachkit.widgets"], "exercises", "figures", "widgets"}
HEAVY = {
    "IPython",
    "anywidget",
    "autograd",
    "ipywidgets",
    "matplotlib",
    "numpy.f2py",  # whoever asks NumPy for every name loads it
    "pandas",
    "sklearn",
    "tqdm",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_is_light() -> None:
    loaded = loaded_by("import teachkit")
    assert loaded & HEAVY == set()
    assert "zipfile" not in loaded  # with importlib.metadata: for who asks for the version


def test_the_numeric_core_is_light() -> None:
    """Every public name but those that draw."""
    names = [n for n in teachkit.__all__ if n not in DRAWING and n != "__version__"]
    loaded = loaded_by(f"from teachkit import {', '.join(names)}")
    assert "numpy" in loaded
    assert loaded & HEAVY == set()


def test_a_fit_and_its_influence_load_no_data_and_draw_nothing() -> None:
    names = "Influence, LinearRisk, Logistic, leave_one_out, minimize"
    loaded = loaded_by(f"from teachkit import {names}")
    assert loaded & {"http.client", "json", "numpy.random", "teachkit.datasets"} == set()


@pytest.mark.parametrize("name", teachkit.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(teachkit, name) is not None
    assert name in dir(teachkit)


DRAWN = "random numbers are drawn in main memory, the same in every library"
LOOKED_AT = "what is to be said in a sentence is looked at in main memory"
SKLEARN = "what scikit-learn's models hold is NumPy's"
AUTOGRAD = "autograd follows NumPy's functions"
NUMPY_IN = {
    "arrays.py": "the only file that knows which array libraries exist",
    "attacks/__init__.py": DRAWN,
    "attacks/plan.py": LOOKED_AT,
    "attacks/reach.py": "rankings are answers in main memory",
    "attacks/records.py": "records are in main memory, a number for each step",
    "derivatives/_by_rows.py": AUTOGRAD,
    "derivatives/exact.py": AUTOGRAD,
    "derivatives/hvp_test.py": DRAWN,
    "derivatives/products.py": AUTOGRAD,
    "derivatives/taylor.py": "slopes of measured errors, a few numbers in main memory",
    "influence/_estimators.py": SKLEARN,
    "influence/_inputs.py": SKLEARN,
    "influence/_labels.py": SKLEARN,
    "influence/_svc.py": SKLEARN,
    "influence/_unfinished.py": DRAWN,
    "influence/from_sklearn.py": SKLEARN,
    "inverse_hvp/_samples.py": DRAWN,
    "linear/_checks.py": DRAWN,
    "linear/lissa.py": DRAWN,
    "optimize/root.py": "a complex number of NumPy's is told from a real one",
    "retraining/kept.py": "a file of rows is NumPy's",
    "retraining/together.py": "which columns are done is known in main memory",
    "risks/_alike.py": LOOKED_AT,
    "risks/_all_shards.py": "an index of NumPy's is told from its true and false",
    "risks/_labels.py": LOOKED_AT,
    "risks/_layers.py": DRAWN,
    "risks/_loss.py": LOOKED_AT,
    "risks/_removal.py": "a mask by its indices, which the standard cannot write",
    "risks/_rowwise.py": AUTOGRAD,
    "risks/checks.py": LOOKED_AT,
    "risks/consistency.py": LOOKED_AT,
    "risks/networks.py": DRAWN,
    "risks/sharded.py": "where shards begin and end, a few numbers in main memory",
    "risks/trained.py": "the network that comes trained is NumPy's",
    "validation.py": "figures of two vectors, in main memory",
}
ABOVE = ("exercises", "figures", "scenes", "widgets", "course.py", "doctor.py")
SOURCES = ("datasets", "vision")  # data begin as NumPy's


def test_numeric_files_do_without_numpy_but_for_a_reason() -> None:
    """What does not import it cannot call it on an array of a GPU."""
    room = Path(teachkit.__file__).parent
    found = set()
    for path in room.rglob("*.py"):
        name = path.relative_to(room)
        if name.parts[0] not in ABOVE + SOURCES and "numpy" in imported(path):
            found.add(name.as_posix())
    assert found == set(NUMPY_IN)


def imported(path: Path) -> set[str]:
    """The packages that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


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
