"""JupyterHub for a class on one machine: `make hub` tries it, README.md says what a class changes.

A configuration of your own begins with `load_subconfig("PATH/teaching/hub/jupyterhub_config.py")`.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from teaching.hub.ports import ports  # noqa: E402
from teaching.hub.spawner import LearnerSpawner, apart, closed  # noqa: E402

IDLE = 3600  # seconds in which no kernel says a word and no page asks for anything

# ---- where things are: learners' work, exports, and what the hub must know after a restart ------
folder = Path(os.environ.get("TEACHKIT_HUB") or HERE.parents[1] / "my_hub").resolve()
learners, exports = folder / "learners", folder / "exports"
os.umask(0o077)  # what the hub keeps is for its own user
for made in (folder, learners, exports):
    made.mkdir(parents=True, exist_ok=True)
root = os.geteuid() == 0
if root:
    folder.chmod(0o711)
separate = apart(folder)
# Where learners are users of their own, they may put files into `exports`, and neither see what
# else is there nor take it away; the hub's user reads them all.
learners.chmod(0o711 if separate else 0o700)
exports.chmod(0o1733 if separate else 0o700)
if root and not separate:
    print(
        f"All learners are root here, for nobody else can enter {closed(folder)[0]}. To keep them "
        "apart, put the course and its Python where all can read: in /srv, with Debian's python3."
    )

c = get_config()  # noqa: F821
c.JupyterHub.db_url = f"sqlite:///{folder}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")

# ---- who may come in: everybody, with any name and no password, from this machine alone ---------
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9_-]{0,31}\Z"  # it names a folder
page, orders, hub = ports(folder)
c.JupyterHub.bind_url = f"http://127.0.0.1:{page}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{orders}"
c.JupyterHub.hub_ip, c.JupyterHub.hub_port = "127.0.0.1", hub
proxy = Path(sys.prefix) / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [str(proxy) if proxy.exists() else proxy.name]

# ---- what each learner gets ---------------------------------------------------------------------
c.JupyterHub.spawner_class = LearnerSpawner
c.LearnerSpawner.home_dir_template = str(learners / "{username}")
c.Spawner.cmd = [sys.executable, str(HERE / "learner.py")]
c.Spawner.environment = {"TEACHKIT_EXPORTS": str(exports)}
c.Spawner.mem_limit = "1G"
# A class comes in within a minute, and then servers start side by side on few cores.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300

# ---- a hub that is restarted leaves servers and kernels at work, and finds them again -----------
c.JupyterHub.cleanup_servers = False

c.JupyterHub.services = [
    {
        "name": "idle",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"],
        "environment": {"TEACHKIT_HUB": str(folder)},  # whose it is, if it outlives a killed hub
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle",
        "services": ["idle"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
