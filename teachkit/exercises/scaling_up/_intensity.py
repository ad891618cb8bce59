"""16.4: operations for each byte of a Hessian-vector product."""

from __future__ import annotations

from .. import better, exercise, formula, part


def _sizes() -> list[tuple]:
    return [(40, 7, 1), (30, 11, 4), (900, 50, 3), (6, 5, 20), (60000, 785, 1), (60000, 785, 64)]


def _any_size(draw):
    n = draw.pick(draw.whole(1, 9), draw.whole(10, 500), draw.whole(1000, 90000))
    return n, draw.pick(draw.whole(1, 9), draw.whole(10, 900)), draw.pick(1, draw.whole(2, 600))


FLOPS = part(
    lambda n, p, k: 4 * n * p * k + n * k,
    ("one product counted", lambda n, p, k: 2 * n * p * k + n * k, lambda n, p, k: 2 * n * p * k,
     """Only half of the operations with X are in yours. There are two products, X V and X' times
     what comes of it; and a sum of p products is 2 p operations, p of them additions."""),
    ("multiplications alone", lambda n, p, k: 2 * n * p * k + n * k / 2,
     lambda n, p, k: 2 * n * p * k + 2 * n * k,
     """You count multiplications and no additions. A sum of p products is 2 p operations: 2 n p k
     for each of the two products with X."""),
    ("k only at the vectors", lambda n, p, k: 4 * n * p + n, lambda n, p, k: 4 * n * p + n * k,
     """Your operations with X are those for one vector. They are done for each of the k."""),
    ("c times X V twice", lambda n, p, k: 4 * n * p * k + 2 * n * k,
     """c times X V counts twice in your operations. It is n k multiplications, and nothing is added
     there."""),
    ("c times X V not counted", lambda n, p, k: 4 * n * p * k,
     "c times X V is missing in your operations, n k of them: little where p is large."),
    ("an addition fewer", lambda n, p, k: n * k * (2 * p - 1) + p * k * (2 * n - 1) + n * k,
     """A sum of p products has p - 1 additions, as you count. Here it counts as 2 p operations, as
     is usual: the first addition is one to 0."""),
    ("the curvatures once", lambda n, p, k: 4 * n * p * k + n,
     "c multiplies every column of X V: n k operations."),
)
NUMBERS = part(
    lambda n, p, k: 2 * n * p + 2 * p * k + 2 * n * k + n,
    ("X once", lambda n, p, k: n * p + 2 * p * k + 2 * n * k + n,
     """X is read once in yours. Here it is read for X V, and, when that is done, from the beginning
     for X' times it: twice. (In blocks that stay in cache once is enough: exercise 16.5.)"""),
    ("X for every vector", lambda n, p, k: 2 * n * p * k + 2 * p * k + 2 * n * k + n,
     """X is read anew for each vector in yours. With all k at once it is read twice, whatever k is:
     that is what several at once are good for."""),
    ("X V only once", lambda n, p, k: 2 * n * p + 2 * p * k + n * k + n,
     "X V goes to memory and comes back from there: n k numbers, twice."),
    ("X V forgotten", lambda n, p, k: 2 * n * p + 2 * p * k + n,
     "X V is not in your bytes: n k numbers that go to memory and come back."),
    ("c X V moved, too", lambda n, p, k: 2 * n * p + 2 * p * k + 4 * n * k + n,
     lambda n, p, k: 2 * n * p + 2 * p * k + 3 * n * k + n,
     """c * (X V) moves in your bytes, too. It is done while X V is in hand: X V goes out once and
     comes back once, and that is all."""),
    ("V once", lambda n, p, k: 2 * n * p + p * k + 2 * n * k + n,
     "Only V or only H V is in your bytes. V is read and H V is written, p k numbers each."),
    ("V twice", lambda n, p, k: 2 * n * p + 3 * p * k + 2 * n * k + n,
     """V or H V counts twice in your bytes. V is read for X V alone: X' multiplies c * (X V)."""),
    ("n rows for p", lambda n, p, k: 2 * n * p + p * k + 3 * n * k + n,
     lambda n, p, k: 2 * n * p + 4 * n * k + n,
     "V and H V have p rows, p k numbers each. In yours one of them, or both, has n."),
    ("as in blocks", lambda n, p, k: n * p + 2 * p * k + n,
     """Your bytes are those of blocks that stay in cache: X is read once and X V never leaves. That
     comes in exercise 16.5. Here X is read twice, and X V goes out and comes back."""),
    ("each vector once", lambda n, p, k: 2 * n * p + p * k + n * k + n,
     """V and H V are p k numbers each, one is read and one is written. X V goes out and comes back,
     n k numbers twice. In yours they count once."""),
    ("X V and c not moved", lambda n, p, k: 2 * n * p + 2 * p * k,
     """X V and c are not in your bytes: n k numbers that go out and come back, and n that are
     read."""),
    ("X V once and no c", lambda n, p, k: 2 * n * p + 2 * p * k + n * k,
     "X V goes out and comes back, n k numbers twice; and c is read, n more."),
    ("X alone moved", lambda n, p, k: 2 * n * p, lambda n, p, k: n * p,
     "Only X is in your bytes. V, c and X V are read, too, and X V and H V are written."),
    ("V and H V forgotten", lambda n, p, k: 2 * n * p + 2 * n * k + n,
     "V is read and H V is written, p k numbers each. They are not in your bytes."),
    ("c not read", lambda n, p, k: 2 * n * p + 2 * p * k + 2 * n * k,
     "The n curvatures are read, too."),
    ("c for every vector", lambda n, p, k: 2 * n * p + 2 * p * k + 2 * n * k + n * k,
     "The n curvatures are read once: they serve all k columns."),
    ("vectors for one", lambda n, p: 2 * n * p + 2 * p + 2 * n + n,
     "V, H V and X V have k columns each, and in your bytes only one."),
)


