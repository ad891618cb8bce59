"""A hub and its learners, driven as browsers would: logging in, kernels, widgets, saved notebooks.

The tests and the measurement share it. It speaks to this machine alone.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import requests
import websocket
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parents[1] / "build" / "hub" / "bin" / "python"
CONFIG = HERE / "jupyterhub_config.py"
PATIENCE = 300.0  # seconds for what thirty learners at once may make slow


class Hub:
    """JupyterHub with this project's configuration, its files in `folder`."""

    def __init__(self, folder: Path, config: Path = CONFIG, python: Path = PYTHON) -> None:
        self.folder, self.config, self.python = folder, config, python
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        page, *_ = json.loads((self.folder / "ports.json").read_text(encoding="utf-8"))
        return f"http://127.0.0.1:{page}"

    @property
    def log(self) -> str:
        return (self.folder / "hub.log").read_text(encoding="utf-8")

    def start(self) -> None:
        with (self.folder / "hub.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.python), "-m", "jupyterhub", "--config", str(self.config)],
                cwd=HERE.parents[1],
                env={**os.environ, "TEACHKIT_HUB": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self._answers, "the hub answers")

    def kill(self) -> None:
        """End it as a crash would: it has no time to tidy up, and servers and proxy go on."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it and everything that it has started."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        left = self.processes()
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=30)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(30)

    def processes(self, learner: str = "") -> list[psutil.Process]:
        """All that belong to this hub; or one learner's server, kernels and what these started."""
        mark = ("JUPYTERHUB_USER", learner) if learner else None
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                told = process.environ()
                ours = str(self.folder) in (told.get("TEACHKIT_HUB"), _hub_of(told))
                if ours and process.pid != os.getpid() and (not mark or mark in told.items()):
                    found.append(process)
        return found

    def memory(self, learner: str = "") -> int:
        """Bytes, what processes share counted in parts (PSS); without a learner, the hub's own."""
        own = self.processes(learner)
        if not learner:
            own = [process for process in own if "JUPYTERHUB_USER" not in process.environ()]
        return sum(map(_pss, own))

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"The hub did not start:\n{self.log[-3000:]}")
        try:
            return requests.get(f"{self.url}/hub/api/", timeout=5).ok
        except (OSError, ValueError):
            return False


def _hub_of(told: dict[str, str]) -> str:
    """The folder of the hub that started a learner's server."""
    exports = told.get("TEACHKIT_EXPORTS", "")
    return str(Path(exports).parent) if exports else ""


def _pss(process: psutil.Process) -> int:
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return 0
    return 1024 * int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0])


