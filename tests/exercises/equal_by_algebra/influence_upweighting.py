_H = {"H = X.T * c @ X / len(X) + l2 * np.eye(len(theta))": "X and y have the same length"}

EQUAL = {
    "sensitivity": {
        "return (len(x) + 1) * (T(np.append(z, x)) - T(x))": "no statistic here minds the order",
    },
    "up_params": _H,
    "removal": {
        **_H,
        "return np.linalg.solve(H, g) / len(X)": "X and y have the same length",
    },
    "up_loss": {
        **_H,
        "H = X.T * c @ X / len(y) + l2 * np.eye(len(x_test))": "x_test is as long as theta",
        "wrong_test = 1 / (1 + np.exp(y_test * (theta @ x_test)))": "a'b = b'a",
        "return -y_test * y[i] * wrong_test * wrong_train * (np.linalg.solve(H, X[i]) @ x_test)": (
            "a'b = b'a"
        ),
        "return -y_test / y[i] * wrong_test * wrong_train * (x_test @ np.linalg.solve(H, X[i]))": (
            "1/y = y for a label -1 or +1"
        ),
    },
    "what_is_missing": {
        "ranks = np.argsort(np.argsort(scores, axis=1))": "the last axis is axis 1",
        "ranks = np.argsort(np.argsort(scores), axis=1)": "the last axis is axis 1",
        "ranks = np.argsort(np.argsort(scores, axis=1), axis=-1)": "the last axis is axis 1",
        "ranks = np.argsort(np.argsort(scores, axis=-1), axis=1)": "the last axis is axis 1",
        "r = np.array([np.corrcoef(truth, row)[0, 1] for row in scores])": "r is symmetric",
        "r = np.array([np.corrcoef(row, truth)[0, -1] for row in scores])": "there are two columns",
        "r = [np.corrcoef(row, truth)[0, 1] for row in scores]": "argmax takes a list",
        "rank_r = np.array([np.corrcoef(truth_ranks, row)[0, 1] for row in ranks])": (
            "r is symmetric"
        ),
        "rank_r = np.array([np.corrcoef(row, truth_ranks)[0, -1] for row in ranks])": (
            "there are two columns"
        ),
        "rank_r = [np.corrcoef(row, truth_ranks)[0, 1] for row in ranks]": (
            "a list minus an array is an array"
        ),
        "return names": "a list of names is read as a tuple is",
    },
}