@exercise(
    "16.4",
    "Operations for each byte",
    prompt="""H V = X' (c * (X V)) with X (n, p), V (p, k) and curvatures c (n,), all float64, so 8
    bytes a number. (The 1/n is in c, and the penalty is left out.) Count each multiplication and
    each addition as one operation, a sum of p products as 2 p; and the bytes that go between memory
    and processor: X read for each of its two products, V and c read once, X V written once and read
    once, H V written once. c * (X V) is done while X V is in hand: n k operations and no further
    bytes. Return operations divided by bytes.""",
    minutes=6,
    difficulty=2,
    cases=_sizes,
    draw=_any_size,
    draws=100,
    hints=(
        """Make two lists, one of operations and one of numbers that move. In which of the lists
        does the k of a product with X stand?""",
        """X V is n k sums of p products, X' times it is p k sums of n products. X has n p numbers,
        whatever k is.""",
        """Try n = 60000, p = 785, k = 1: the answer should be near a quarter; with k = 64 near
        15.""",
    ),
    explanation="""(4 n p k + n k) / (8 (2 n p + 2 p k + 2 n k + n)). With one vector X is all that
    counts: 4 n p operations over 16 n p bytes, a quarter for each byte, whatever n and p are. A
    processor could do some ten in that time, so it waits for memory. With k vectors there is k/4,
    until k is as large as p and X V itself is what moves.""",
    answer=formula(
        lambda flops, count: flops / (8 * count),
        flops=FLOPS,
        count=NUMBERS,
    ),
    mistakes=(
        ("numbers for bytes", lambda flops, count: flops / count,
         "You divide by numbers. A float64 has 8 bytes."),
        ("four bytes", lambda flops, count: flops / (4 * count),
         "You count 4 bytes a number, as for float32. A float64 has 8."),
        ("bits", lambda flops, count: flops / (64 * count),
         "You count 64 for each number: these are bits. A float64 has 8 bytes."),
        ("upside down", lambda flops, count: 8 * count / flops,
         "These are bytes for each operation. Asked are operations for each byte."),
        better("X alone", lambda k: k / 4,
               """k/4 is what remains where X is so large that nothing else counts: the number to
               remember. Here the vectors count as well, and for n = 6 they are most of it."""),
        ("brackets", lambda flops, count: flops / 8 * count,
         lambda flops, n, p, k: flops / 8 * n * p,
         lambda flops, n, p, k: flops / 8 * 2 * n * p + 2 * p * k + 2 * n * k + n,
         """Brackets are missing below the line: `a / 8 * b` divides by 8 and then multiplies."""),
        ("brackets above", lambda n, p, k, count: 4 * n * p * k + n * k / (8 * count),
         """Brackets are missing above the line: `a + b / c` divides b alone."""),
        ("c outside", lambda flops, n, count: flops / (8 * (count - n)) + n,
         "n is added to the quotient: it belongs into the brackets below, with the other numbers."),
        ("whole numbers", lambda flops, count: float(flops // (8 * count)),
         "`//` cuts off what stands behind the point. It is `/`."),
        ("operations alone", lambda flops: flops,
         "These are the operations. They are divided by the bytes."),
        ("bytes alone", lambda count: 8 * count,
         "These are the bytes. The operations are divided by them."),
        ("forming H", lambda n, p, k: (2 * n * p**2 + 2 * p**2 * k) / (8 * (n * p + p**2)),
         lambda n, p, k: (2 * n * p**2 + 2 * p**2 * k) / (8 * (n * p + p**2 + 2 * p * k)),
         lambda n, p, k: 2 * n * p**2 / (8 * n * p),
         """You form H and multiply with it. The product is made from right to left: X V, then c,
         then X'."""),
    ),
)
def intensity(n, p, k):
    """Operations for each byte of X' (c * (X V)), a number; X is (n, p), V is (p, k)."""
    operations = 4 * n * p * k + n * k
    numbers = 2 * n * p + 2 * p * k + 2 * n * k + n
    return operations / (8 * numbers)
