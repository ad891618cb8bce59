_SYMMETRIC = "A is symmetric"
_ANOTHER_NAME = "nothing is changed in place, so a second name is as good as a copy"
_GROWS = "0 plus a vector is a vector, and at least one step is taken"
_ROUNDS = "CG ends in p rounds but for rounding, and this allows p or more"

EQUAL = {
    "quadratic_gradient": {"return x @ A - b": _SYMMETRIC},
    "steepest_length": {
        "return r @ r / (r @ (r @ A))": _SYMMETRIC,
        "return r @ r / (A @ r @ r)": "a'b = b'a",
    },
    "cg": {
        "x = np.zeros_like(k)": _GROWS,
        "r = b": _ANOTHER_NAME,
        "p = r": _ANOTHER_NAME,
        "Ap = p @ A": _SYMMETRIC,
        "alpha = rr / (Ap @ p)": "a'b = b'a",
    },
    "pcg": {
        "x = np.zeros_like(k)": _GROWS,
        "r = b": _ANOTHER_NAME,
        "p = z": _ANOTHER_NAME,
        "Ap = p @ A": _SYMMETRIC,
        "rz = z @ r": "a'b = b'a",
        "alpha = rz / (Ap @ p)": "a'b = b'a",
        "p = z + z @ r / rz * p": "a'b = b'a",
    },
    "newton_cg_direction": {
        "d = np.zeros_like(tol)": "0 plus a vector is a vector, and d is not returned before",
        "p = r": _ANOTHER_NAME,
        "Hp = p @ H": "H is symmetric",
        "if Hp @ p <= 0:": "a'b = b'a",
        "alpha = rr / (Hp @ p)": "a'b = b'a",
        "if np.sqrt(r @ r) < tol * np.sqrt(g @ g):": "where they are equal, rounding decides",
        "for j in range(2 * len(H)):": "H has as many rows as g entries",
        "for j in range(2 * len(g) + 1):": _ROUNDS,
        "for j in range(2 * len(g) - 1):": _ROUNDS,
        "for j in range(2 + len(g)):": _ROUNDS,
        "for j in range(len(g)):": _ROUNDS,
        "for j in range(1 * len(g)):": _ROUNDS,
        "for j in range(3 * len(g)):": _ROUNDS,
        "for j in range(4 * len(g)):": _ROUNDS,
        "for j in range(2 * (len(g) + 1)):": _ROUNDS,
    },
}
