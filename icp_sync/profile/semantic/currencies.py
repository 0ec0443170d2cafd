"""The currency of a profile's amounts, and the rates of others in it."""

from __future__ import annotations

from collections.abc import Iterator

import pycountry

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.vocabulary.name_suggestions import did_you_mean


def currency_is_known(draft: PartialProfile) -> Iterator[Finding]:
    """Every currency is in ISO 4217."""
    code, rates = _currency_and_rates(draft)
    named: list[tuple[Path, object]] = [(("profile", "currency"), code)]
    named += [(("profile", "currencies", other), other) for other in rates]
    for path, name in named:
        if isinstance(name, str) and pycountry.currencies.get(alpha_3=name) is None:
            known = (currency.alpha_3 for currency in pycountry.currencies)
            advice = did_you_mean(name, known, "write an ISO 4217 code such as EUR")
            yield Finding(path, f"no currency has the code {name}; {advice}")


def rates_are_of_other_currencies(draft: PartialProfile) -> Iterator[Finding]:
    """Rates need the profile's own currency and are of other ones."""
    code, rates = _currency_and_rates(draft)
    if rates and code is None and ("profile", "currency") not in draft.refused:
        message = "say what others are worth, and profile.currency in which; add currency, such as currency: EUR"
        yield Finding(("profile", "currencies"), message)
    if code in rates:
        message = f"{code} is the profile's own currency, of which one is worth one; remove it"
        yield Finding(("profile", "currencies", str(code)), message)


def _currency_and_rates(draft: PartialProfile) -> tuple[object, dict[str, object]]:
    """`profile.currency` and `profile.currencies` as written; None and empty where they are not."""
    header = draft.data.get("profile")
    header = header if isinstance(header, dict) else {}
    rates = header.get("currencies")
    return header.get("currency"), rates if isinstance(rates, dict) else {}
