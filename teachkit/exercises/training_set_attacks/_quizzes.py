"""The quizzes of lesson 13."""

from __future__ import annotations

from .. import quiz, right

one_each = quiz(
    "training_set_attacks.one_each",
    """The paper: with one training image changed, 335 of 591 test images (57%) were flipped.
    What had been changed in the training set when one of these predictions flipped?""",
    ("335 images, all at once.",
     """So the slide can be read. 335 is the number of *test* images that were flipped, each in an
     attack of its own."""),
    ("One image, and 335 predictions flipped with it.",
     r"""One changed image moves $\theta$ a little, in a direction made for one test image. That
     this one change flips hundreds was not claimed."""),
    right("One image, chosen and changed for this test image.",
          """591 attacks, each on a clean training set with one image changed, against one test
          image. 335 of them flipped theirs."""),
    ("591 images, one for each, all in the training set together.",
     "The attacks were made one by one. Each began with the clean training set."),
)

fair_control = quiz(
    "training_set_attacks.fair_control",
    """To compare with an attack of 8 steps you add a new draw of random signs at each of 8 steps,
    each an eighth of the budget. What is wrong with this control?""",
    ("Nothing: it has the same budget and as many steps.",
     "It has the same budget, and hardly uses it. How far is a sum of 8 random signs from 0?"),
    right("It moves less than the attack: random steps cancel.",
          """A sum of 8 random signs is about 3 long and not 8. The attack's steps mostly agree. One
          draw of signs and the whole budget is the fair control."""),
    ("It moves more than the attack.", "It stays within the budget, as the attack does."),
    ("Random signs are no images.", "They are clipped as those of the attack are."),
)

more_data = quiz(
    "training_set_attacks.more_data",
    """The training set becomes ten times as large, with images of the same kind. What becomes
    of the effect of moving one and the same image?""",
    ("It stays: the image is moved as far.",
     r"The image is. But its gradient counts with $1/n$ in that of $R$."),
    ("It grows: there are more images to choose from.",
     """A larger set has harder images, and an attacker gains by these. Asked is the effect of one
     and the same image."""),
    (r"It is a tenth, for $1/n$ is.",
     r"""$1/n$ is one factor. $H$, $\theta$ and how badly the image is fitted change as well: in the
     lesson four times as many images do not weaken it to a quarter."""),
    right("Most likely it falls; by how much, one has to measure.",
          r"""$\frac1n I_{pert,loss}^\top\delta$ has the $1/n$, and more images resist in more
          directions. Against that, in a small set the image is fitted better and pulls less."""),
)

ranking = quiz(
    "training_set_attacks.ranking",
    r"""On a linear model you sort the test points by the largest $\sum_j |I_{pert,loss}|_j$ over
    all training images. What do you see?""",
    ("Which test points an attack can lose the most margin for.",
     """That is what one hopes for. The cell compares the two, and points with a large margin often
     lose more of it."""),
    right("Hardly more than their order by the margin.",
          r"""The gradient at a test point is $-\sigma(-m)\,y\,x$: its size follows the margin,
          and the rest differs little from point to point. For *how much* a margin can fall one
          has to look at the margin itself and not at the loss."""),
    ("Which training images were changed.",
     "It is a number of each test point. It says nothing of what was done to the data."),
    ("Nothing: it is the same number for all.",
     "It differs a great deal, by orders of magnitude."),
)

clean_accuracy = quiz(
    "training_set_attacks.clean_accuracy",
    """The accuracy on held-back images is as good as ever. What does that say about an attack on
    the training set?""",
    ("There was none.",
     "An attack on one test image leaves the others as they are. The accuracy is a mean over all."),
    ("There was one: it should have risen.", "Nothing has to rise."),
    right("Next to nothing, if few test images are meant.",
          """One prediction in hundreds is a change far below the noise of an accuracy. What
          shows it is a look at the data: where they come from, and whether they look like clean
          ones."""),
    ("It was only against images that are not held back.",
     "That may be. But one against a held-back image hides as well: one flip hardly shows."),
)
