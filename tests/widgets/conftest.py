"""The explorers' clock stands still, so that a busy machine does not end a gesture by its delay."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from teachkit.widgets import explorer


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that needs time to pass sets ``explorer.time.monotonic``."""
    monkeypatch.setattr(explorer, "time", SimpleNamespace(monotonic=lambda: 100.0))
