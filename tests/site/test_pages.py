"""The part of the site that is our own code."""

from __future__ import annotations

import doctest
import importlib
import sys
from pathlib import Path

import pytest


def test_its_examples_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "site"))
    done = doctest.testmod(importlib.import_module("pages"))
    assert done.attempted >= 3
    assert done.failed == 0
    for name in ("pages", "launch"):
        sys.modules.pop(name)
