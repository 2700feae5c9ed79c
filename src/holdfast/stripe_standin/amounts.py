"""What Stripe takes for an amount: its own idea of minor units, smallest and largest (docs.stripe.com/currencies)."""

from holdfast.stripe_standin.calls import Call
from holdfast.stripe_standin.refusals import missing_parameter, wrong_parameter

NO_DIGITS = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DIGITS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
TWO_DIGITS = frozenset(
    [
        "aed",
        "afn",
        "all",
        "amd",
        "ang",
        "aoa",
        "ars",
        "aud",
        "awg",
        "azn",
        "bam",
        "bbd",
        "bdt",
        "bgn",
        "bmd",
        "bnd",
        "bob",
        "brl",
        "bsd",
        "bwp",
        "byn",
        "bzd",
        "cad",
        "cdf",
        "chf",
        "cny",
        "cop",
        "crc",
        "cve",
        "czk",
        "dkk",
        "dop",
        "dzd",
        "egp",
        "etb",
        "eur",
        "fjd",
        "fkp",
        "gbp",
        "gel",
        "gip",
        "gmd",
        "gtq",
        "gyd",
        "hkd",
        "hnl",
        "htg",
        "huf",
        "idr",
        "ils",
        "inr",
        "isk",
        "jmd",
        "kes",
        "kgs",
        "khr",
        "kyd",
        "kzt",
        "lak",
        "lbp",
        "lkr",
        "lrd",
        "lsl",
        "mad",
        "mdl",
        "mkd",
        "mmk",
        "mnt",
        "mop",
        "mur",
        "mvr",
        "mwk",
        "mxn",
        "myr",
        "mzn",
        "nad",
        "ngn",
        "nio",
        "nok",
        "npr",
        "nzd",
        "pab",
        "pen",
        "pgk",
        "php",
        "pkr",
        "pln",
        "qar",
        "ron",
        "rsd",
        "rub",
        "sar",
        "sbd",
        "scr",
        "sek",
        "sgd",
        "shp",
        "sle",
        "sos",
        "srd",
        "std",
        "szl",
        "thb",
        "tjs",
        "top",
        "try",
        "ttd",
        "twd",
        "tzs",
        "uah",
        "ugx",
        "usd",
        "uyu",
        "uzs",
        "wst",
        "xcd",
        "xcg",
        "yer",
        "zar",
        "zmw",
    ]
)
CURRENCIES = NO_DIGITS | THREE_DIGITS | TWO_DIGITS
SMALLEST, LARGEST = 50, 99_999_999


def currency_of(call: Call, name: str = "currency", value: str | None = None) -> str:
    currency = (value or call.needed(name)).lower()
    if currency not in CURRENCIES:
        raise wrong_parameter(name, f"Invalid currency: {currency}.")
    return currency


def amount_of(call: Call, currency: str, name: str = "amount") -> int:
    amount = call.whole(name)
    if amount is None:
        raise missing_parameter(name)
    check_amount(amount, currency, name)
    return amount


def check_amount(amount: int, currency: str, name: str = "amount") -> None:
    if amount < SMALLEST:
        raise wrong_parameter(name, f"Amount must be at least {SMALLEST} {currency}", "amount_too_small")
    if amount > LARGEST:
        raise wrong_parameter(name, f"Amount must be no more than {LARGEST} {currency}", "amount_too_large")
    if currency in THREE_DIGITS and amount % 10:
        raise wrong_parameter(name, f"Invalid {currency} amount: the last digit must be 0.")
