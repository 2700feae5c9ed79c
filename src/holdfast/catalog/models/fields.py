"""What several tables share."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# No single occupation of a resource, buffers included, is longer: reads of busy time rely on it (a lower bound).
LONGEST_OCCUPATION_MINUTES = 3 * 24 * 60
# So many resources one requirement may ask for.
MOST_OF_A_KIND = 20
slug_ok = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens."))
