"""Import a package that only some functions need, when they are called."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def optional(module: str, package: str, purpose: str) -> ModuleType:
    """Import `module`; if its `package` is missing, say in a sentence what wanted it.

    Raises
    ------
    ImportError
        Names the purpose, the package and the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise  # the package is there, but something that it needs is not
        raise ImportError(
            f"{purpose} needs the package {package!r}, which is not installed here. "
            f"Try: pip install {package}"
        ) from error
