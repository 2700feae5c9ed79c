"""Lists of people's names stand in the order people look them up."""

from holdfast.core.words import in_reading_order


def test_an_accent_does_not_send_a_name_to_the_end() -> None:
    names = ["Zoé", "Étienne", "eva", "Esther", "Ángel", "Boris"]
    assert sorted(names, key=in_reading_order) == ["Ángel", "Boris", "Esther", "Étienne", "eva", "Zoé"]
