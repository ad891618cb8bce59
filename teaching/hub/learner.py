"""What a hub starts for a learner: first the lessons as `make lab` gives them, then the server.

It runs as the learner, in the place of `jupyterhub-singleuser`, and does the same wherever the hub
is: a process on this machine, a user of The Littlest JupyterHub, a container in Kubernetes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from teachkit.course import copy_lessons

LESSONS = Path(__file__).resolve().parents[2] / "notebooks"
COURSE = Path("my_course")
NEWS = COURSE / "newer_lessons.txt"
HAND_IN = COURSE / "hand_in"
FIRST = "/lab/tree/00_start_here.ipynb"
# As `make lab` asks the server (a test holds the two together), and two things more. In a class a
# kernel that no open page looks at is ended after half an hour; its notebook stays. And server and
# kernel speak over sockets in a folder of the learner's: ports that a kernel is given are free when
# they are looked for, and among thirty that start slowly another may have one before it does.
SETTINGS = (
    "--ContentsManager.pre_save_hook=teachkit.course.drop_views",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--KernelManager.transport=ipc",
)
HEAD = """\
Some lessons of yours are not the newest. Yours are kept as they are, and this file is
written anew each time your server starts. "Run this again" means here: stop your server
and start it again (File, Hub Control Panel).
"""


def lessons() -> list[str]:
    """Copy what is not there yet; the sentences on what is newer than its copy, or in the way."""
    try:
        said = copy_lessons(LESSONS, COURSE)
    except (OSError, ValueError) as error:  # a full disk, say: what is there can still be opened
        said = [str(error)]
    print(*said, sep="\n", flush=True)
    return [sentence for sentence in said if not sentence.endswith("copied, yours to change.")]


def tell(said: list[str]) -> bool:
    """Put the sentences where the learner sees them; whether there are any."""
    NEWS.unlink(missing_ok=True)
    if said:
        NEWS.write_text("\n".join([HEAD, *said, ""]), encoding="utf-8")
        NEWS.chmod(0o400)  # not the place for notes: it will be written anew
    return bool(said)


def surroundings(home: Path) -> None:
    """What kernels find in their environment, unless the hub has told them otherwise."""
    os.environ.setdefault("TEACHKIT_PROGRESS", str(home / "progress.json"))
    os.environ["JUPYTER_RUNTIME_DIR"] = runtime(home)
    # Thirty learners share the cores: one thread each is faster for all than as many as cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What the machine has free is not all theirs: a quarter of their part, as of a machine's.
    if most := os.environ.get("MEM_LIMIT"):
        os.environ.setdefault("TEACHKIT_MEMORY", str(int(most) // 4))


def runtime(home: Path) -> str:
    """A new folder for the sockets, in the place of the last time's: a socket's path is short."""
    link, temporary = home / ".sockets", Path(tempfile.gettempdir()).resolve()
    if link.is_symlink():
        last = link.readlink()
        if last.parent == temporary and last.name.startswith("jupyter-"):
            shutil.rmtree(last, ignore_errors=True)
        link.unlink()
    made = tempfile.mkdtemp(prefix="jupyter-", dir=temporary)
    link.symlink_to(made)
    return made


def hand_in() -> None:
    """A link in the learner's folder to the one that all hand their exports in to, if there is."""
    if (shared := os.environ.get("TEACHKIT_EXPORTS")) and not os.path.lexists(HAND_IN):
        HAND_IN.symlink_to(shared)


def main(arguments: list[str]) -> None:
    """Become the learner's server."""
    os.umask(0o077)  # what learners write, exports included, is theirs and the teacher's
    home = Path.home()
    os.chdir(home)
    surroundings(home)
    news = lessons()
    first = FIRST
    try:
        hand_in()
        first = f"/lab/tree/{NEWS.name}" if tell(news) else FIRST
    except OSError as error:
        print(error, flush=True)
    settings = [f"--ServerApp.root_dir={home / COURSE}", f"--ServerApp.default_url={first}"]
    settings += ["--allow-root"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterhub.singleuser", *settings, *SETTINGS, *arguments]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main(sys.argv[1:])
