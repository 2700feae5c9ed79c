"""Exchange rates, dated and exact."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.exchange import NoRate, NotRates, Rate, Rates, in_currency, merged, read_ecb
from holdfast.domain.money import ROUNDINGS, Money, exponent
from holdfast.domain.pricing import Surcharge, price
from tests.domain.strategies import thorough

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube>
<Cube time="2026-03-13"><Cube currency="USD" rate="1.0900"/><Cube currency="JPY" rate="161.25"/></Cube>
<Cube time="2026-03-12"><Cube currency="USD" rate="1.0876"/><Cube currency="JPY" rate="161.02"/>
<Cube currency="BGN" rate="1.9558"/></Cube>
</Cube></gesmes:Envelope>"""
RATES = read_ecb(FILE)
THURSDAY, FRIDAY, SUNDAY = date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 15)


def test_the_file_of_the_central_bank_is_read_exactly() -> None:
    assert RATES.days == (THURSDAY, FRIDAY)
    assert RATES.by_day[THURSDAY]["USD"] == Decimal("1.0876")
    assert read_ecb(FILE.encode()) == RATES
    assert RATES.rate("EUR", "USD", THURSDAY) == Rate("EUR", "USD", Fraction(10_876, 10_000), THURSDAY)
    assert RATES.rate("USD", "JPY", THURSDAY).value == Fraction(16_102, 100) / Fraction(10_876, 10_000)
    assert RATES.rate("USD", "USD", THURSDAY).value == 1


def test_a_weekend_has_the_rate_of_friday_and_nothing_older_than_a_week() -> None:
    assert RATES.rate("EUR", "USD", SUNDAY).day == FRIDAY
    assert RATES.rate("EUR", "USD", date(2026, 3, 20)).day == FRIDAY
    for day, currency in ((date(2026, 3, 21), "USD"), (date(2026, 3, 11), "USD"), (FRIDAY, "KWD")):
        with pytest.raises(NoRate) as missing:
            RATES.rate("EUR", currency, day)
        assert (missing.value.currency, missing.value.day) == ("EUR" if currency == "USD" else currency, day)


def test_a_currency_that_was_left_out_for_a_day_has_the_day_before() -> None:
    one = Rates({THURSDAY: {"USD": Decimal(1), "JPY": Decimal(2)}, FRIDAY: {"USD": Decimal(4)}})
    assert one.rate("USD", "JPY", FRIDAY) == Rate("USD", "JPY", Fraction(1, 2), THURSDAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<Cube>",
        "<nothing/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><Cube><Cube time="2026-03-12"/></Cube>',
        '<Cube><Cube currency="USD" rate="1.1"/></Cube>',
        '<Cube><Cube time="yesterday"/></Cube>',
        '<Cube><Cube time="2026-03-12"><Cube currency="USD" rate="1,1"/></Cube></Cube>',
        '<Cube><Cube time="2026-03-12"><Cube currency="USD" rate="NaN"/></Cube></Cube>',
        '<Cube><Cube time="2026-03-12"><Cube currency="USD" rate="-1"/></Cube></Cube>',
        '<Cube><Cube time="2026-03-12"><Cube currency="USD"/></Cube></Cube>',
        '<Cube><Cube time="2026-03-12"><Cube currency="USD" rate="1"/><Cube currency="USD" rate="2"/></Cube></Cube>',
    ],
)
def test_any_other_file_is_refused(text: str) -> None:
    with pytest.raises(NotRates):
        read_ecb(text)


def test_several_files_are_one() -> None:
    newer = Rates({FRIDAY: {"USD": Decimal("1.1")}, SUNDAY: {"USD": Decimal(2)}})
    whole = merged([RATES, newer])
    assert whole.days == (THURSDAY, FRIDAY, SUNDAY)
    assert whole.by_day[FRIDAY] == {"USD": Decimal("1.1"), "JPY": Decimal("161.25")}


@pytest.mark.parametrize(
    ("money", "value", "target", "amount"),
    [
        (Money(10_000, "EUR"), "161.02", "JPY", 16_102),
        (Money(9_999, "EUR"), "161.02", "JPY", 16_100),  # 16,100.3898
        (Money(16_102, "JPY"), "0.0019", "KWD", 30_594),  # 30.5938 dinars
        (Money(10_000, "KWD"), "3.015", "EUR", 3_015),
        (Money(1, "KWD"), "485.4", "JPY", 0),  # 0.4854 yen
    ],
)
def test_minor_units_are_converted_by_their_digits(money: Money, value: str, target: str, amount: int) -> None:
    rate = Rate(money.currency, target, Fraction(value), THURSDAY)
    assert rate.convert(money) == Money(amount, target)
    with pytest.raises(ValueError, match="does not convert"):
        rate.convert(Money(1, target))


@thorough
@given(
    st.integers(0, 10**9),
    st.sampled_from(["EUR", "JPY", "KWD", "CLF"]),
    st.sampled_from(["USD", "KRW", "BHD", "UYW"]),
    st.fractions(Fraction(1, 10_000), 10_000, max_denominator=10_000),
    st.sampled_from(["half_up", "half_even", "half_down"]),
)
def test_there_and_back_stays_within_one_minor_unit_of_the_coarser_currency(
    amount: int, source: str, target: str, value: Fraction, name: str
) -> None:
    rate = Rate(source, target, value, THURSDAY)
    there = rate.convert(Money(amount, source), ROUNDINGS[name])
    back = rate.inverse().convert(there, ROUNDINGS[name])
    unit_of_target = Fraction(10) ** (exponent(source) - exponent(target)) / value  # in minor units of the source
    assert abs(back.amount - amount) <= max(Fraction(1), unit_of_target)
    if unit_of_target < 1:
        assert back.amount == amount


@thorough
@given(st.integers(0, 10**6), st.integers(1, 500), st.integers(0, 99), st.fractions(Fraction(1, 200), 200))
def test_a_converted_price_adds_up(unit: int, minutes: int, percent: int, value: Fraction) -> None:
    whole = price(unit, "hour", minutes, 1, "EUR", surcharge=Surcharge("more", percent=percent))
    rate = Rate("EUR", "JPY", value, THURSDAY)
    abroad = in_currency(whole, rate)
    assert sum(line.amount.amount for line in abroad.lines) == abroad.total.amount
    assert abroad.total == rate.convert(whole.total)
