"""Two folders of photographs as a data set: a network's features, and a column of ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from teachkit import arrays, require
from teachkit.datasets.split import Split, check_split, split_of, split_rows, with_ones
from teachkit.vision.features import features_of
from teachkit.vision.files import listed
from teachkit.vision.networks import named

LEAST = 4  # pictures of a class: two to train on, two to test on


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Pictures(Split):
    """A `Split` whose rows are pictures: features of a network, and a last column of ones.

    Attributes
    ----------
    thumbnails_train, thumbnails_test : arrays (n, 96, 96, 3) and (m, 96, 96, 3)
        The pictures, small, 0 to 255: for walls.
    files_train, files_test : tuples of Path
        Where each lies.
    network : str
        Whose features these are.
    """

    thumbnails_train: np.ndarray
    thumbnails_test: np.ndarray
    files_train: tuple[Path, ...]
    files_test: tuple[Path, ...]
    network: str


@arrays.quiet()
def pictures(
    positive: str | Path,
    negative: str | Path,
    *,
    network: str = "efficientnet-lite0",
    test_size: float = 0.25,
    random_state: int = 0,
    batch: int = 32,
    progress: bool = True,
) -> Pictures:
    """Two folders of photographs, +1 and -1, as a frozen network trained on ImageNet sees them.

    A row is phi(picture) and a 1, phi the network without its last layer; a `LinearRisk` with the
    logistic loss on these rows is that last layer, trained anew.

    Parameters
    ----------
    positive, negative : str or Path
        Folders of pictures. What lies in folders inside them is not looked at.
    network : "efficientnet-lite0" or "inception-v3"
        The first needs no network connection: its weights come with its package (1280 features).
        The second is the paper's (2048 features); its weights are fetched on first use.
    test_size : float
        Share of the pictures that is held back, the same in both classes.
    random_state : int
        Seed of the split.
    batch : int
        Pictures that are computed at a time.
    progress : bool
        Show how far it is (needs tqdm). What is done when it is interrupted is kept.

    Returns
    -------
    Pictures
        ``X_train`` (n, d + 1), ``y_train`` (n,) and so on, thumbnails and files.

    Raises
    ------
    ImportError
        Where PyTorch or the network's package is missing; `missing` says so beforehand.
    NotADirectoryError, ValueError
        If a folder is not there, has fewer than four pictures that can be read, or both are one.
    ConnectionError
        If weights have to be fetched and there is no network.

    Warns
    -----
    RuntimeWarning
        Names the files that cannot be read; they are left out.

    Notes
    -----
    Features are kept beside each folder, as ``FOLDER.NETWORK.npz``, by the hash of each file: they
    are computed once, and again only for pictures that are new or changed. What follows is as for
    every data set::

        data = vision.pictures("dogs", "fish")
        risk = LinearRisk(data.X_train, data.y_train, Logistic(), l2=0.01)
        influence = Influence(risk, retrain(risk, np.zeros(risk.p)))
        effects = influence.leave_one_out_loss(data.X_test[0], data.y_test[0])

    Source: Koh and Liang (2017), section 5.1. EfficientNet-Lite0: Apache 2.0.
    Lesson: 12_understanding_models
    """
    named(network)
    check_split(test_size, random_state)
    require.whole(batch, "batch", least=1)
    folders = [Path(folder).expanduser() for folder in (positive, negative)]
    files = [listed(folder) for folder in folders]
    if folders[0].resolve() == folders[1].resolve():
        raise ValueError(
            f"Both classes are the folder {str(folders[0])!r}. Give two: there is nothing to tell "
            "apart in one."
        )
    rows, small, paths, y = [], [], [], []
    for folder, found, label in zip(folders, files, (1.0, -1.0), strict=True):
        kept = features_of(found, folder, network, batch=batch, progress=progress)
        readable = [file for file in found if file.digest in kept.features]
        if len(readable) < LEAST:
            raise ValueError(
                f"The folder {str(folder)!r} has {len(readable)} pictures that can be read; "
                f"{LEAST} are the least, two to train on and two to test on."
            )
        rows += [kept.features[file.digest] for file in readable]
        small += [kept.thumbnails[file.digest] for file in readable]
        paths += [file.path for file in readable]
        y += [label] * len(readable)
    return _split(
        np.array(rows), np.array(y), np.array(small), paths, network, test_size, random_state,
        f"{folders[0].name} (+1) against {folders[1].name} (-1)",
    )  # fmt: skip


def _split(
    X: np.ndarray, y: np.ndarray, small: np.ndarray, paths: list[Path], network: str,
    test_size: float, random_state: int, name: str,
) -> Pictures:  # fmt: skip
    """Each class split by itself, and then put together."""
    train: list[int] = []
    test: list[int] = []
    for label in (1.0, -1.0):
        of_class = np.flatnonzero(y == label)
        some, held, *_ = split_rows(of_class, of_class, test_size, random_state)
        train, test = [*train, *some.tolist()], [*test, *held.tolist()]
    ones = with_ones(X)
    split: Any = split_of(
        [ones[train], ones[test], y[train], y[test]],
        (*(f"feature {k}" for k in range(X.shape[1])), "ones"),
        name,
        source="pictures of your own",
        licence="theirs",
    )
    return Pictures(
        **vars(split),
        thumbnails_train=small[train],
        thumbnails_test=small[test],
        files_train=tuple(paths[i] for i in train),
        files_test=tuple(paths[i] for i in test),
        network=network,
    )
