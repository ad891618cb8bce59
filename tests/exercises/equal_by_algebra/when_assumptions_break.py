_SYMMETRIC = "H is symmetric, and a'b = b'a"
_LONG = "H, g and gt belong to the same p parameters"
_EXCHANGED = "log(e^a + e^b) is symmetric"

EQUAL = {
    "drift": {
        "return [everyone - loss(theta), loss(train(theta, without)) - everyone]": (
            "a list of two numbers is read as an array is"
        ),
    },
    "damped_influence": {
        "return np.linalg.solve(H + lam * np.eye(len(g)), g) @ -gt": _SYMMETRIC,
        "return -gt @ np.linalg.solve(H + lam * np.eye(len(H)), g)": _LONG,
        "return -gt @ np.linalg.solve(H + lam * np.eye(len(gt)), g)": _LONG,
    },
    "smooth_hinge": {"return t * np.logaddexp((1 - s) / t, 0.0)": _EXCHANGED},
    "curvature": {"e = np.exp(-np.abs(s - 1) / t)": "|s - 1| = |1 - s|"},
    "proximal_objective": {
        "D = np.logaddexp(-y * f, 0) - np.logaddexp(0, -y * f_s) - slope * (f - f_s)": _EXCHANGED,
        "D = np.logaddexp(0, -y * f) - np.logaddexp(-y * f_s, 0) - slope * (f - f_s)": _EXCHANGED,
        "return D.mean() - np.logaddexp(-y[i] * f[i], 0) / len(y) + held": _EXCHANGED,
        "held = lam / 2 * ((theta_s - theta) ** 2).sum()": "it is squared",
    },
}
