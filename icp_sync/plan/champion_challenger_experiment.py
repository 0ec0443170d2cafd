"""A live A/B of two profiles: which arm a company is in, and whether an experiment was edited midway.

The arm follows from the experiment's name and the record id alone, so that it is the same on every run and host, and
a merged company has that of the record that survived.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.model.outputs import ARMS, Experiment
from icp_sync.profile.model.profile import Profile

ARM: Final = "experiment"
"""The scored column with the arm of a company that has one."""
_BEST: Final = "tier_1"
_WORDS: Final = re.compile(r"Arm of the experiment (\S+) against (\S+), (\S+) % to the challenger\.")


def company_arm(experiment: Experiment, company_id: int) -> str:
    """The arm of a company: the first 8 bytes of SHA-256 of `name:id`, as a share of their range, against the share."""
    digest = hashlib.sha256(f"{experiment.name}:{company_id}".encode()).digest()
    challenger, champion = ARMS
    return challenger if int.from_bytes(digest[:8]) < float(experiment.share) * 2**64 else champion


def experiment_arms(
    profile: Profile, companies: pl.DataFrame, challenger: pl.DataFrame, champion: pl.DataFrame
) -> pl.DataFrame:
    """`id` and `experiment` of those in the experiment: the two disagree on tier 1, or an arm stands on the record.

    `challenger`, `champion`: scored frames. Who is in it stays in it: dropped for having come to agree, what an arm
    brought would be counted only where it brought nothing.
    """
    experiment = profile.write.experiment
    if experiment is None:
        return pl.DataFrame(schema={ID: pl.Int64, ARM: pl.String})
    theirs = champion.select(ID, was=pl.col("tier") == _BEST)
    both = challenger.select(ID, now=pl.col("tier") == _BEST).join(theirs, on=ID, how="left")
    agree = pl.col("was").fill_null(value=False) == pl.col("now").fill_null(value=False)
    joined = companies.filter(pl.col(experiment.property_name).fill_null("") != "")[ID]
    ids = both.filter(~agree | pl.col(ID).is_in(joined.implode()))[ID]
    return pl.DataFrame([ids, pl.Series(ARM, [company_arm(experiment, company) for company in ids], dtype=pl.String)])


def describe_experiment(experiment: Experiment) -> str:
    """What stands in HubSpot's description of the property; `describe_experiment_edits` reads it back."""
    return (
        f"Arm of the experiment {experiment.name} against {experiment.against}, {_share_percent(experiment)} % to the "
        "challenger. Only companies that the two profiles disagree on have one."
    )


def describe_experiment_edits(profile: Profile, descriptions: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each way in which the profile's experiment is another than the one that is running in the portal.

    `descriptions`: company property → HubSpot's description of it, which says what experiment its arms are of: so it
    is known on every host, and where the state was lost.
    """
    experiment = profile.write.experiment
    if experiment is None:
        return
    own = (experiment.name, experiment.against, _share_percent(experiment))
    for name, text in descriptions.items():
        words = _WORDS.match(text)
        if words is None or (name == experiment.property_name and words.groups() == own):
            continue
        was, against, share = words.groups()
        if name == experiment.property_name or was == experiment.name:
            yield (
                f"write.experiment: {name} holds the arms of the experiment {was} against {against}, {share} % to the "
                "challenger, and an experiment is not edited midway; put it back, or name it anew, with a property "
                f"of its own such as {name}_2"
            )


def _share_percent(experiment: Experiment) -> str:
    return f"{(experiment.share * 100).normalize():f}"
