"""6.4: how many steps, from the spectrum."""

from __future__ import annotations

import numpy as np

from .. import exercise, formula


def _spectra() -> list[tuple]:
    few = np.repeat([1.0, 4.0, 9.0], [4, 3, 3])
    all_different = np.arange(1.0, 13.0)
    three_of_them = np.zeros(12)
    three_of_them[[1, 4, 9]] = [0.7, -1.2, 0.4]
    mixed = np.array([2.0, 2.0, 2.0, 5.0, 5.0, 8.0, 8.0, 11.0])
    some = np.array([0.3, -0.8, 0.0, 0.0, 0.0, 0.0, 0.2, -0.6])
    unsorted = np.array([5.0, 2.0, 5.0, 9.0, 2.0, 7.0])
    opposite = np.array([1.0, 1.0, -1.0, 0.8, 0.2, 0.0])  # the two at eigenvalue 5 add up to 0
    return [
        (few, np.linspace(-1.0, 1.4, 10)),
        (all_different, three_of_them),
        (mixed, some),
        (unsorted, opposite),
        (np.full(7, 3.0), np.arange(1.0, 8.0)),
    ]


def _any_spectrum(draw):
    """Few different values, some of them close together; b may lack any of them, or all."""
    p = draw.whole(1, 9)
    few = draw.numbers(draw.whole(1, 5), low=0.2, high=draw.pick(3.0, 20.0))
    eigenvalues = np.array([draw.pick(*few) + draw.pick(0.0, 0.0, 0.01) for _ in range(p)])
    return eigenvalues, np.array([draw.pick(0.0, 0.7, -0.7, 0.01, draw.number()) for _ in range(p)])


@exercise(
    "6.4",
    "How many steps",
    prompt="""A has the given `eigenvalues`, shape (p,), with an eigenvector each; b, written in
    those eigenvectors, has the given `coefficients`, shape (p,). Starting at x = 0, after how many
    steps is the method finished, in exact arithmetic?""",
    minutes=5,
    difficulty=2,
    cases=_spectra,
    draw=_any_spectrum,
    hints=(
        """After k steps the error is a polynomial of degree k in A, with value 1 at 0, applied to
        the first error. Where would it have to be 0?""",
        """At each eigenvalue once, however often it occurs. And if b has nothing of an eigenvector,
        must the polynomial care about its eigenvalue?""",
        "`np.unique` of the eigenvalues that matter.",
    ),
    explanation="""A polynomial with value 1 at 0 that vanishes at m different eigenvalues has
    degree m, so m steps are enough, and fewer are not. Eigenvectors that do not occur in b do not
    occur in the error either, and cost nothing.""",
    answer=formula(
        lambda v, c: len(np.unique(v[c != 0])),
        v=lambda eigenvalues: eigenvalues,
        c=lambda coefficients: coefficients,
        kappa=lambda eigenvalues: eigenvalues.max() / eigenvalues.min(),
    ),
    mistakes=(
        ("p", lambda v: len(v),
         """p is the most it can be. If eigenvalues repeat, or b lacks some eigenvectors, fewer
         steps do."""),
        ("coefficients ignored", lambda v: len(np.unique(v)),
         """You counted the distinct eigenvalues, all of them. An eigenvector that b does not
         contain never enters: look at the case in which most coefficients are 0."""),
        ("repetitions counted", lambda c: np.count_nonzero(c),
         """You counted the eigenvectors that b contains. Those that share an eigenvalue are
         finished in one step together."""),
        ("neighbours compared", lambda v, c: 1 + np.count_nonzero(np.diff(v[c != 0])),
         """You count where an eigenvalue differs from the one before it. Equal ones need not stand
         side by side: sort them first, or let `np.unique` do it."""),
        ("the first of each",
         lambda v, c: np.count_nonzero(c[np.unique(v, return_index=True)[1]]),
         """Of equal eigenvalues the first coefficient alone decides in yours. One of them that is
         not 0 is enough, wherever it stands: take the coefficients that are not 0 first."""),
        ("positive coefficients", lambda v, c: len(np.unique(v[c > 0])),
         """You left out the negative coefficients. b contains an eigenvector as soon as its
         coefficient is not 0."""),
        ("condition number", lambda kappa: kappa,
         """This is the condition number. It bounds the speed when you know nothing else; the number
         of steps to the exact end is a count."""),
        ("root of the condition number", lambda kappa: np.sqrt(kappa),
         """This is the root of the condition number, which says how fast the error falls at worst.
         The number of steps to the exact end is a count."""),
        ("one more", lambda v, c: len(np.unique(v[c != 0])) + 1,
         """Yours is one more every time. You may have counted the start: x_0 is there before the
         first step. A polynomial of degree m has m roots, one for each eigenvalue that matters, so
         m steps are enough."""),
        ("one less", lambda v, c: len(np.unique(v[c != 0])) - 1,
         """Yours is one less every time. A polynomial of degree m has m roots, and each eigenvalue
         that matters needs one. The value 1 at 0 is no root: it costs the constant term and spares
         no step."""),
        ("the smaller count", lambda v, c: min(len(np.unique(v)), np.count_nonzero(c)),
         """You counted the distinct eigenvalues and the coefficients that are not 0, each alone,
         and took the smaller number. Both must hold at once: of the eigenvectors that b contains,
         count the distinct eigenvalues."""),
        ("zeros kept", lambda v, c: len(np.unique(v * (c != 0))),
         """Right where no coefficient is 0, one too many elsewhere: the eigenvalues that do not
         matter became 0, and 0 is counted. Leave them out, `eigenvalues[coefficients != 0]`."""),
        ("distinct pairs", lambda v, c: len({*zip(v, c, strict=True)}),
         """You counted distinct pairs of an eigenvalue and a coefficient. Equal eigenvalues are
         finished in one step, whatever their coefficients are: of the pairs count the first."""),
        ("coefficients added up",
         lambda v, c: sum(abs(sum(c[v == one])) > 1e-12 for one in np.unique(v)),
         """You added up the coefficients of equal eigenvalues. They belong to different
         eigenvectors and cannot cancel: it is enough that one of them is not 0."""),
        ("simple eigenvalues alone",
         lambda v, c: sum(np.count_nonzero(v[c != 0] == one) == 1 for one in v[c != 0]),
         """You counted the eigenvalues that occur once and left out those that repeat. These need a
         step too, one for all that are equal."""),
        ("distinct coefficients",
         lambda c: len(np.unique(c)), lambda c: len(np.unique(c[c != 0])),
         """You counted the distinct coefficients. Of a coefficient it matters only whether it is 0;
         what has to be distinct are the eigenvalues."""),
    ),
)
def steps_needed(eigenvalues, coefficients):
    """Steps of conjugate gradients from 0 to the solution; both arguments are (p,)."""
    return len(np.unique(eigenvalues[coefficients != 0]))
