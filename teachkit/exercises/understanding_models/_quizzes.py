"""The quizzes of lesson 12."""

from __future__ import annotations

from .. import quiz, right

same_accuracy = quiz(
    "understanding_models.same_accuracy",
    """Two models are right on equally many test images. What follows for their reasons, the
    training images that are influential?""",
    ("They are much the same: both have learned what a 4 is.",
     """Accuracy counts answers. Two models can give the same answers by quite different training
     images, and be wrong on different ones."""),
    right("Nothing: one may go by near images and the other by far ones.",
          """An accuracy is one number for all test images, and an influence is one for each pair of
          images. What the two have in common has to be measured, as this lesson does."""),
    ("The reasons differ, or the accuracies would not be so near to each other.",
     """Near accuracies do not say that: trained twice, one model has the same accuracy and the same
     reasons."""),
    ("The simpler one goes by nearness.",
     """The accuracy does not say which one is simpler, nor does being simple say anything of
     nearness. Which images a model goes by has to be measured."""),
)

gamma_larger = quiz(
    "understanding_models.gamma_larger",
    r"""In the kernel $k(x, z) = \exp(-\gamma |x - z|^2)$ you make $\gamma$ larger. What becomes of
    the most influential training images of a test image?""",
    ("They come from farther away.",
     r"""Turn it round: the larger $\gamma$, the faster the kernel falls with the distance, and with
     it what a training image has to say."""),
    ("They stay the same, only the influences grow.",
     r"""$\gamma$ is in no factor that all images share. It decides which ones are alike at
     all."""),
    right("They are nearer.",
          r"""Points farther apart than about $1/\sqrt{\gamma}$ hardly know of each other. With a
          very large $\gamma$ the machine only looks at the nearest image; with a very small one
          all images look alike."""),
    ("There are more of them.",
     r"""There are fewer: the larger $\gamma$, the fewer training images are near enough to
     count."""),
)

same_class = quiz(
    "understanding_models.same_class",
    "The most harmful image for a test 4 is another 4. What do you know about its label?",
    right("It may be wrong. One has to look.",
          """A wrong label is one way to do harm. Another: a 4 that is written like a 9 bends the
          boundary at a place where the test image has to pay for it. The wall shows which."""),
    ("It is wrong: an image of the same class helps.",
     """Most of them do, in these models. But an odd 4 pulls the boundary to where it stands
     itself, and what is elsewhere may lose."""),
    ("It is right: wrong labels would be those of the other class.",
     "An image that is called 4 and is none is in the class of fours, where you found this one."),
    ("Nothing can be found out about it.",
     "An influence gives no verdict, but it says where to look first: one look answers it."),
)

frozen = quiz(
    "understanding_models.frozen",
    """Influence on a network's features with a logistic layer on top agrees with retraining that
    layer: with the leverage counted, r = 1.00. What does it say about training the *whole* network
    without the image?""",
    ("The same, since the features hardly change.",
     """Whether they do is what nobody has looked at here. They were learned from these images, that
     one included."""),
    ("The same times the number of layers.",
     "The layers do not add up like that: each one's weights decide what the next gets to see."),
    ("It is an upper bound of it.",
     """There is no such bound. The image may have shaped the features and still have no say in the
     last layer, or the other way round."""),
    right("It is another question, that this one does not answer.",
          """The image stays in the features, though it is gone from the last layer. Training the
          whole network anew would change both, and would end in another minimum besides."""),
)

what_cancels = quiz(
    "understanding_models.what_cancels",
    r"""A linear model, and the influence relative to $|H^{-1} g_i|$, with
    $g_i = -y_i\, \sigma(-m_i)\, x_i$. Of two points with the same features and label, one had its
    loss multiplied by 7. Which has the larger relative influence?""",
    ("The one with the larger loss.",
     r"""The factor 7 stands in $g_i$, so it is in the numerator and in the length below it."""),
    ("The one with the smaller loss.",
     r"""It is divided by a smaller number, but what is divided is smaller as well, by the same
     factor."""),
    right("Neither: they are equal.",
          r"""$-g_{test}^\top H^{-1} g_i / |H^{-1} g_i|$ depends on the direction of $g_i$ alone.
          That takes loud outliers from the top. It also lets an image that the model has long
          fitted stand there, which moves nothing if it is removed."""),
    ("That depends on H.",
     r"""$H^{-1}$ is the same for both and is linear: 7 goes through it and cancels."""),
)
