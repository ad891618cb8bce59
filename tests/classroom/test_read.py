"""What is no whole export is named in a sentence, and adds to no number."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teachkit.classroom.count import count
from teachkit.classroom.read import LARGEST, read
from tests.classroom.made_up import HIDDEN, QUIZ, REMOVAL, RISE, hand_in, the_class

GOOD = the_class()[0]
TEXT = json.dumps(GOOD)


def changed(path: tuple[Any, ...], value: Any) -> str:
    """The good export with one place changed; `...` takes it away."""
    data: Any = copy.deepcopy(GOOD)
    here = data
    for part in path[:-1]:
        here = here[part]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return json.dumps(data)


MADE = ("guesses", RISE, "made")
TEXTS: dict[str, str | bytes] = {
    **{f"cut at {k}": TEXT[: len(TEXT) * k // 20] for k in range(20)},
    **{f"no {part}": changed((part,), ...) for part in GOOD},
    **{f"{part} is {value!r}": changed((part,), value)
       for part in ("learner", "exercises", "quizzes", "guesses")
       for value in (None, 3, "x", [], True)},
    **{f"version {value!r}": changed(("version",), value)
       for value in (2, 99, 0, -1, "1", 1.5, None, True, [])},
    **{f"number {value!r}": changed(("learner", "number"), value)
       for value in (0, -1, 1.5, "1", None, True, 10**9)},
    **{f"id {value!r}": changed(("learner", "id"), value)
       for value in ("", "ABCDEF012345", "0" * 13, 12, None, "../../../etc", "<script>abcd")},
    "no id": changed(("learner", "id"), ...),
    "name is a list": changed(("learner", "name"), ["Ada"]),
    "a long name": changed(("learner", "name"), "A" * 10_000),
    **{f"attempts {value!r}": changed(("exercises", REMOVAL, "attempts"), value)
       for value in (-1, "2", 2.5, None, True, 10**12)},
    **{f"found {value!r}": changed(("exercises", REMOVAL, "found"), value)
       for value in ("sign", [1], [None], [["sign"]], ["sign"] * 51, ["s" * 201])},
    **{f"minutes {value!r}": changed(("exercises", REMOVAL, "minutes"), value)
       for value in (-1, "4", None, True, 1e99)},
    "solved is 1": changed(("exercises", HIDDEN, "solved"), 1),
    "an exercise is a list": changed(("exercises", REMOVAL), []),
    "a long key": changed(("exercises", "k" * 201), {}),
    **{f"chosen {value!r}": changed(("quizzes", QUIZ, "chosen"), value)
       for value in ("b", [2], {"b": 1})},
    "right is a text": changed(("quizzes", QUIZ, "right"), "yes"),
    **{f"made {value!r}": changed(MADE, value)
       for value in (3, {}, [3], [{"guess": 1.0}], [{"truth": 1.0}], [{"guess": [], "truth": 1}])},
    **{f"truth {value}": TEXT.replace('"truth": 0.34', f'"truth": {value}')
       for value in ("NaN", "Infinity", "-Infinity", "1e999", "null", "1e301", "0x1", "True")},
    "no JSON": "Dear teacher, here is my export.",
    "HTML": "<!DOCTYPE html><title>Sign in</title>",
    "nothing": "",
    "blanks": " \n\t",
    "null": "null",
    "a list": f"[{TEXT}]",
    "a number": "24",
    "a text": '"teachkit export"',
    "two in one": TEXT + TEXT,
    "a name twice": TEXT.replace('"version": 1', '"version": 1, "version": 1'),
    "another format": changed(("format",), "nbgrader"),
    "a progress file": json.dumps({"version": 1, "exercises": {}, "quizzes": {}}),
    "half a character": TEXT.replace('"Ada"', '"\\ud800"'),
    "nested deeply": "[" * 100_000,
    "nested in a good one": TEXT[:-1] + ', "more": ' + "[" * 60_000 + "]" * 60_000 + "}",
    "a number of many digits": TEXT.replace('"number": 1', '"number": ' + "9" * 5_000),
    "huge": " " * (LARGEST + 1),
    "binary": bytes(range(256)),
    "UTF-16": TEXT.encode("utf-16"),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a ZIP": b"PK\x03\x04" + bytes(64),
}  # fmt: skip


PLACES: dict[str, Callable[[Path], Any]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


def test_there_are_more_than_a_hundred() -> None:
    assert len(TEXTS) + len(PLACES) > 100


@pytest.mark.parametrize("name", TEXTS)
def test_a_broken_file_is_named_and_counts_for_nothing(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    assert text != TEXT, "it is broken"
    (tmp_path / "it.json").write_bytes(text.encode() if isinstance(text, str) else text)
    handed = read(tmp_path)
    assert handed.learners == ()
    (sentence,) = handed.left_out
    assert sentence.startswith("it.json ")
    assert sentence.endswith(".")
    assert len(sentence) < 400
    assert "\n" not in sentence
    assert "Traceback" not in sentence and "Error" not in sentence


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_is_named(tmp_path: Path, name: str) -> None:
    PLACES[name](tmp_path / "it.json")
    handed = read(tmp_path)
    assert handed.learners == ()
    assert handed.left_out[0].startswith("it.json ")


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path, the_class()[:1])
    plain = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.suffix == ".json":
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read(tmp_path).left_out == ("export-00.json cannot be read: Permission denied.",)


def test_a_class_among_broken_files_is_counted_as_without_them(tmp_path: Path) -> None:
    alone = count(read(hand_in(tmp_path / "alone", the_class())))
    among = hand_in(tmp_path / "among", the_class())
    for k, text in enumerate(TEXTS.values()):
        path = among / f"broken-{k:03}.json"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    for k, make in enumerate(PLACES.values()):
        make(among / f"place-{k}.json")
    counted = count(read(among))
    assert len(counted.left_out) == len(TEXTS) + len(PLACES)
    assert (counted.learners, counted.lessons, counted.guesses) == (
        alone.learners,
        alone.lessons,
        alone.guesses,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a progress file", "is a progress file, and no export. `teachkit.exercises.export()`"),
        ("version 2", "was written by a newer teachkit (its format is 2, and 1 is known here)."),
        ("cut at 10", "is no whole JSON file. Perhaps it was cut off on the way."),
        ("nothing", "is empty. Perhaps it is still being copied."),
        ("attempts '2'", "(exercises / influence_upweighting.removal / attempts: '2' is not of"),
        ("truth NaN", "is no whole JSON file."),
        ("binary", "is no text, and so no export."),
        ("huge", "has 4 MB; an export has a few thousand bytes."),
        ("another format", "is no export of teachkit's."),
    ],
)
def test_the_sentence_says_why(tmp_path: Path, text: str, says: str) -> None:
    content = TEXTS[text]
    path = tmp_path / "it.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert says in read(tmp_path).left_out[0]


def again(export: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    export = copy.deepcopy(export) | more
    export["learner"]["number"] = number
    return export


def test_of_one_learner_the_newest_counts(tmp_path: Path) -> None:
    more = {"exercises": {}}
    hand_in(tmp_path, [again(GOOD, 2, **more), again(GOOD, 10), again(GOOD, 3, **more)])
    handed = read(tmp_path)
    assert [one.file for one in handed.learners] == ["export-01.json"]
    newest = "is of the same learner as export-01.json, which is newer and counts."
    assert handed.left_out == (f"export-02.json {newest}", f"export-00.json {newest}")


def test_two_people_with_one_progress_file_are_noticed(tmp_path: Path) -> None:
    cloned = again(GOOD, 5)
    cloned["learner"]["name"] = "Bo"
    hand_in(tmp_path, [GOOD, cloned])
    (said,) = read(tmp_path).left_out
    assert "which is newer and counts. They have two names, Ada and Bo: if that is two" in said


def test_of_two_copies_one_counts(tmp_path: Path) -> None:
    hand_in(tmp_path, [GOOD, GOOD])
    handed = read(tmp_path)
    assert [one.file for one in handed.learners] == ["export-00.json"]
    assert handed.left_out == ("export-01.json is a copy of export-00.json, which counts.",)


def test_where_it_cannot_be_told_which_is_newer_none_counts(tmp_path: Path) -> None:
    hand_in(tmp_path, [again(GOOD, 4), again(GOOD, 4, exercises={}), again(GOOD, 1)])
    handed = read(tmp_path)
    assert handed.learners == ()
    assert "export-00.json, export-01.json are of one learner and equally new" in handed.left_out[0]
    assert "export-02.json" in handed.left_out[0]


def test_two_learners_of_one_name_both_count_and_it_is_said(tmp_path: Path) -> None:
    first, second = the_class()[:2]
    second["learner"]["name"] = "Ada"
    hand_in(tmp_path, [first, second])
    handed = read(tmp_path)
    assert [one.name for one in handed.learners] == ["Ada (000000)", "Ada (000001)"]
    assert handed.notes[0].startswith("2 learners are called Ada, and all of them count.")


def test_a_byte_order_mark_and_capitals_in_the_suffix_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "IT.JSON").write_text(TEXT, encoding="utf-8-sig")
    assert [one.name for one in read(tmp_path).learners] == ["Ada"]


def test_other_files_are_named_and_our_own_are_not(tmp_path: Path) -> None:
    for name in ("ada.json.txt", "classroom.html", "classroom.csv", "x.json.tmp"):
        (tmp_path / name).touch()
    assert read(tmp_path).notes == (
        "Not looked at, as their names do not end in .json: ada.json.txt.",
    )


def test_what_the_course_does_not_know_is_named_and_left_out(tmp_path: Path) -> None:
    data = the_class()[:2]
    data[0]["exercises"]["astrology.moon"] = {"attempts": 3}
    data[1]["exercises"]["astrology.moon"] = {"attempts": 3}
    data[1]["quizzes"]["astrology.sun"] = {"answers": 1, "chosen": ["a"]}
    data[0]["quizzes"][QUIZ]["chosen"] = ["z"]
    data[0]["course"] = "9.9"
    counted = count(read(hand_in(tmp_path, data)))
    said = " ".join(counted.notes)
    assert "astrology.moon is no exercise and no quiz of this course; of 2 files it is" in said
    assert "astrology.sun is no exercise and no quiz of this course; of 1 file it is" in said
    assert "1 file came from another version of the course" in said
    (quiz,) = counted.lessons[0].quizzes
    assert (quiz.total, quiz.unknown) == (1, 1), "z is none of its choices"


def test_a_hundred_megabytes_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "it.json").open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    assert "has 100 MB" in read(tmp_path).left_out[0]
