"""The quizzes of lesson 15."""

from __future__ import annotations

from .. import quiz, right

random_share = quiz(
    "mislabeled_examples.random_share",
    """10% of the labels are wrong. You look at 15% of the mails, drawn at random. What share of the
    wrong labels do you find, on average?""",
    ("1.5%.",
     """That is the share of *all mails* that you find wrong, 10% of the 15%. Beside the
     wrong ones it is ten times as much."""),
    ("10%.",
     """That is how many of the mails that you look at are wrong: precision. Asked is how many of
     the wrong ones you have looked at."""),
    ("67%.",
     """That is 10% over 15%: if all wrong labels were among the mails that you look at, so
     many of these would be wrong. By chance most of them are elsewhere."""),
    right("15%.",
          """A wrong label is drawn as often as any other, so of the wrong ones you see the share
          that you see of all. It is the line that every strategy has to beat."""),
)

own_sign = quiz(
    "mislabeled_examples.own_sign",
    r"""The slide says that $I_{up,loss}(z_i, z_i)$ approximates the error incurred on $z_i$ if we
    remove it from the training set. What is meant?""",
    right(r"$-\frac1n I_{up,loss}(z_i, z_i)$ approximates by how much its own loss rises.",
          r"""$I_{up,loss}(z_i, z_i) = -g_i^\top H^{-1} g_i$ is never positive, and per unit of
          $\varepsilon$. Leaving out is $\varepsilon = -1/n$: a rise, of what the loss was
          before."""),
    (r"$I_{up,loss}(z_i, z_i)$ approximates the loss of $z_i$ after its removal.",
     r"""It is never positive, and a loss is never negative. And what moves is the loss: what it was
     before is not in it."""),
    (r"$\frac1n I_{up,loss}(z_i, z_i)$ approximates by how much its own loss rises.",
     r"""The scale is right and the sign is not: $I$ is what *more* weight does. Leaving out is
     less."""),
    (r"$-I_{up,loss}(z_i, z_i)$ approximates by how much its own loss rises.",
     r"""The sign is right. But $I$ counts per unit of $\varepsilon$, and a point has the weight
     $1/n$ in $R$: $n$ times too much."""),
)

fewer_and_as_good = quiz(
    "mislabeled_examples.fewer_and_as_good",
    """With the same budget self-influence finds fewer of the wrong labels than the loss does, and
    the model is as accurate afterwards. How can that be?""",
    ("The accuracy does not depend on the wrong labels.",
     "It does: with all of them put right it is higher. But they do not all cost the same."),
    right(r"It looks first at labels that move $\theta$, and these cost most.",
          r"""In $\sigma(-m)^2\, x^\top H^{-1} x$ stands how wrong the label looks *and* how far
          $\theta$ gives way. A wrong label that hardly moves $\theta$ is one more for the count and
          little for the model."""),
    ("It also puts labels right that were right before.",
     "A label that was right stays as it is: whoever looks sees that it is right."),
    ("It is only chance, with as few test mails.",
     """For one seed that might be. Over many seeds with a band it stays, on raw features most
     clearly."""),
)

highest_loss = quiz(
    "mislabeled_examples.highest_loss",
    "The mail with the largest loss of all: what do you know about its label?",
    ("It is wrong, otherwise the model would fit it.",
     """A linear model cannot fit everything: an unusual mail with the right label can have a large
     loss, too. And there are mails alike in all words that have both labels."""),
    ("It is right, for wrong labels are fitted as well.",
     r"""With so few parameters and a penalty no single mail can bend the model to its label, so
     wrong ones mostly keep a large loss."""),
    ("Nothing: loss and label have nothing to do with each other.",
     """Among the mails with the largest losses there are many times more wrong labels than by
     chance."""),
    right("It is a suspect. Whether it is wrong one sees by looking.",
          """A score makes an order, and no verdict. That is why a budget of looks is what is
          compared, and a look at a right label costs as much."""),
)

only_the_order = quiz(
    "mislabeled_examples.only_the_order",
    r"""Your self-influence finds as many wrong labels as that of the library, on ten seeds. What
    does that say about your formula?""",
    (r"It is right: the numbers agree.",
     r"""The *numbers found* agree. A factor $1/n$, a factor 2 or a square root changes no order, so
     no count of what was found can see it."""),
    ("It has at most a wrong sign.",
     "A wrong sign is the one slip that shows at once: the order is turned round."),
    right("Its order is about right. Its values may still be wrong by any factor.",
          """Ranks hide factors and everything else that grows with the right values. For the
          formula compare values, with the true retraining."""),
    ("Nothing, for ten seeds are too few.",
     "Even with a thousand seeds a factor stays invisible: it is not a matter of chance."),
)
