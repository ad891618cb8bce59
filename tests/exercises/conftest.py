"""Every test has a progress file of its own and begins at the first hint."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teachkit.exercises._engine import progress, task


@pytest.fixture(autouse=True)
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "progress.json"
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_pending", {})
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # no test pulls the plug
    monkeypatch.setattr(task, "_reached", {})
    return path
