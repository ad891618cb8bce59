"""A figure is never shown without the words that stand for it."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from typing import Any

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from teachkit.figures import show


def shown(monkeypatch: pytest.MonkeyPatch, alt: str, **options: bool) -> dict[str, str]:
    """What the front end is sent of a figure, which is closed then."""
    sent: list[tuple[Any, bool]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append((data, raw)))
    figure, _ = plt.subplots(figsize=(3.0, 2.0))
    show(figure, alt, **options)
    ((data, raw),) = sent
    assert raw
    assert not plt.fignum_exists(figure.number)
    return data


def test_words_and_a_picture_that_fine_screens_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    data = shown(monkeypatch, 'A line "rises" where x < 1.')
    assert set(data) == {"text/html", "text/plain"}  # a PNG beside it would double every lesson
    assert data["text/plain"] == 'Figure: A line "rises" where x < 1.'
    assert ' alt="A line &quot;rises&quot; where x &lt; 1." ' in data["text/html"]
    picture = re.search(r'width="(\d+)" src="data:image/png;base64,(.*?)"', data["text/html"])
    assert picture
    width, png = picture.groups()
    wide, _ = Image.open(io.BytesIO(b64decode(png))).size
    assert wide == pytest.approx(2 * int(width), abs=1)
    assert 250 < int(width) <= 320  # the figure's 3 inches, without its margin


def test_a_photograph_keeps_its_blacks_in_the_dark(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'class="teachkit-figure"' in shown(monkeypatch, "A digit.")["text/html"]
    data = shown(monkeypatch, "A digit.", photograph=True)
    assert 'class="teachkit-figure teachkit-photograph"' in data["text/html"]


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_no_words(alt: str) -> None:
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="sentence"):
        show(figure, alt)
    plt.close(figure)
