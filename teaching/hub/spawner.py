"""A learner's server as a process on the hub's machine, in a folder of its own.

Where the hub is root, each learner is a user of its own to the system: a number without an account
or a password. What one writes the others can neither read nor change.
"""

from __future__ import annotations

import os
import pwd
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner

ROOT = Path(__file__).resolve().parents[2]
FIRST = 20_000  # the first learner's number: above the accounts that people have


class LearnerSpawner(SimpleLocalProcessSpawner):
    """`home_dir_template` says where the learners' folders are, `mem_limit` what a process gets."""

    async def start(self) -> tuple[str, int]:
        home = Path(self.home_dir)
        folder = home.parents[1]
        self.number = owner(home, separate=apart(folder))
        logs = folder / "logs"  # not where a learner could put a link
        logs.mkdir(mode=0o700, exist_ok=True)
        with (logs / f"{self.user.name}.log").open("wb") as log:
            self.popen_kwargs = {"stdout": log, "stderr": subprocess.STDOUT}
            return await super().start()

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        home, number, most = self.home_dir, self.number, self.mem_limit

        def before() -> None:
            if most:  # of one process; Python says MemoryError, and nothing is killed
                resource.setrlimit(resource.RLIMIT_DATA, (most, most))
            if number != os.geteuid():
                os.setgroups([])
                os.setgid(number)
                os.setuid(number)
            os.chdir(home)

        return before


def apart(folder: Path) -> bool:
    """Whether learners of the hub in this folder can be users of their own: the hub is root, and
    they can reach what they need.
    """
    return os.geteuid() == 0 and not closed(folder)


def closed(folder: Path) -> list[Path]:
    """The folders on the way to hub, course and Python that nobody but their owner can enter."""
    ends = (folder, ROOT, Path(sys.prefix), Path(sys.base_prefix).resolve())
    on_the_way = {folder for end in ends for folder in (end, *end.parents)}
    return sorted(folder for folder in on_the_way if not folder.stat().st_mode & 0o001)


def owner(home: Path, *, separate: bool) -> int:
    """The number of the user whose this folder is; it is made where it is not there yet."""
    with suppress(FileExistsError):
        others = [folder.stat().st_uid for folder in home.parent.iterdir()]
        home.mkdir(mode=0o700)
        if separate:
            number = free_number(others)
            os.chown(home, number, number)
    return home.stat().st_uid


def free_number(others: Iterable[int]) -> int:
    return next(n for n in count(max([FIRST - 1, *others]) + 1) if not _has_account(n))


def _has_account(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True
