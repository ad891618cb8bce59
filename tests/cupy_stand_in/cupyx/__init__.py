"""What belongs to CuPy beside NumPy's names: its error state, and SciPy's functions."""

import contextlib

_state = {"linalg": "ignore"}


def geterr():
    return dict(_state)


@contextlib.contextmanager
def errstate(*, divide=None, over=None, under=None, invalid=None, linalg=None):
    before = dict(_state)
    if linalg is not None:
        _state["linalg"] = linalg
    try:
        yield
    finally:
        _state.update(before)
