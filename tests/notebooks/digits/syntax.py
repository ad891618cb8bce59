"""Hands the operations of notebooks and of the library to a Rounding, as they are compiled.

`install(draw)` is called in the kernel of a lesson, before its first cell.
"""

from __future__ import annotations

import ast
import builtins
import functools
import sys
from importlib.machinery import SourceFileLoader
from types import FunctionType, ModuleType
from typing import Any

from tests.notebooks.digits.rounding import CALLS, Rounding

DATA = "teachkit.datasets"
NAME = "__rounding__"  # among the builtins: known in every cell and module


class Handed(ast.NodeTransformer):
    """a @ b, a ** b and the calls whose results depend on the machine."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        method = {ast.MatMult: "product", ast.Pow: "power"}.get(type(node.op))
        return node if method is None else _asked(node, method, [node.left, node.right])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        if name not in CALLS and not name.startswith("load_"):
            return node
        return _asked(node, "called", [ast.Constant(name), node.func, *node.args], node.keywords)


class HandedInCells(Handed):
    """The same, but for stubs: the check of a bug hunt knows by its code whether it was touched."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        calls = (call.func for call in ast.walk(node) if isinstance(call, ast.Call))
        if any(isinstance(func, ast.Attribute) and func.attr == "check" for func in calls):
            return node
        return self.generic_visit(node)


def _asked(
    node: ast.expr, method: str, args: list[ast.expr], keywords: list[ast.keyword] | None = None
) -> ast.AST:
    asked = ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load())
    call = ast.Call(asked, args, keywords or [])
    return ast.fix_missing_locations(ast.copy_location(call, node))


class _Loader(SourceFileLoader):
    """Compiles a module of the library anew each time: what is cached stays as it was."""

    def get_code(self, fullname: str) -> Any:
        tree = ast.parse(self.get_data(self.path), self.path)
        return compile(Handed().visit(tree), self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if module.__name__ == DATA:
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType):
                    setattr(module, name, _moved(value))


def _moved(function: FunctionType) -> Any:
    """The function that loads or makes a data set, its numbers moved."""

    @functools.wraps(function)
    def loads(*args: Any, **options: Any) -> Any:
        return getattr(builtins, NAME).inputs(function(*args, **options))

    return loads


class _Finder:
    """Gives teachkit's modules that loader; the exercises, tested elsewhere, stay as they are."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname.split(".")[0] != "teachkit" or fullname.startswith("teachkit.exercises"):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if isinstance(spec.loader, SourceFileLoader):
                    spec.loader = _Loader(spec.loader.name, spec.loader.path)
                return spec
        return None


def install(draw: int) -> None:
    """From here on, in this kernel, all rounding is that of another machine, the draw-th."""
    assert "teachkit" not in sys.modules, "too late: the library is there already"
    setattr(builtins, NAME, Rounding(draw))
    sys.meta_path.insert(0, _Finder())  # type: ignore[arg-type]
    get_ipython().ast_transformers.append(HandedInCells())  # type: ignore[name-defined]  # noqa: F821
