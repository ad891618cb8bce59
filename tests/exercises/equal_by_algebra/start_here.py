EQUAL = {
    "most_influential": {
        "return np.argmax(np.abs(x - x.mean()))": "NumPy's integer is an index as well",
        "return int(np.argmax(np.abs(x.mean() - x)))": "|a - b| = |b - a|",
    },
}
