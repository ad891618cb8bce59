"""Every explorer on one page, and hands for them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

AROUND = 34  # px to the left and right of a cell in Voilà
DATA = "from teachkit import datasets, widgets\ndigits = datasets.digits()\n"
CELLS = {
    "influence": f"{DATA}widgets.InfluenceExplorer(*datasets.blobs())",
    "images": "widgets.ImageInfluenceExplorer(digits, walls=4)",
    "bowl": "widgets.BowlExplorer()",
    "own bowl": "widgets.BowlExplorer([[1.0, 0.5], [0.5, 2.234]])",
    "root": "widgets.RootFinder()",
    "descent": "widgets.DescentExplorer()",
    "secant": "widgets.SecantExplorer()",
    "memory": "cancer = datasets.breast_cancer()\n"
    "widgets.MemoryExplorer(cancer.X_train, cancer.y_train, l2=0.1)",
    "step": "widgets.StepSizeExplorer(digits.X_train, digits.y_train)",
    "conjugate": "widgets.ConjugateGradientExplorer()",
    "generative": "widgets.GenerativeExplorer(push=3.0)",
    "risk": "widgets.RiskExplorer(view='fixed')",
    "smooth hinge": "widgets.SmoothHingeExplorer()",
    "loss": "widgets.LossExplorer(derivative='slope')",
    "lissa": "widgets.LissaExplorer()",
    "perturbation": "widgets.PerturbationExplorer(*datasets.blobs())",
    "pixels": "widgets.PixelExplorer(digits)",
    "agreement": "widgets.AgreementExplorer()",
    "audit": "widgets.LabelAudit()",
    "comparison": "widgets.ModelComparisonExplorer(n=100)",
    "mismatch": "widgets.MismatchExplorer()",
    "attack": "widgets.AttackExplorer()",
    "roofline": "widgets.RooflineExplorer()",
    "guess a point": "widgets.InfluenceExplorer(*datasets.blobs(), guess=True)",
    "guess a line": "widgets.InfluenceExplorer(*datasets.blobs(), show='basic', guess=True)",
    "guess a way": "widgets.PerturbationExplorer(*datasets.blobs(), guess=True)",
    "guess a pixel": "widgets.PixelExplorer(digits, guess=True)",
    "guess an image": "widgets.ImageInfluenceExplorer(digits, walls=4, guess=True)",
    "guess a slope": "widgets.AgreementExplorer(guess=True)",
}


class Hands:
    """One explorer of the page, and what hands do there."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.root = page.locator(".teachkit-explorer").nth([*CELLS].index(name))

    def plane(self, place: int = 0) -> Locator:
        return self.root.locator(".teachkit-plane").nth(place)

    def sentence(self, place: int = 0) -> Locator:
        return self.root.locator(".teachkit-sentence").nth(place)

    def point(self, name: str) -> Locator:
        return self.root.locator(f".teachkit-point[data-id='{name}']")

    def slider(self, place: int = 0) -> Locator:
        return self.root.get_by_role("slider").nth(place)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def centre(self, name: str) -> tuple[float, float]:
        """Where the point is drawn, in pixels of the window."""
        self.plane().scroll_into_view_if_needed()
        box = self.point(name).locator(".teachkit-hit").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, name: str, dx: float, dy: float, *, release: bool = True) -> None:
        x, y = self.centre(name)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=15)
        if release:
            self.page.mouse.up()
