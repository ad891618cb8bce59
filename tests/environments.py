"""Other Pythons and other packages to test with, each in an environment of its own under build/.

`python -m tests.environments newest` makes (or finds) that of the newest other Python, `oldest`
that of the oldest packages which pyproject.toml allows, `vision` one with PyTorch, `graders` one
with otter-grader and nbgrader, `hub` one with JupyterHub and its proxy; each prints the Python in
it. They are made again when pyproject.toml or requirements.lock has changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ASK = (
    "import sys, venv, ensurepip; v = sys.version_info; assert v.releaselevel == 'final'; "
    "print(v.major, v.minor, v.micro)"
)
NODE = 20  # as the proxy's own package says
OLDEST = (3, 11)  # as `requires-python` says; a test holds the two together


class Python(NamedTuple):
    """A Python that can make environments."""

    version: tuple[int, int, int]
    path: str

    @property
    def minor(self) -> tuple[int, int]:
        return self.version[:2]


def asked(path: str) -> Python | None:
    """What the Python at this path says of itself; None where it cannot be used."""
    try:
        done = subprocess.run([path, "-c", ASK], capture_output=True, text=True, check=True)
        major, minor, micro = map(int, done.stdout.split())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    return Python((major, minor, micro), path) if (major, minor) >= OLDEST else None


def candidates() -> Iterator[str]:
    """Every python3.X on the PATH, and those that pyenv has built."""
    name = re.compile(r"python3\.\d+")
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if os.path.isdir(folder or "."):
            names = sorted(filter(name.fullmatch, os.listdir(folder or ".")))
            yield from (os.path.join(folder, entry) for entry in names)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob("versions/3.*/bin/python")))


def pythons(paths: Iterable[str]) -> list[Python]:
    """One Python for each minor version, the first that answers, rising."""
    found: dict[tuple[int, int], Python] = {}
    for path in paths:
        python = asked(path)
        if python is not None:
            found.setdefault(python.minor, python)
    return sorted(found.values())


def others(named: str = "") -> list[Python]:
    """The Pythons of other minor versions than this one, rising; only the one named, if one is."""
    if named:
        path = shutil.which(named)
        python = asked(path) if path else None
        if python is None:
            raise SystemExit(f"{named!r} is no Python of {'.'.join(map(str, OLDEST))} or newer.")
        return [python]
    return [p for p in pythons(candidates()) if p.minor != sys.version_info[:2]]


def environment(python: Python) -> Path:
    """The Python of an environment with teachkit[lab,test] at the locked versions."""
    return _made("python{}.{}".format(*python.minor), python, ["--constraint", "requirements.lock"])


def oldest_packages() -> Path | None:
    """The Python of an environment with the oldest packages, on the oldest Python; None: it is not
    here.
    """
    found = [p for p in pythons([sys.executable, *candidates()]) if p.minor == OLDEST]
    if not found:
        return None
    constraints = ROOT / "build" / "oldest.txt"
    constraints.parent.mkdir(exist_ok=True)
    constraints.write_text("\n".join(indirect()) + "\n", encoding="utf-8")
    chosen = ["--resolution", "lowest-direct", "--constraint", str(constraints)]
    return _made("oldest", found[0], chosen)


def with_torch() -> Path:
    """The Python of an environment with teachkit[lab,test,vision], on this Python.

    pip installs it: it heeds what a machine's own settings say of PyTorch's builds.
    """
    here = asked(sys.executable)
    assert here is not None
    return _made("vision", here, ["--constraint", "requirements.lock"], "lab,test,vision", by="pip")


def with_graders() -> Path:
    """The Python of an environment with teachkit[lab,test,graders], on this Python.

    Not at the locked versions: otter-grader asks for older packages than the lock has.
    """
    here = asked(sys.executable)
    assert here is not None
    return _made("graders", here, [], "lab,test,graders")


def with_hub() -> Path:
    """The Python of an environment with teachkit[lab,hub] and, from npm, the hub's proxy."""
    here, npm = asked(sys.executable), _npm()
    assert here is not None
    # Learners may not write beside the packages what Python makes of them: it is made now.
    chosen = ["--compile-bytecode", "--constraint", "requirements.lock"]
    inside = _made("hub", here, chosen, "lab,hub")
    proxy = inside.parents[1] / "proxy"
    if not (proxy / "node_modules/.bin/configurable-http-proxy").exists():
        proxy.mkdir(exist_ok=True)
        shutil.copy(ROOT / "teaching" / "hub" / "package.json", proxy)
        flags = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([npm, "install", *flags], cwd=proxy, check=True, stdout=sys.stderr)
    return inside


def _npm() -> str:
    """The npm of a Node that JupyterHub's proxy can run on: npm itself would install it on any."""
    node, npm = shutil.which("node"), shutil.which("npm")
    asking = [node or "node", "--version"]
    version = subprocess.run(asking, capture_output=True, text=True).stdout.strip() if node else ""
    number = re.match(r"v(\d+)\.", version)
    if npm and number and int(number[1]) >= NODE:
        return npm
    found = f"here is {version or 'none'}{'' if npm or not node else ' without npm'}"
    raise SystemExit(
        f"JupyterHub's proxy needs Node {NODE} or newer with its npm; {found}. On Debian 13 and "
        "Ubuntu 25: apt install nodejs npm. On older ones (Debian 12 has 18) and elsewhere: unpack "
        "one from https://nodejs.org, put its folder `bin` first on your PATH, and run this again."
    )


def _made(
    name: str, python: Python, chosen: list[str], extras: str = "lab,test", by: str = "uv"
) -> Path:
    folder = ROOT / "build" / name
    inside = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp, key = folder / "made-from", _key(python)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == key and asked(str(inside)):
        return inside
    folder.parent.mkdir(exist_ok=True)
    subprocess.run([python.path, "-m", "venv", "--clear", str(folder)], check=True)
    if by == "uv":
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(inside)]
    else:
        command = [str(inside), "-m", "pip", "install", "--quiet", "--quiet"]
    subprocess.run([*command, *chosen, "--editable", f".[{extras}]"], cwd=ROOT, check=True)
    stamp.write_text(key, encoding="utf-8")
    return inside


def indirect() -> list[str]:
    """The lines of requirements.lock for what pyproject.toml does not name: those stay as locked.

    Else the newest of them would be taken, and what is tested would change from day to day. Only
    statsmodels' pandas may be an older one (the newest asks for a newer NumPy than we do), and
    dask's distributed, which is of dask's own version.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    named += project["optional-dependencies"]["test"]
    direct = {"pandas", "distributed", *(re.split(r"[\[<>=; ]", line)[0].lower() for line in named)}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line for line in lock if re.split(r"[\[=]", line)[0] not in direct]


def _key(python: Python) -> str:
    texts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "requirements.lock")]
    key = hashlib.sha256(b"".join(texts) + str(ROOT).encode())
    return f"{python.path} {'.'.join(map(str, python.version))} {key.hexdigest()}"


def main(which: str, named: str = "") -> int:
    """Print the Python of the environment asked for; nothing, and why, where there is none."""
    if which == "oldest":
        python = oldest_packages()
        if python is None:
            print(f"There is no Python {'.'.join(map(str, OLDEST))} here.", file=sys.stderr)
        else:
            print(python)
        return 0
    if which == "vision":
        print(with_torch())
        return 0
    if which == "graders":
        print(with_graders())
        return 0
    if which == "hub":
        print(with_hub())
        return 0
    found = others(named)
    if not found:
        print("No other Python was found (OTHER_PYTHON names one).", file=sys.stderr)
        return 0
    print(environment(found[-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
