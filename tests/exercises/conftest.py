"""Every test has a progress file of its own and begins at the first hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from teachkit.exercises import _exercise, _progress


@pytest.fixture(autouse=True)
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "progress.json"
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(path))
    monkeypatch.setattr(_progress, "_pending", {})
    monkeypatch.setattr(_exercise, "_reached", {})
    return path
