"""`make site`: the lessons as they are, a first page and a glossary, as static pages in build/site.

Nothing is executed. What Sphinx reads is laid together in build/site-source: this folder's pages,
and beside them notebooks/, README.md and CHANGELOG.md, so that their links hold as they stand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / "build"
SOURCE, STATIC, NPM, TARGET = (BUILD / f"site{name}" for name in ("-source", "-static", "-npm", ""))


def lay_together() -> None:
    """Make build/site-source and build/site-static anew."""
    for folder in (SOURCE, STATIC):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for page in (*HERE.glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"):
        shutil.copy(page, SOURCE)
    shutil.copytree(ROOT / "notebooks", SOURCE / "notebooks")
    # The explorer without a kernel, on the first page.
    flagship = STATIC / "flagship"
    subprocess.run([sys.executable, str(HERE / "flagship" / "build.py"), str(flagship)], check=True)
    (flagship / "mount.html").rename(SOURCE / "mount.html")


def bring_katex() -> None:
    """Take KaTeX from npm where it is not there yet, and its CSS and fonts to the pages."""
    wanted = (HERE / "package.json").read_text("utf-8")
    kept, katex = NPM / "package.json", NPM / "node_modules" / "katex" / "dist"
    if not katex.is_dir() or kept.read_text("utf-8") != wanted:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(
                "`npm` was not found. The site's formulas are set by KaTeX, which comes from npm. "
                "On Debian: apt install npm. Elsewhere: install Node.js 20 or newer."
            )
        NPM.mkdir(parents=True, exist_ok=True)
        kept.write_text(wanted, "utf-8")
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
        subprocess.run([npm, "install", *quiet], cwd=NPM, check=True)
    (STATIC / "katex" / "fonts").mkdir(parents=True)
    shutil.copy(katex / "katex.min.css", STATIC / "katex")
    for font in (katex / "fonts").glob("*.woff2"):  # what every browser of today reads
        shutil.copy(font, STATIC / "katex" / "fonts")


def main() -> int:
    """Build the site; a warning of Sphinx is an error."""
    lay_together()
    bring_katex()
    shutil.rmtree(TARGET, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fresh-env"]
    command += ["--fail-on-warning", "--keep-going", "-c", HERE, "-d", BUILD / "site-doctrees"]
    done = subprocess.run([*map(str, command), str(SOURCE), str(TARGET)])
    if done.returncode == 0:
        print("The site is in build/site. To look at it: python -m http.server -d build/site")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
