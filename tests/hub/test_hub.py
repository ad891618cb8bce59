"""A small class on one hub: what each learner has, what others cannot reach, and what outlives it.

The hub runs in an environment of its own (`make hub-test` makes it); these tests talk to it as
browsers do.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from teaching.hub.drive import CONFIG, HERE, Hub, Learner, wait_for
from teaching.hub.ports import free
from teachkit.classroom.read import read

pytestmark = pytest.mark.hub
LESSON = "07_influence_upweighting.ipynb"
RIGHT = """
def sensitivity(T, x, z):
    return (len(x) + 1) * (T(np.append(x, z)) - T(x))


lesson.sensitivity.check(sensitivity)
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not one of pytest's, which are closed to other users."""
    with tempfile.TemporaryDirectory(prefix="teachkit-hub-") as made:
        Path(made).chmod(0o711)
        yield Path(made).resolve()


@pytest.fixture(scope="module")
def hub(folder: Path) -> Iterator[Hub]:
    yield from running(Hub(folder / "class"))


def running(hub: Hub) -> Iterator[Hub]:
    """Started; and in the end nothing is left of it."""
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()
        assert hub.processes() == []
        assert all(map(free, json.loads((hub.folder / "ports.json").read_text())))


@pytest.fixture(scope="module")
def ada(hub: Hub) -> Learner:
    return started(hub, "ada")


@pytest.fixture(scope="module")
def ben(hub: Hub) -> Learner:
    return started(hub, "ben")


def started(hub: Hub, name: str) -> Learner:
    learner = Learner(hub, name)
    learner.start()
    return learner


def cells(learner: Learner) -> dict[str, str]:
    content = learner.read(LESSON)["content"]
    return {cell["id"]: "".join(cell["source"]) for cell in content["cells"]}


def test_each_learner_has_every_lesson(hub: Hub, ada: Learner, ben: Learner) -> None:
    lessons = sorted((HERE.parents[1] / "notebooks").glob("*.ipynb"))
    for learner in (ada, ben):
        for lesson in lessons:
            copy = learner.home / "my_course" / lesson.name
            assert copy.read_bytes() == lesson.read_bytes()
        listed = {entry["name"] for entry in learner.read("")["content"]}
        assert {lesson.name for lesson in lessons} <= listed
    assert ada.ask("").url.endswith("/lab/tree/00_start_here.ipynb")


def test_nobody_gets_into_another_learners_server(ada: Learner, ben: Learner) -> None:
    with pytest.raises(requests.HTTPError, match="403"):
        ben.ask("hub/../user/ada/api/contents")
    with pytest.raises(requests.HTTPError, match="404"):
        ben.ask("hub/api/users/ada")


@pytest.mark.parametrize("name", ["..", "../ada", "a/b", ".ada", ""])
def test_a_name_is_no_way_into_other_folders(hub: Hub, name: str) -> None:
    with pytest.raises(requests.HTTPError, match="403"):
        Learner(hub, name)


def test_the_flagship_answers_and_progress_is_each_learners_own(ada: Learner, ben: Learner) -> None:
    code = cells(ada)
    for learner in (ada, ben):
        with learner.kernel(LESSON) as kernel:
            kernel.run(code["setup"])
            kernel.run(code["theta-eps-widget"])
            plane = kernel.plane()
            before = kernel.widgets[plane]["since"]
            kernel.drag(plane, 1, {"20": [3.0, 1.0]})
            assert kernel.widgets[plane]["since"]["changed"] != before["changed"]
            if learner is ada:
                assert "correct" in kernel.run(RIGHT)
            else:
                assert "not yet" in kernel.run(RIGHT.replace("+ 1", "")).lower()
    found = [
        json.loads((learner.home / "progress.json").read_text())["exercises"]
        for learner in (ada, ben)
    ]
    key = "influence_upweighting.sensitivity"
    assert found[0][key]["solved"]
    assert not found[1][key].get("solved")


def test_exports_come_together_and_are_closed_to_others(
    hub: Hub, ada: Learner, ben: Learner
) -> None:
    hand_in = "from teachkit.exercises import export; print(export({!r}, folder='hand_in').path)"
    with ada.kernel(LESSON) as kernel:
        file = Path(kernel.run(hand_in.format("Ada")).strip())
        assert hub.folder / "exports" / file.name in (hub.folder / "exports").iterdir()
    with ben.kernel(LESSON) as kernel:
        kernel.run(hand_in.format("Ben"))
        handed = read(hub.folder / "exports")
        assert sorted(learner.name for learner in handed.learners) == ["Ada", "Ben"]
        assert handed.left_out == ()
        if ada.home.stat().st_uid == ben.home.stat().st_uid:
            pytest.skip("learners are apart where the hub is root and all can read the course")
        of_ada = hub.folder / "exports" / file.name
        for attempt in (
            f"open({str(of_ada)!r}).read()",
            f"open({str(of_ada)!r}, 'w')",
            f"import os; os.unlink({str(of_ada)!r})",
            f"import os; os.listdir({str(hub.folder / 'exports')!r})",
            f"import os; os.listdir({str(ada.home)!r})",
            f"open({str(ada.home / 'progress.json')!r}).read()",
            f"open({str(hub.folder / 'jupyterhub.sqlite')!r}, 'rb').read()",
            f"open({str(hub.folder / 'cookie_secret')!r}, 'rb').read()",
        ):
            with pytest.raises(RuntimeError, match="PermissionError|not permitted"):
                kernel.run(attempt)
    assert of_ada.exists()


