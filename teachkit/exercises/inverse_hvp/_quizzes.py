"""The quizzes of lesson 09."""

from __future__ import annotations

from .. import quiz, right

which_side = quiz(
    "inverse_hvp.which_side",
    r"""$g_\text{test}' H^{-1} g_i$ is asked for one test point and all $n$ training points. Why is
    $H^{-1}$ applied to $g_\text{test}$, and not to each $g_i$?""",
    (r"Because $H$ is the Hessian of the risk, not of the test loss.",
     r"""It is; but $H^{-1}$ stands between the two gradients, and may be read from either side:
     $H$ is symmetric."""),
    (r"Because $H^{-1} g_i$ would be another number.",
     r"""$(H^{-1} g_\text{test})' g_i = g_\text{test}' (H^{-1} g_i)$: the same number, since $H$ is
     symmetric."""),
    right(r"It is one solve instead of $n$.",
          r"""One $s_\text{test} = H^{-1} g_\text{test}$, and then $n$ dot products. For many test
          points and few training points it would be the other way round."""),
    (r"Because the $g_i$ add up to 0.",
     r"""Without a penalty they do; each one still has an influence of its own."""),
)

what_is_missing = quiz(
    "inverse_hvp.what_is_missing",
    r"""LiSSA takes 5000 steps with the scale 44.7. The smallest eigenvalue of $H$ is 0.01. Which
    share of $1/\mu$ is still missing there?""",
    ("None: 5000 steps are far more than 44.7.",
     r"""What counts is depth times $\mu$ against the scale: 50 against 44.7."""),
    right("About a third.",
          r"""$(1 - 0.01/44.7)^{5001} = 0.33$. A scale ten times smaller would leave
          $(1 - 0.01/4.47)^{5001}$, which is 0.00001."""),
    ("About 0.9 %, the scale over the depth.",
     r"""44.7/5000 = 0.0089 is the size of a damping that would do something similar. Beside
     $\mu = 0.01$ that is not small."""),
    ("All of it: such small eigenvalues never arrive.",
     r"""They do, slowly: each step multiplies what is missing by $1 - 0.01/44.7$."""),
)

looks_best = quiz(
    "inverse_hvp.looks_best",
    r"""On the digits, the scale that is ten times too large has the best $r$ of all, and its
    $s_\text{test}$ has a large error. How can both be true?""",
    right(r"$r$ hardly sees what lies in directions where the training gradients do not.",
          r"""What is missing lies in the directions of small eigenvalues. The noise of the smaller
          scales lies along the training gradients, of which samples are made, and these are what
          $s_\text{test}$ is multiplied with."""),
    ("The seeds were lucky.",
     "All seeds show the same. A large scale takes small steps, and averages over more samples."),
    (r"A larger scale is more exact.",
     r"""It is less noisy and more biased: the filter levels off earlier, at (depth + 1)/scale."""),
    (r"$r$ was computed with the same noisy $s_\text{test}$ on both sides.",
     r"""It was computed with the exact influences on the other side."""),
)

quiet_failure = quiz(
    "inverse_hvp.quiet_failure",
    """One-sample LiSSA is run with a quarter of the scale that is safe. What will you see?""",
    ("An overflow, or a warning of NumPy.",
     """With the whole H below half its largest eigenvalue, yes. Here the mean still converges, and
     only now and then a sample lengthens x."""),
    (r"$r$ near 0 in every run.",
     "Some runs are good. That is what makes it dangerous: it depends on the seed."),
    ("Nothing: the mean of the samples is H, so the answer is right.",
     "The mean of the answers is right, if it exists. A single run may be off by any amount."),
    right("Numbers that look like numbers; some runs are right and some are not.",
          """Nothing blows up, and no single run tells which it is. What tells: the spread of
          several runs, and |v - H x| / |v|, for one product with H."""),
)
