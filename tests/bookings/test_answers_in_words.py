"""Answers are read the same on every page and in every mail."""

import pytest
from django.utils import translation

from holdfast.bookings.details.answers import in_words

HALLS = [{"value": "a", "label": {"en": "Hall A", "fr": "Salle A"}}]


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("yes_no", True, "Oui"),
        ("yes_no", False, "Non"),
        ("choice", "a", "Salle A"),
        ("choice", "gone", "gone"),
        ("date", "2026-03-12", "jeudi 12 mars"),
        ("number", 3, "3"),
        ("text", "AF 1", "AF 1"),
    ],
)
def test_an_answer_is_said_in_the_readers_language(kind: str, answer: object, words: str) -> None:
    with translation.override("fr"):
        assert in_words(kind, HALLS, answer) == words


def test_an_answer_given_before_its_question_changed_is_said_as_it_was_given() -> None:
    assert [in_words("date", [], "soon"), in_words("date", [], 3), in_words("yes_no", [], "maybe")] == [
        "soon",
        "3",
        "maybe",
    ]
