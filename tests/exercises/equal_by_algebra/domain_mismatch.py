_AND = "a & b = b & a"

EQUAL = {
    "choose_child": {
        "rows = np.flatnonzero((scores > 0) & (is_child & (y < 0)))": _AND,
        "rows = np.flatnonzero((y < 0) & is_child & (scores > 0))": _AND,
        "rows = np.flatnonzero(is_child & (y < 0) & (scores >= 0))": "no score is 0",
        "rows = np.flatnonzero(is_child & (y <= 0) & (scores > 0))": "a label is -1 or +1",
        "rows = np.flatnonzero(is_child & (y < 1) & (scores > 0))": "a label is -1 or +1",
    },
    "influences_on": {
        "s_test = 1 / (1 + np.exp(y_test * (theta @ x_test)))": "a'b = b'a",
    },
}
