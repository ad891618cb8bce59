"""One library's side of `benchmarks.peers`: ``python _peer.py NAME IN OUT``, under any Python.

IN holds X, y, theta, x_test, y_test and l2 of a fitted logistic regression. Each line on standard
input is a turn: all n influences from these numbers, set-up included; its time is printed.
The end of input writes the last turn's influences to OUT. Needs NumPy and the library, no teachkit.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Turn = Callable[[], Any]


def cholesky(data: Any) -> Turn:
    return _teachkit(data, "cholesky")


def conjugate_gradient(data: Any) -> Turn:
    return _teachkit(data, "conjugate_gradient")


def _teachkit(data: Any, method: str) -> Turn:
    from teachkit import Influence, LinearRisk, Logistic

    def turn() -> Any:
        risk = LinearRisk(data["X"], data["y"], Logistic(), l2=data["l2"])
        influence = Influence(risk, data["theta"], inverse_hvp=method)
        return influence.leave_one_out_loss(data["x_test"], data["y_test"])

    return turn


def pydvl(data: Any) -> Turn:
    import torch
    from pydvl.influence.torch import DirectInfluence
    from torch.utils.data import DataLoader, TensorDataset

    model, loss = _module(data), torch.nn.functional.binary_cross_entropy_with_logits
    X, y, x_test, y_test = _tensors(data)

    def turn() -> Any:
        of = DirectInfluence(model, loss, regularization=data["l2"])
        of.fit(DataLoader(TensorDataset(X, y), batch_size=len(X)))
        # s_test' g_i with the mean's H: on removal the loss changes by a part 1 / n of it
        return of.influences(x_test, y_test, X, y)[0].detach().numpy() / len(X)

    return turn


def captum(data: Any) -> Turn:
    import torch
    from captum.influence import NaiveInfluenceFunction
    from torch.utils.data import TensorDataset

    model = _module(data)
    X, y, x_test, y_test = _tensors(data)
    n, p = X.shape
    file = tempfile.NamedTemporaryFile(suffix=".pt")  # noqa: SIM115  (as long as the turns)
    torch.save(model.state_dict(), file.name)

    def turn() -> Any:
        of = NaiveInfluenceFunction(
            model,
            TensorDataset(X, y),
            file.name,
            loss_fn=torch.nn.BCEWithLogitsLoss(reduction="none"),
            batch_size=n,
            projection_dim=p,
            hessian_reg=n * data["l2"],  # its Hessian is the sum's
            hessian_inverse_tol=0.0,
        )
        return of.influence((x_test, y_test))[0].detach().numpy()

    turn.keep = file  # type: ignore[attr-defined]
    return turn


def pyinfluence(data: Any) -> Turn:
    from pyinfluence import InfluenceFunctions
    from sklearn.linear_model import LogisticRegression

    n = len(data["X"])
    model = LogisticRegression(C=1 / (n * data["l2"]), fit_intercept=False)
    model.classes_, model.n_features_in_ = np.array([-1.0, 1.0]), data["X"].shape[1]
    model.coef_, model.intercept_, model.n_iter_ = data["theta"][None, :], np.zeros(1), np.ones(1)

    def turn() -> Any:
        of = InfluenceFunctions(mode="loss", damping=0.0).fit(model, data["X"], data["y"])
        return of.explain(data["x_test"][None, :], data["y_test"][None])[0]

    return turn


def _module(data: Any) -> Any:
    """The fitted model as torch has it, in float64."""
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Linear(len(data["theta"]), 1, bias=False, dtype=torch.float64)
    model.weight.data = torch.as_tensor(data["theta"])[None, :].clone()
    return model


def _tensors(data: Any) -> tuple[Any, ...]:
    """X (n, p), labels 0 and 1 (n, 1), and the same of the test point."""
    import torch

    y, y_test = (
        torch.as_tensor(np.atleast_1d(data[name]) > 0).double()[:, None] for name in ("y", "y_test")
    )
    return torch.as_tensor(data["X"]), y, torch.as_tensor(data["x_test"])[None, :], y_test


SIDES = {
    "teachkit, Cholesky": cholesky,
    "teachkit, CG": conjugate_gradient,
    "pyDVL": pydvl,
    "captum": captum,
    "pyinfluence": pyinfluence,
}


def main(name: str, source: str, target: str) -> None:
    with np.load(source) as stored:
        data = {key: stored[key] for key in stored.files}
    data["l2"] = float(data["l2"])
    turn = SIDES[name](data)
    print("ready", flush=True)
    values = None
    for _ in sys.stdin:
        start = time.process_time()
        values = turn()
        print(time.process_time() - start, flush=True)
    np.save(target, np.asarray(values, dtype=float).reshape(-1))


if __name__ == "__main__":
    main(*sys.argv[1:])
