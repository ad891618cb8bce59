_SYMMETRIC = "a'b = b'a"
_LONG = "X and y have the same length"

EQUAL = {
    "input_gradient": {
        "return -y * q * s + q * (1 - q) * (s @ x) * theta": _SYMMETRIC,
        "q = 1 / (1 + np.exp(y * (theta @ x)))": _SYMMETRIC,
    },
    "perturbation": {
        "return -np.linalg.solve(H, new - old) / len(X)": _LONG,
        "H = X.T * c @ X / len(X) + l2 * np.eye(len(theta))": _LONG,
        "H = X.T * c @ X / len(y) + l2 * np.eye(len(delta))": "delta is as long as theta",
        "new = -y[i] / (1 + np.exp(y[i] * (theta @ there))) * there": _SYMMETRIC,
    },
    "pert_loss": {
        "H = X.T * c @ X / len(X) + l2 * np.eye(len(theta))": _LONG,
        "H = X.T * c @ X / len(y) + l2 * np.eye(len(x_test))": "x_test is as long as theta",
        "g_test = -y_test / (1 + np.exp(y_test * (theta @ x_test))) * x_test": _SYMMETRIC,
        "return y[i] * q * s - q * (1 - q) * (s @ X[i]) * theta": _SYMMETRIC,
    },
    "loss_change": {"return -(delta @ (s_test @ J)) / n": _SYMMETRIC},
    "best_delta": {"return budget / np.sign(g)": "1/s = s for a sign -1 or +1, and g has no zero"},
    "finite_and_infinitesimal": {
        "q = 1 / (1 + np.exp(y * (theta @ x)))": _SYMMETRIC,
        "q_there = 1 / (1 + np.exp(y * (theta @ there)))": _SYMMETRIC,
        "return np.array([finite, -y * q * delta + q * (1 - q) * (delta @ theta) * x])": _SYMMETRIC,
        "return [finite, -y * q * delta + q * (1 - q) * (theta @ delta) * x]": (
            "a list of two rows is read as an array is"
        ),
    },
}
