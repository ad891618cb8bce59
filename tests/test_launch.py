"""Where the course can be opened and how it is published: each file says what the others say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_server.serverapp import ServerApp
from packaging.requirements import Requirement

import teachkit
from teachkit.course import CHANGE, changes
from tests.notebooks.lessons import LESSONS, number, read

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))


@pytest.fixture
def launch(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """site/launch.py, as it is on a machine that is not GitHub's."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    spec = importlib.util.spec_from_file_location("launch", ROOT / "site" / "launch.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- buttons ----


def test_the_readme_has_the_buttons_of_the_address(launch: ModuleType) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert launch.readme(text) == text, "make buttons"
    assert all(f"]({address})" in text for address in [*launch.buttons().values(), launch.site()])


def test_the_address_stands_in_one_place(launch: ModuleType) -> None:
    """Besides pyproject.toml only README has it, and there `make buttons` writes it."""
    name = launch.repository().removeprefix("https://github.com/")
    tracked = subprocess.run(
        ["git", "grep", "--files-with-matches", "--fixed-strings", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tracked.stdout.split() == ["README.md", "pyproject.toml"]


def test_on_github_the_buttons_are_those_of_the_repository_that_builds(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "somebody/a-fork")
    assert all("somebody/a-fork" in address for address in launch.buttons().values())
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](https://somebody.github.io/a-fork/)" in launch.readme(text)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_binder_opens_a_lesson_that_postbuild_copies(launch: ModuleType, path: Path) -> None:
    opened = unquote(launch.buttons(path.name)["Binder"]).split("urlpath=lab/tree/")[1]
    assert opened == f"my_course/{path.name}"
    script = (ROOT / "postBuild").read_text(encoding="utf-8")
    assert "python -m teachkit.course notebooks my_course" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_postbuild_copies_the_lessons_and_tells_the_server_what_make_lab_tells_it(
    tmp_path: Path,
) -> None:
    """Run for real, in a folder and with settings of the test's own."""
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": here, "JUPYTER_CONFIG_DIR": str(tmp_path / "settings")}
    script = ROOT / "postBuild"
    assert script.stat().st_mode & 0o100
    subprocess.run([str(script)], cwd=tmp_path, env=env, check=True)
    copied = {path.name for path in (tmp_path / "my_course").glob("*.ipynb")}
    assert copied == {path.name for path in LESSONS}
    command = [sys.executable, "-m", "jupyter_server", "--show-config-json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    hook = json.loads(done.stdout)["ContentsManager"]["pre_save_hook"]
    assert f"--ContentsManager.pre_save_hook={hook}" in MAKEFILE


# ---- Colab ----


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_for_colab_is_the_lesson_behind_a_cell_that_installs(
    launch: ModuleType, path: Path
) -> None:
    lesson = json.loads(path.read_text(encoding="utf-8"))
    copy = launch.for_colab(lesson, "v1.2.3")
    text, install, *rest = copy["cells"]
    assert rest == lesson["cells"]
    nbformat.validate(nbformat.from_dict(copy))
    assert "What is different here" in text["source"]
    python = TransformerManager().transform_cell(install["source"])
    compile(python, "<the first cell>", "exec")
    (line,) = re.findall(r"^%pip install --quiet (.*)", install["source"])
    wanted = {(r := Requirement(one)).name: r for one in re.findall(r'"(.*?)"', line)}
    assert wanted["teachkit"].url == f"git+{launch.repository()}@v1.2.3"
    lab = {Requirement(one).name for one in PROJECT["optional-dependencies"]["lab"]}
    assert lab - set(wanted) == {"jupyterlab", "ipykernel"}
    assert all(
        f"`{name}`" in text["source"] for name in lab - set(wanted)
    )  # the doctor misses them


def test_colab_is_told_what_photographs_need(launch: ModuleType) -> None:
    vision = {Requirement(one).name for one in PROJECT["optional-dependencies"]["vision"]}
    there = {"torch", "torchvision"}
    assert there < vision
    (told,) = re.findall(r"`%pip install (.*?)`", launch.COLAB_TEXT)
    assert set(told.split()) == vision - there


def test_the_command_writes_every_lesson_for_colab(launch: ModuleType, tmp_path: Path) -> None:
    launch.main("colab", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in LESSONS}
    first = nbformat.read(tmp_path / LESSONS[0].name, as_version=4).cells[1].source
    assert f"@v{PROJECT['version']}" in first


# ---- Codespaces, workflow, forms ----


def commands(text: str) -> list[str]:
    return re.findall(r"\bmake ([a-z-]+)", text)


def test_codespaces_runs_commands_that_are_there() -> None:
    said = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert said["image"].endswith(":3.12")
    found = commands(said["postCreateCommand"]) + commands(said["postAttachCommand"])
    assert found == ["doctor", "lab"]
    assert all(re.search(rf"^{name}:", MAKEFILE, re.MULTILINE) for name in found)
    (module,) = re.findall(r"python -m ([\w.]+)", said["postCreateCommand"])
    assert importlib.util.find_spec(module)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_server_in_a_codespace_lets_in_what_its_own_address_asks() -> None:
    """GitHub shows a port under a name of its own, which Jupyter takes for a stranger's page."""
    said = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    # The flags as the shell that make starts reads them.
    see = "make() { eval printf '%s\\\\n' ${2#LAB_FLAGS=}; }; "
    env = {
        **os.environ,
        "CODESPACE_NAME": "lamp-x5",
        "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev",
    }
    command = ["bash", "-c", see + said["postAttachCommand"]]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    server = ServerApp()
    server.parse_command_line(done.stdout.split())
    allowed = re.compile(server.allow_origin_pat)
    assert allowed.match("https://lamp-x5-8888.app.github.dev")
    assert allowed.match("https://lamp-x5-8889.app.github.dev")
    for stranger in ("https://pear-y6-8888.app.github.dev", "https://example.org"):
        assert not allowed.match(stranger)
    assert not server.open_browser


def test_the_workflow_builds_and_publishes_what_make_site_writes() -> None:
    said = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))
    steps = said["jobs"]["publish"]["steps"]
    runs = "\n".join(step.get("run", "") for step in steps)
    assert commands(runs) == ["site"]
    (upload,) = [step for step in steps if "upload-pages" in step.get("uses", "")]
    assert upload["with"]["path"] == "build/site"
    assert (ROOT / "site" / "assemble.py").exists()
    assert "python site/launch.py colab build/colab" in runs
    assert said[True]["push"]["branches"] == ["main"]  # YAML reads the key `on` as true


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_reads(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    for field in form["body"]:
        assert field["type"] in {"input", "textarea", "markdown"}
        assert field["attributes"]["label"]
    names = [field["id"] for field in form["body"]]
    assert len(set(names)) == len(names)
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_there_are_three_forms() -> None:
    names = [yaml.safe_load(path.read_text(encoding="utf-8"))["name"] for path in FORMS]
    assert names == [
        "A check refuses a right answer",
        "Something looks wrong",
        "An idea for a lesson",
    ]


# ---- one version ----


def test_the_version_is_the_same_everywhere() -> None:
    """One in pyproject.toml; the newest heading of the changelog; the citation."""
    newest, when = re.findall(r"^## (\S+?),? \(?(.*?)\)?$", CHANGELOG, re.MULTILINE)[0]
    assert newest == PROJECT["version"] == CITATION["version"] == teachkit.__version__
    assert when == "in the making" or str(CITATION["date-released"]) == when


def test_the_citation_has_what_its_format_asks_for() -> None:
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["message"] and CITATION["title"]
    assert CITATION["type"] == "software"
    assert all({"name"} <= set(author) for author in CITATION["authors"])
    assert CITATION["license"] == PROJECT["license"]


def test_the_changelog_tells_lessons_that_there_are() -> None:
    found = changes(ROOT / "CHANGELOG.md")
    assert found
    assert set(found) <= {number(path) for path in LESSONS}
    lines = re.findall(r"^- \*\*", CHANGELOG, re.MULTILINE)
    assert len(lines) == len(CHANGE.findall(CHANGELOG))
    assert read(LESSONS[0]).cells
