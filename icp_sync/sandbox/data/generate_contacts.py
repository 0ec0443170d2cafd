"""Generates contacts of companies: titles in two languages, few buying roles, and people who sit at two companies."""

from typing import Final

import polars as pl

from icp_sync.sandbox.deal_contact_edits import update_contact_counts
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.seeded_random import SeededRandom, hash_numbers
from icp_sync.sandbox.timestamps import DAY

_TITLES: Final = {
    "": 14.0, "CTO": 3, "Chief Technology Officer": 1, "VP Engineering": 2, "Head of IT": 3, "Leiter IT": 2, "CIO": 1,
    "CEO": 3, "Founder": 2, "Geschäftsführer": 4, "CFO": 2, "IT Manager": 5, "Software Developer": 6,
    "Site Reliability Engineer": 2, "DevOps Engineer": 4, "Plant Manager": 2, "Operations Director": 2,
    "Procurement Officer": 3, "Engineering Lead": 2, "Head of Compliance": 1, "VP of Marketing": 1,
    "Head of Marketing": 2, "Sales Manager": 6, "HR Manager": 4, "Accountant": 4, "Office Manager": 4,
    "Working Student": 3,
}  # fmt: skip
_SENIOR: Final = "chief|cto|cio|cfo|ceo|founder|geschäftsführer|vp |director"
_ROLES: Final = {"DECISION_MAKER": 6.0, "BUDGET_HOLDER": 2, "DECISION_MAKER;BUDGET_HOLDER": 1, "EXECUTIVE_SPONSOR": 1}
_OTHER_ROLES: Final = {"END_USER": 5.0, "CHAMPION": 3, "INFLUENCER": 3, "BLOCKER": 1, "OTHER": 1}
_FIRST: Final = ("Anna", "Ben", "Çelik", "Dora", "Emil", "Fatima", "Georg", "Hanna", "Igor", "Jana", "Karl", "Lea")
_LAST: Final = ("Adler", "Brandt", "Cramer", "Dietz", "Ebner", "Fuchs", "Graf", "Huber", "Ilic", "Jansen", "Kurz")
_NAMES: Final = {"first name": _FIRST, "last name": _LAST}
_WITH_ROLE: Final = 0.25  # of the seniors, so many have a buying role on record; in most portals hardly anybody has one
_OTHERS_WITH_ROLE: Final = 0.06
_OF_TWO: Final = 0.03


def generate_contacts(portal: SandboxPortal, contacts: int, seed: int = 1) -> None:
    """Give the portal's companies so many contacts; the same for the same seed and clock."""
    companies = portal.companies_frame()["id"]
    if not contacts or companies.is_empty():
        return
    random = SeededRandom(contacts, seed)
    first, second = (_draw_companies(random, label, companies) for label in ("company", "other company"))
    both = zip(first, second, random.draw_bool("of two", _OF_TWO), strict=True)
    links = [[one, two] if twice else [one] for one, two, twice in both]
    portal.add_records("contacts", _contacts_frame(random, portal.now()), links)
    update_contact_counts(portal.objects, portal.associations, companies, portal.now())  # also where there are none


def _draw_companies(random: SeededRandom, label: str, companies: pl.Series) -> pl.Series:
    """A few have many contacts and many have none, whatever the order they were made in."""
    place = (random.uniform(label) ** 2 * len(companies)).cast(pl.UInt32)
    return companies.gather(hash_numbers(companies, 0).arg_sort()).gather(place)


def _contacts_frame(random: SeededRandom, now: int) -> pl.DataFrame:
    title = random.weighted_choice("title", _TITLES)
    senior = title.str.to_lowercase().str.contains(_SENIOR).fill_null(value=False)
    has_role = random.draw_bool("has role", _WITH_ROLE).zip_with(
        senior, random.draw_bool("other has role", _OTHERS_WITH_ROLE)
    )
    role = random.weighted_choice("role", _ROLES).zip_with(senior, random.weighted_choice("other role", _OTHER_ROLES))
    first, last = (random.weighted_choice(label, dict.fromkeys(names, 1.0)) for label, names in _NAMES.items())
    number = pl.Series(range(1, len(title) + 1)).cast(pl.String)
    created = now - (random.uniform("created") * 5 * 365 * DAY).cast(pl.Int64)
    return pl.DataFrame(
        {
            "email": (first + "." + last + number + "@example.com").str.to_lowercase(),
            "firstname": first,
            "lastname": last,
            "jobtitle": title,
            "hs_buying_role": role.set(~has_role, None),
            "createdate": created.cast(pl.Datetime("ms")),
            "lastmodifieddate": created.cast(pl.Datetime("ms")),
        }
    )
