"""What a booking costs, and why. docs/algorithms/pricing.md.

`tariff` applies rules to a stay, `extras` and `promotions` add and take off, `taxes` and `paying` say what is in it
and how it is paid; `whole` puts them together, `simple` is a service that has none of it.
"""

from holdfast.domain.pricing.lines import Line, Price
from holdfast.domain.pricing.simple import Per, Surcharge, price

__all__ = ["Line", "Per", "Price", "Surcharge", "price"]
