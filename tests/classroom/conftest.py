"""A progress file of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from teachkit.exercises._engine import progress, task


@pytest.fixture
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mine" / "progress.json"
    monkeypatch.setenv("TEACHKIT_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_pending", {})
    monkeypatch.setattr(task, "_reached", {})
    return path
