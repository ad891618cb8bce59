"""The memory explorer in Voilà: its slider by keyboard, and undo."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_memory_of_l_bfgs_on_a_slider(voila) -> None:
    page = voila(
        [
            "from teachkit import MemoryExplorer, datasets\n"
            "cancer = datasets.breast_cancer()\n"
            "MemoryExplorer(cancer.X_train, cancer.y_train, l2=0.1)"
        ]
    )
    said = page.locator(".teachkit-sentence")
    expect(said).to_contain_text("L-BFGS with memory 10 takes")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("L-BFGS with memory 5 takes")
    page.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("L-BFGS with memory 10 takes")
    expect(page.locator(".teachkit-error")).to_be_empty()