def wait_for(done: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """What `done` gives when it is true at last."""
    until = time.monotonic() + patience
    while not (found := done()):
        if time.monotonic() > until:
            raise TimeoutError(f"Within {patience:g} s it did not come about that {what}.")
        time.sleep(0.2)
    return found


class Learner:
    """Somebody with a browser."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.home = hub.folder / "learners" / name
        self.session = requests.Session()
        self._login()

    def _login(self) -> None:
        """By the form; then a token of their own for what a page would ask with its cookies."""
        page = f"{self.hub.url}/hub/login"
        self.session.get(page, timeout=PATIENCE).raise_for_status()
        sent = {"username": self.name, "password": "", "_xsrf": self._xsrf()}
        where = {"next": "/hub/token"}  # the page of a log-in would start the server at once
        self.session.post(page, params=where, data=sent, timeout=PATIENCE).raise_for_status()
        made = self.session.post(
            f"{self.hub.url}/hub/api/users/{self.name}/tokens",
            headers={"X-XSRFToken": self._xsrf(), "Referer": f"{self.hub.url}/hub/token"},
            timeout=PATIENCE,
        )
        made.raise_for_status()
        self.session = requests.Session()
        # As browsers do where the proxy has just closed a wire that nobody used for a while.
        again = HTTPAdapter(max_retries=Retry(3, backoff_factor=0.2))
        self.session.mount("http://", again)
        self.session.headers["Authorization"] = f"token {made.json()['token']}"

    def _xsrf(self) -> str:
        return next(c.value for c in self.session.cookies if c.name == "_xsrf" and c.value)

    def ask(self, path: str, method: str = "GET", **kwargs: Any) -> requests.Response:
        """From the hub (`hub/api/...`) or the learner's own server; an error raises."""
        place = path if path.startswith("hub/") else f"user/{self.name}/{path}"
        answer = self.session.request(method, f"{self.hub.url}/{place}", timeout=PATIENCE, **kwargs)
        answer.raise_for_status()
        return answer

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.ask(f"hub/api/users/{self.name}/server", "POST")
        wait_for(self.ready, f"{self.name}'s server answers")

    def stop(self) -> None:
        self.ask(f"hub/api/users/{self.name}/server", "DELETE")
        wait_for(lambda: not self.servers(), f"{self.name}'s server has ended")

    def servers(self) -> dict[str, Any]:
        return self.ask(f"hub/api/users/{self.name}").json()["servers"]

    def ready(self) -> bool:
        with suppress(requests.RequestException):
            return self.servers().get("", {}).get("ready", False) and self.ask("api/status").ok
        return False

    def read(self, path: str) -> dict[str, Any]:
        return self.ask(f"api/contents/{path}").json()

    def write(self, path: str, notebook: dict[str, Any]) -> None:
        self.ask(f"api/contents/{path}", "PUT", json={"type": "notebook", "content": notebook})

    def kernel(self, path: str) -> Kernel:
        """A kernel for this notebook, as a page opens it; the block that it opens closes the wire.

        The kernel itself goes on, as it does when a page is closed.
        """
        asked = {"path": path, "type": "notebook", "name": path, "kernel": {"name": "python3"}}
        found = self.ask("api/sessions", "POST", json=asked).json()
        return Kernel(self, found["kernel"]["id"])


class Kernel:
    """The wire to a kernel, and what its widgets have said on it."""

    CUT = websocket.WebSocketException

    def __init__(self, learner: Learner, id: str) -> None:
        self.learner, self.id = learner, id
        self.widgets: dict[str, dict[str, Any]] = {}  # the state of each, by its comm
        self.session = uuid.uuid4().hex
        self.connect()

    def connect(self) -> None:
        """Open the wire, or open it again after it was cut."""
        address = self.learner.hub.url.replace("http", "ws", 1)
        self._socket = websocket.create_connection(
            f"{address}/user/{self.learner.name}/api/kernels/{self.id}/channels"
            f"?session_id={self.session}",
            header={"Authorization": self.learner.session.headers["Authorization"]},
            timeout=PATIENCE,
        )

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def run(self, code: str) -> str:
        """Execute a cell; what it printed and showed. An exception raises."""
        asked = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        sent = self._send("execute_request", {**asked, "user_expressions": {}})
        said: list[str] = []
        wrong = ""
        replied = idle = False
        while not (replied and idle):
            message = self._next()
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                said.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                said += map(str, content["data"].values())
            elif kind == "error":
                wrong = "\n".join(content["traceback"])
            replied = replied or kind == "execute_reply"
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
        if wrong:
            raise RuntimeError(wrong)
        return "".join(said)

    def plane(self) -> str:
        """The comm of the first plane on which points can be dragged."""
        for comm, state in self.widgets.items():
            points = state.get("whole", {}).get("scene", {}).get("points", [])
            if any(point.get("draggable") for point in points):
                return comm
        raise LookupError("No widget of this kernel has points to drag.")

    def drag(self, comm: str, serial: int, table: dict[str, list[float]]) -> float:
        """Send a place as the page does in a drag; the seconds until it is answered."""
        start = time.perf_counter()
        since = self.widgets[comm]["since"]
        state = {"revision": since["revision"], "serial": serial, "table": table}
        self._send(
            "comm_msg",
            {
                "comm_id": comm,
                "data": {
                    "method": "update",
                    "state": {"positions": state},
                    "buffer_paths": [],
                },
            },
        )
        while self.widgets[comm]["since"]["answers"]["positions"] < serial:
            self._next()
        return time.perf_counter() - start

    def refresh(self, comm: str) -> None:
        """Ask for a widget's state, as a page does that was cut off; wait until it is there."""
        self.widgets[comm].pop("since")
        self._send("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
        while "since" not in self.widgets[comm]:
            self._next()

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self.session,
            "username": self.learner.name,
            "version": "5.4",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        return header["msg_id"]

    def _next(self) -> dict[str, Any]:
        received = self._socket.recv()
        if isinstance(received, bytes):  # with buffers: their places first, then the message
            first, second = (int.from_bytes(received[k : k + 4], "big") for k in (4, 8))
            number = int.from_bytes(received[:4], "big")
            received = received[first : second if number > 1 else None].decode()
        if not received:
            raise ConnectionError("The wire to the kernel was cut.")
        message = json.loads(received)
        content = message["content"]
        if message["msg_type"] == "comm_open":
            self.widgets[content["comm_id"]] = dict(content["data"].get("state", {}))
        elif message["msg_type"] == "comm_msg":
            state = content["data"].get("state", {})
            self.widgets.setdefault(content["comm_id"], {}).update(state)
        return message
