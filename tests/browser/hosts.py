"""One server with JupyterLab, Notebook 7 and Voilà on it, for the tests to open notebooks in."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from urllib.error import URLError

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

START = 180.0  # seconds for a server to answer; it takes about three, on a busy machine sixty

# Runs every cell of the notebook in front, once its kernel is ready. The commands are used and not
# the menus: a menu that opens slowly swallows the click.
RUN_ALL = """async () => {
    const deadline = Date.now() + 60000;
    const wait = () => new Promise(done => setTimeout(done, 50));
    while (!window.jupyterapp?.shell?.currentWidget?.sessionContext) {
        if (Date.now() > deadline) throw new Error("no notebook came to the front");
        await wait();
    }
    const app = window.jupyterapp;
    const panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
    while (panel.content.widgets.some(cell => cell.promptNode?.textContent?.includes("*"))) {
        if (Date.now() > deadline) throw new Error("the cells did not come to an end");
        await wait();
    }
}"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A Jupyter server in a folder of its own; the user's settings are neither read nor written."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        config = folder / "config"
        (config / "labconfig").mkdir(parents=True)
        off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (config / "labconfig" / "page_config.json").write_text(json.dumps(off))
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.log = folder / "server.log"
        self._count = 0
        self._process = subprocess.Popen(
            [
                python,
                "-m",
                "jupyter_server",
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={self.port}",
                "--ServerApp.port_retries=0",
                "--ServerApp.open_browser=False",
                f"--ServerApp.root_dir={self.notebooks}",
                f"--IdentityProvider.token={self.token}",
                "--ContentsManager.pre_save_hook=teachkit.course.drop_views",  # as `make lab` does
                "--LabApp.expose_app_in_browser=True",
                "--JupyterNotebookApp.expose_app_in_browser=True",
                *(["--allow-root"] if os.getuid() == 0 else []),
            ],
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "JUPYTER_CONFIG_DIR": str(config),
                "JUPYTER_DATA_DIR": str(folder / "data"),
                "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            },
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.ask("api/status")
                return
            except (URLError, ConnectionError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"The Jupyter server did not start:\n{self.log.read_text()[-3000:]}")

    def url(self, path: str) -> str:
        sign = "&" if "?" in path else "?"
        return f"http://127.0.0.1:{self.port}/{path}{sign}token={self.token}"

    def ask(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(self.url(path), method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def write(self, cells: Iterable[str] | Path) -> str:
        """Put a notebook where the server finds it: code cells, or a copy of a file; its name."""
        if isinstance(cells, Path):
            notebook = nbformat.read(cells, as_version=4)
        else:
            notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        # A notebook that names no kernel opens a dialog that asks for one.
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        self._count += 1
        name = f"notebook-{self._count}.ipynb"
        nbformat.write(notebook, self.notebooks / name)
        return name

    def kernels(self) -> set[str]:
        """The kernels that run, by their ids."""
        return {kernel["id"] for kernel in json.loads(self.ask("api/kernels"))}

    def stop_kernels(self, kernels: Iterable[str] | None = None) -> None:
        """Stop these kernels, or all of them."""
        for kernel in self.kernels() if kernels is None else kernels:
            self.ask(f"api/kernels/{kernel}", "DELETE")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
