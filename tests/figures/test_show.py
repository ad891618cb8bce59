"""A figure is never shown without the words that stand for it."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pytest

from teachkit.figures import show


def test_picture_words_and_no_figure_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, raw, metadata: shown.append((data, raw, metadata))
    )
    figure, _ = plt.subplots()
    number = figure.number
    show(figure, "A line that rises.")
    ((data, raw, metadata),) = shown
    assert raw
    assert data["text/plain"] == "Figure: A line that rises."
    assert data["image/png"].startswith("iVBOR")  # a PNG file in base64
    assert metadata == {"image/png": {"alt": "A line that rises."}}
    assert not plt.fignum_exists(number)


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_no_words(alt: str) -> None:
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="sentence"):
        show(figure, alt)
    plt.close(figure)
