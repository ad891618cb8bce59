_SQUARE = "(a - b)^2 = (b - a)^2"
_DOT = "a'b = b'a"
_LENGTH = "a factor above 0 of a point's gradient is in its length as well, and cancels"

EQUAL = {
    "rbf_features": {
        "K = np.exp(-gamma * ((X[None, :, :] - X[:, None, :]) ** 2).sum(axis=2))": _SQUARE,
        "k = np.exp(-gamma * ((Z[None, :, :] - X[:, None, :]) ** 2).sum(axis=2))": _SQUARE,
    },
    "distance_rank": {
        "distances = ((X - x_test) ** 2).mean(axis=1)": "d is the same for all: the same order",
        "distances = ((X - x_test) ** 2).sum(axis=-1)": "of two axes, 1 is the last",
        "distances = ((x_test - X) ** 2).sum(axis=1)": _SQUARE,
    },
    "relative_influence": {
        "moves = np.linalg.solve(H, -(X.T / (y * wrong)))": _LENGTH,
        "moves = np.linalg.solve(H, -(X.T * (y / wrong)))": _LENGTH,
        "moves = np.linalg.solve(H, -(X.T * (y + wrong)))": (
            f"y + wrong has the sign of y, for wrong < 1; {_LENGTH}"
        ),
        "moves = np.linalg.solve(H, -(X.T * y))": _LENGTH,
        "wrong = 1 / (1 + np.exp(X @ theta))": (
            f"s(1 - s) in H is the same for s and 1 - s; {_LENGTH}"
        ),
        "wrong = 1 / (1 + np.exp(y_test * (X @ theta)))": (
            f"s(1 - s) in H is the same for s and 1 - s; {_LENGTH}"
        ),
        "g_test = -y_test / (1 + np.exp(y_test * (theta @ x_test))) * x_test": _DOT,
    },
    "kernel_influences": {
        **{
            f"n = len({name})": "K, theta, y and k_test are equally long"
            for name in ("K", "theta", "k_test")
        },
        "s_test = 1 / (1 + np.exp(y_test * (theta @ f_test)))": _DOT,
    },
}
