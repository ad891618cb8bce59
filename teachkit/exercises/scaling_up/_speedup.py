"""16.6: what several workers buy."""

from __future__ import annotations

import math

from .. import better, exercise, formula, part


def _runs() -> list[tuple]:
    return [
        (4.0, 0.5, 2.0, 30, 4),
        (10.0, 0.25, 3.0, 17, 5),
        (1.5, 2.0, 0.75, 40, 8),
        (6.0, 1.0, 2.5, 7, 16),
        (3.0, 0.75, 4.0, 12, 1),
    ]


def _any_run(draw):
    serial = draw.pick(0.0, draw.number(0.5, 20.0), draw.number(50.0, 200.0))
    send = draw.pick(0.0, draw.number(0.1, 2.0), draw.number(2.0, 9.0))
    tasks, workers = draw.pick(1, draw.whole(2, 90)), draw.pick(1, 2, draw.whole(3, 40))
    return serial, send, draw.number(0.2, 5.0), tasks, workers


def _rounds(tasks, workers):
    return -(-tasks // workers)


def _as_soon_as_it_can(serial, send, each, tasks, workers):
    free = [serial + send * (k + 1) for k in range(workers)]
    for _ in range(tasks):
        k = free.index(min(free))
        free[k] += each
    return max(free)


SENT = part(
    lambda send, workers: send * workers,
    ("sent once", lambda send: send,
     "The data are sent once in yours. They go to every worker, one after the other."),
    ("sending forgotten", lambda: 0.0,
     "The sending is not in the time with workers: `send` seconds for each of them."),
    ("sent with each task", lambda send, tasks: send * tasks,
     "The data go along with each task in yours. A worker gets them once, and keeps them."),
    ("sent to those with work", lambda send, tasks, workers: send * min(workers, tasks),
     """In yours the data go to those workers only for whom there is a refit. Here they go to all,
     also where there are more workers than tasks."""),
    ("one has the data", lambda send, workers: send * (workers - 1),
     "One of the workers gets no data in yours. They are sent to all of them."),
    ("there and back", lambda send, workers: 2 * send * workers,
     "Sending counts twice in yours. The data go there, and what comes back costs nothing here."),
    ("sending shared", lambda send, workers: send / workers,
     "The sending is divided by the workers in yours. It goes to one after the other: it adds up."),
)
SERIAL = part(
    lambda serial: serial,
    ("the fit shared, too", lambda serial, workers: serial / workers,
     """The fit before is divided by the workers in yours. It is one piece: all of them wait for
     it."""),
    ("the fit forgotten", lambda: 0.0,
     """The fit before is missing in the time with workers. It takes as long as ever: this is what
     Amdahl's law is about."""),
    ("a fit at each worker", lambda serial, workers: serial * workers,
     "The fit is done once, before the tasks, and not by each worker."),
)


@exercise(
    "16.6",
    "What several workers buy",
    prompt="""A run begins with a fit of `serial` seconds, which is one piece. Then come `tasks`
    refits of `each` seconds, which do not depend on each other. One process does them one after
    the other, and sends nothing. With workers, the data are sent to each of `workers` workers, one
    after the other, `send` seconds each; when all have them the refits begin. A worker does one at
    a time, a refit cannot be cut, and the run ends when the last one is done. How many times as
    fast is the run with workers? (It may be less than 1.)""",
    minutes=6,
    difficulty=2,
    cases=_runs,
    draw=_any_run,
    draws=100,
    hints=(
        """Write down the seconds of the run without workers, then those with. Which of the three
        parts becomes shorter with more workers, which longer, which stays?""",
        """17 refits with 5 workers: how many does the worker do who has most of them?""",
        "The number of rounds is tasks / workers, rounded up.",
    ),
    explanation="""(serial + tasks each) / (serial + send workers + ceil(tasks / workers) each).
    However many workers there are, the fit remains (Amdahl 1967): the speed-up stays below
    (serial + tasks each) / serial. And sending grows with them, so that there is a best number of
    workers. More than `tasks` of them have nothing to do, and still want their data.""",
    answer=formula(
        lambda sent, fit, rounds, serial, each, tasks: (
            (serial + tasks * each) / (fit + sent + rounds * each)),
        sent=SENT,
        fit=SERIAL,
        rounds=part(
            lambda tasks, workers: _rounds(tasks, workers),
            ("refits cut", lambda tasks, workers: tasks / workers,
             """tasks / workers is no whole number in all cases. A refit cannot be cut: the worker
             who has most of them does that number rounded up."""),
            ("rounded down", lambda tasks, workers: tasks // workers,
             lambda tasks, workers: max(1, tasks // workers),
             "tasks // workers rounds down: what is left over is done, too, in one more round."),
            ("rounded to the nearest", lambda tasks, workers: round(tasks / workers),
             """`round` rounds to the nearest. What is left over makes one more round, however
             little it is: up, always."""),
            ("one more round", lambda tasks, workers: tasks // workers + 1,
             """tasks // workers + 1 is one too many where the workers share the tasks evenly."""),
            ("the rest one by one", lambda tasks, workers: tasks // workers + tasks % workers,
             """What is left over is done one after the other in yours. There are workers enough for
             it: all of it is done in one more round."""),
            ("all at once", lambda: 1.0,
             """Your refits are all done in one round, as if there were a worker for each."""),
            ("not shared", lambda tasks: tasks,
             "The refits are not shared in yours: one worker does all of them."),
        ),
    ),
    mistakes=(
        ("upside down", lambda sent, fit, rounds, serial, each, tasks: (
            (fit + sent + rounds * each) / (serial + tasks * each)),
         """This is the time with workers over the time without. Twice as fast is 2: it is the other
         way round."""),
        ("seconds", lambda sent, fit, rounds, each: fit + sent + rounds * each,
         "These are the seconds with workers. Asked is how many times as fast that is."),
        ("seconds won", lambda sent, fit, rounds, serial, each, tasks: (
            serial + tasks * each - (fit + sent + rounds * each)),
         "These are the seconds that are won. Asked is the ratio of the two times."),
        ("share won", lambda sent, fit, rounds, serial, each, tasks: (
            1 - (fit + sent + rounds * each) / (serial + tasks * each)),
         "This is the share of the time that is won. Asked is how many times as fast the run is."),
        ("one process sends, too", lambda sent, fit, rounds, serial, send, each, tasks: (
            (serial + send + tasks * each) / (fit + sent + rounds * each)),
         lambda sent, fit, rounds, serial, send, each, tasks, workers: (
            (serial + send * workers + tasks * each) / (fit + sent + rounds * each)),
         "The process alone sends nothing: its data are there."),
        ("one process without the fit", lambda sent, fit, rounds, each, tasks: (
            tasks * each / (fit + sent + rounds * each)),
         "The process alone has to fit before, too: serial + tasks each."),
        ("the refits alone", lambda rounds, tasks: tasks / rounds,
         """You compare the refits alone. The fit before and the sending belong to the run: they are
         what keeps it from being `workers` times as fast."""),
        ("the number of workers", lambda workers: float(workers),
         """As many times as fast as there are workers: that would need no fit, no sending, and
         refits that share out evenly."""),
        better("Amdahl's bound", lambda serial, each, tasks: (
            (serial + tasks * each) / serial if serial else math.inf),
               """This is what cannot be passed with however many workers, Amdahl's bound. Asked is
               what these workers reach."""),
        ("seconds rounded", lambda serial, sent, fit, each, tasks, workers: (
            (serial + tasks * each) / (fit + sent + math.ceil(tasks * each / workers))),
         """You round up seconds, tasks each / workers. What cannot be cut is a refit: round up
         tasks / workers, and then multiply by `each`."""),
        ("sending meanwhile", lambda serial, sent, fit, rounds, each, tasks: (
            (serial + tasks * each) / (fit + max(sent, rounds * each))),
         """In yours the refits go on while data are still sent. Here they begin when all workers
         have them: the two times add up."""),
        ("sent in each round", lambda serial, send, fit, rounds, each, tasks: (
            (serial + tasks * each) / (fit + rounds * (each + send))),
         lambda serial, send, fit, rounds, each, tasks, workers: (
            (serial + tasks * each) / (fit + rounds * (each + send * workers))),
         """The data are sent in each round in yours. A worker gets them once, and all workers get
         theirs one after the other: send workers."""),
        ("each as soon as it can", lambda serial, send, each, tasks, workers: (
            (serial + tasks * each) / _as_soon_as_it_can(serial, send, each, tasks, workers)),
         """In yours each worker begins as soon as it has its data. Here the refits begin when all
         have them."""),
        ("efficiency", lambda sent, fit, rounds, serial, each, tasks, workers: (
            (serial + tasks * each) / (fit + sent + rounds * each) / workers),
         "You divide by the workers, which is called efficiency. Asked is the ratio of the times."),
        ("one worker fewer", lambda sent, fit, serial, each, tasks, workers: (
            (serial + tasks * each)
            / (fit + sent + _rounds(tasks, max(workers - 1, 1)) * each)),
         "One worker fewer does refits in yours. All of them do."),
        ("never below 1", lambda sent, fit, rounds, serial, each, tasks: max(
            1.0, (serial + tasks * each) / (fit + sent + rounds * each)),
         """Yours is never less than 1. It may be: where sending takes longer than the workers save,
         the run is slower with them."""),
    ),
)
def speedup(serial, send, each, tasks, workers):
    """How many times as fast the run is with workers, a number; three times in seconds."""
    alone = serial + tasks * each
    rounds = -(-tasks // workers)
    return alone / (serial + send * workers + rounds * each)