def test_too_much_memory_is_an_error_and_the_kernel_lives_on(ada: Learner) -> None:
    with ada.kernel(LESSON) as kernel:
        kernel.run("import numpy as np; kept = 7")
        with pytest.raises(RuntimeError, match="MemoryError"):
            kernel.run("np.ones(2**28)")  # 2 GiB
        assert "7" in kernel.run("print(kept)")
        assert "True" in kernel.run(
            "import os; print(os.environ['TEACHKIT_MEMORY'] == str(2**28))"  # a quarter of 1 GiB
        )


def test_nothing_is_lost_when_the_hub_dies_in_the_middle(hub: Hub, ada: Learner) -> None:
    notebook = ada.read(LESSON)["content"]
    notebook["cells"][-1]["source"] = "What I think of it."
    with ada.kernel(LESSON) as kernel:
        kernel.run("from teachkit import InfluenceExplorer, datasets")
        kernel.run("InfluenceExplorer(*datasets.line())")
        plane = kernel.plane()
        kernel.drag(plane, 1, {"20": [3.0, 1.0]})
        kernel.run(
            "import numpy as np\nfrom teachkit.exercises import influence_upweighting as lesson"
        )
        kernel.run(RIGHT)
        kernel.run("x = 42")
        ada.write(LESSON, notebook)
        progress = (ada.home / "progress.json").read_bytes()
        before = hub.processes("ada")
        hub.kill()
        assert all(process.is_running() for process in before)
        hub.start()
        wait_for(ada.ready, "ada's server is found again")
        assert hub.processes("ada") == before
        kernel.connect()
        assert "42" in kernel.run("print(x)")
        kernel.drag(plane, 2, {"20": [2.0, 1.5]})
    assert ada.read(LESSON)["content"]["cells"][-1]["source"] == "What I think of it."
    assert (ada.home / "progress.json").read_bytes() == progress


def test_a_newer_lesson_is_said_and_no_answer_is_written_over(hub: Hub) -> None:
    cleo = started(hub, "cleo")
    notebook = cleo.read(LESSON)["content"]
    notebook["cells"][0]["source"] = "My notes."
    cleo.write(LESSON, notebook)
    cleo.stop()
    record = cleo.home / "my_course" / ".copied.json"
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub(r"[0-9a-f]{64}", 64 * "0", text, count=1), encoding="utf-8")
    cleo.start()
    news = (cleo.home / "my_course" / "newer_lessons.txt").read_text(encoding="utf-8")
    assert news.count("has changed since you copied it; yours is kept") == 1
    assert "00_start_here.ipynb" in news
    assert cleo.ask("").url.endswith("/lab/tree/newer_lessons.txt")
    assert cleo.read(LESSON)["content"]["cells"][0]["source"] == "My notes."
    cleo.stop()


def test_a_server_that_nobody_uses_is_stopped_and_its_work_stays(folder: Path) -> None:
    config = folder / "short.py"
    config.write_text(
        f"load_subconfig({str(CONFIG)!r})\n"
        "c.JupyterHub.services[0]['command'][-1:] = ['--timeout=3', '--cull-every=1']\n"
    )
    for hub in running(Hub(folder / "idle", config=config)):
        dora = started(hub, "dora")
        wait_for(lambda: not dora.servers(), "the server is stopped", 60)  # noqa: B023
        assert wait_for(lambda: not hub.processes("dora"), "it has ended", 60)  # noqa: B023
        assert (dora.home / "my_course" / LESSON).exists()


def test_make_hub_runs_on_this_machine_alone_until_control_c(folder: Path) -> None:
    hub = Hub(folder / "tried")
    with (hub.folder / "hub.log").open("wb") as log:
        make = subprocess.Popen(
            ["make", "hub", f"HUB={hub.folder}", "HUB_FLAGS=--JupyterHub.log_level=INFO"],
            cwd=HERE.parents[1],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(lambda: "is now running at" in hub.log or make.poll() is not None, "it runs")
        assert re.search(r"is now running at http://127\.0\.0\.1:\d+", hub.log), hub.log
        started(hub, "emil")
        assert {c.laddr.ip for p in hub.processes() for c in p.net_connections("tcp")} <= {
            "127.0.0.1",
            "::ffff:127.0.0.1",
        }
        os.killpg(make.pid, signal.SIGINT)
        make.wait(60)
        assert hub.processes() == []
    finally:
        for process in hub.processes():
            process.kill()
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)
            make.wait()
