_DOT = "a'b = b'a"

EQUAL = {
    "random_control": {
        "moved = X": "the answer is right; that X of the caller is changed is told, and not solved",
        "moved[images] = np.clip(X[images] + budget / signs, 0, 1)": "1/s = s for a sign",
    },
    "choose_images": {
        "scores = np.abs(rates).mean(axis=1)": "all images have as many pixels",
        "scores = np.abs(rates).sum(axis=-1)": "of two axes, 1 is the last",
    },
    "moved_image": {
        "X = X": "the answer is right; that X of the caller is changed is told, and not solved",
        "'without X = X.copy()'": "as above",
        **{
            f"for _ in range({count}):": "eleven steps are enough, and more do no harm"
            for count in ("12 + 1", "12 - 1", "1, 12", "11", "13", "24")
        },
        "q_test = 1 / (1 + np.exp(y_test * (theta @ x_test)))": _DOT,
        "g = y[i] * q[i] * s - q[i] * (1 - q[i]) * (s @ X[i]) * theta": _DOT,
    },
}
