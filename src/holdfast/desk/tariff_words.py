"""Tariffs and their rules as people read them, and what becomes other when one tariff follows another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdfast.core.fields import in_language
from holdfast.pricing.forms import PRICES
from holdfast.pricing.models import Covers, Tariff, TariffRule
from holdfast.pricing.wording import condition_words, effect_words
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class RuleShown:
    """`what` it charges, `how` it counts, `when` it applies: each a piece of one sentence."""

    rule: TariffRule
    name: str
    what: str
    how: list[str]
    when: str

    @property
    def said(self) -> tuple[str, str, str, str]:
        """What makes it the same to people."""
        return self.name, self.what, ", ".join(self.how), self.when


@dataclass(frozen=True, slots=True)
class Changed:
    """From one tariff to another: rules that come, that go, that stay; and what is said of the whole."""

    added: list[RuleShown]
    removed: list[RuleShown]
    kept: int
    terms: list[str]
    reordered: bool

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.removed or self.terms or self.reordered)


def shown(rule: TariffRule, currency: str) -> RuleShown:
    return RuleShown(
        rule, in_language(rule.name), effect_words(rule, currency), _how(rule), condition_words(rule) or _("Always")
    )


def all_shown(rules: Iterable[TariffRule], currency: str) -> list[RuleShown]:
    return [shown(rule, currency) for rule in rules]


def term_words(tariff: Tariff) -> list[str]:
    """What is said of the whole tariff."""
    tax = _("Prices include tax") if tariff.tax_included else _("Tax is added to prices")
    rounded = _("rounded %(how)s") % {"how": tariff.get_rounding_display()}
    coin = [] if tariff.coin == 1 else [_("smallest coin %(coin)s") % {"coin": tariff.coin}]
    return [tax, rounded, *coin]


def changed(before: Tariff | None, after: Tariff, currency: str) -> Changed:
    """What becomes other for who books once `after` is in force. Rules that are switched off do not count."""
    old = all_shown(_active(before), currency) if before else []
    new = all_shown(_active(after), currency)
    were, will_be = {each.said for each in old}, {each.said for each in new}
    stay = [each.said for each in old if each.said in will_be]
    stays_now = [each.said for each in new if each.said in were]
    terms = [each for each in term_words(after) if before is None or each not in term_words(before)]
    return Changed(
        added=[each for each in new if each.said not in were],
        removed=[each for each in old if each.said not in will_be],
        kept=len(stay),
        terms=terms,
        reordered=stay != stays_now,
    )


def _active(tariff: Tariff) -> Iterable[TariffRule]:
    return tariff.rules.filter(is_active=True).select_related("service", "from_zone", "to_zone")


def _how(rule: TariffRule) -> list[str]:
    said = []
    if rule.instead:
        said.append(_("in place of the service's price"))
    elif rule.effect in PRICES:
        said.append(_("besides the service's price"))
    if rule.minimum_minutes:
        said.append(_("shortest time charged: %(time)s") % {"time": formats.minutes(rule.minimum_minutes)})
    if rule.covers != Covers.PART:
        said.append(str(rule.get_covers_display()))
    return said
