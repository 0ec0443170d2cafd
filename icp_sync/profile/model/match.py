"""A match: a Boolean expression over a company's properties, as the profile writes it (design: "Match")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from icp_sync.profile.model.operator import Group, Operator, closed_range
from icp_sync.profile.model.types import Bounds, Days, Distance, Number, OneOrMore, ProfileModel, PropertyName, Texts

Argument = float | int | bool | str | tuple[str, ...] | tuple[float | None, float | None] | Distance
_ANYWHERE: Final = 20_000  # kilometres; half the way round the world
_MATCHES_ANYTHING: Final = frozenset({".*", ".", ".+", "", "^", "$", "^.*$", "^.+$", r"\S", r"\w"})


class Match(ProfileModel):
    """Exactly one operator (`has_any` may add `at_least`), or one of `all`, `any`, `not`.

    What each operator means, its field says. A leaf may name its own `property` or `properties`; a composition
    may not.
    """

    property_name: PropertyName | None = Field(None, alias="property", description="The property this leaf reads.")
    properties: Annotated[tuple[PropertyName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="The first of these that can be read."
    )

    # fmt: off
    at_least: Annotated[Number | None, Operator(
        group=Group.NUMBER, example="50", hit="it is this or more; beside `has_any`: how many must be there",
        sentence="is at least {:number}", interval=lambda least: (least, inf),
        also=("gte", "gt", "ge", ">=", ">", "min", "minimum", "from", "more_than", "greater_than", "above", "over",
              "greater_than_or_equal", "greater_or_equal", "is_greater_than"),
    )] = None
    at_most: Annotated[Number | None, Operator(
        group=Group.NUMBER, example="99", hit="it is this or less",
        sentence="is at most {:number}", interval=lambda most: (-inf, most),
        also=("lte", "lt", "le", "<=", "<", "max", "maximum", "less_than", "fewer_than", "below", "under",
              "less_than_or_equal", "less_or_equal", "is_less_than"),
    )] = None
    between: Annotated[Bounds | None, Operator(
        group=Group.NUMBER, example="[500, 10000]", hit="it lies within, both ends included; either may be null",
        sentence="is {:range}", interval=closed_range, also=("range", "in_range", "is_between"),
    )] = None
    is_: Annotated[OneOrMore | None, Operator(
        group=Group.NAME, example="Banking",
        hit="it is this one, or one of a list; case, accents and punctuation aside",
        sentence="is {:names}", vocabulary="industries",
        also=("equals", "equal", "equal_to", "is_equal_to", "eq", "=", "==", "exactly"),
    )] = Field(None, alias="is")
    in_: Annotated[Texts | None, Operator(
        group=Group.NAME, example="[software, BANKING]", hit="it is one of these, or in a group of that name",
        sentence="is {:names}", vocabulary="industries",
        also=("one_of", "any_of", "is_in", "is_any_of", "is_one_of", "in_list"),
    )] = Field(None, alias="in")
    not_in: Annotated[Texts | None, Operator(
        group=Group.NAME, example="[PARTNER]", hit="it is none of these",
        sentence="is not {:names}", vocabulary="industries", quantifier="none",
        also=("none_of", "is_not", "not_is", "not_equal", "not_equals", "neq", "ne", "!=", "is_none_of", "nin"),
    )] = None
    contains_any: Annotated[Texts | None, Operator(
        group=Group.TEXT, example="[zero-touch]", hit="one of these phrases stands in it, as whole words",
        sentence="mentions {:names}",
        also=("contains", "contain", "includes_phrase", "like", "ilike", "mentions"),
    )] = None
    starts_with: Annotated[Texts | None, Operator(
        group=Group.TEXT, example="[Stadtwerke, Univ]",
        hit="it begins with one of these, whole words or not; case, accents and punctuation aside",
        sentence="starts with {:names}",
        also=("begins_with", "starts", "startswith", "beginswith", "prefix", "prefixes"),
    )] = None
    matches: Annotated[Annotated[str, Field(min_length=1, max_length=1000)] | None, Operator(
        group=Group.EXPRESSION, example=r"'\bGmbH$'",
        hit="the regular expression (Rust syntax) is found anywhere, whatever its case",
        sentence="matches `{:plain}`", always_hits=_MATCHES_ANYTHING.__contains__,
        also=("regex", "regexp", "pattern", "matches_regex"),
    )] = None
    has_any: Annotated[Texts | None, Operator(
        group=Group.NAMES, example="[jira, cloud]",
        hit="one of these is there; with `at_least: n`, n of them; a group counts once",
        sentence="has {:at_least_names}", vocabulary="technologies",
        also=("has_some", "has", "has_one", "has_one_of", "has_any_of", "includes", "includes_any", "uses"),
    )] = None
    has_all: Annotated[Texts | None, Operator(
        group=Group.NAMES, example="[agile, hybrid]", hit="all of these are there",
        sentence="has {:all_names}", vocabulary="technologies", quantifier="all",
        also=("has_every", "has_each", "has_all_of", "includes_all", "all_of", "contains_all"),
    )] = None
    has_none: Annotated[Texts | None, Operator(
        group=Group.NAMES, example="[acme_suite]", hit="none of these is there",
        sentence="has none of {:names}", vocabulary="technologies", quantifier="none",
        also=("has_not", "has_none_of", "not_has", "excludes", "lacks"),
    )] = None
    region: Annotated[OneOrMore | None, Operator(
        group=Group.AREA, example="[DE, US-CA, Nordics]",
        hit="it lies in one of these countries, subdivisions or regions",
        sentence="lies in {:places}", vocabulary="regions",
        also=("country", "countries", "state", "states", "in_region", "location"),
    )] = None
    city: Annotated[OneOrMore | None, Operator(
        group=Group.CITY, example="[Berlin, Silicon Valley]", hit="it lies in one of these cities or metros",
        sentence="lies in {:names}", also=("cities", "town", "metro", "in_city"),
    )] = None
    within_km: Annotated[Distance | None, Operator(
        group=Group.CITY, example='{of: "Detroit, US", km: 120}',
        hit="its city lies within so many kilometres, by great circle",
        sentence="lies within {:distance}", always_hits=lambda circle: circle.km >= _ANYWHERE,
        also=("within", "radius", "radius_km", "distance", "distance_km", "near"),
    )] = None
    within_days: Annotated[Days | None, Operator(
        group=Group.DAYS, example="90", hit="it was so many days ago or fewer, not to come",
        sentence="was at most {:plain} days ago", interval=lambda days: (0, days),
        also=("newer_than_days", "newer_than", "last_days", "in_last_days", "days"),
    )] = None
    older_than_days: Annotated[Days | None, Operator(
        group=Group.DAYS, example="365", hit="it was more than so many days ago",
        sentence="was more than {:plain} days ago", interval=lambda days: (days + 1, inf), also=("older_than",),
    )] = None
    age_years: Annotated[Bounds | None, Operator(
        group=Group.AGE, example="[3, 10]",
        hit="so many completed years have passed, both ends included; either may be null",
        sentence="was {:years} ago", interval=closed_range, also=("age", "years", "years_old"),
    )] = None
    known: Annotated[bool | None, Operator(
        group=Group.PRESENCE, example="true", hit="there is a value that can be read (`false`: none)",
        sentence="is {:not_if_false}known", also=("exists", "is_known", "has_value", "is_set", "filled", "present"),
        also_false=("unknown", "is_unknown", "is_empty", "empty", "not_known", "missing"),
    )] = None
    is_true: Annotated[Literal[True] | None, Operator(
        group=Group.BOOLEAN, example="true", hit="it says yes", sentence="says yes", also=("true", "yes"),
    )] = None
    is_false: Annotated[Literal[True] | None, Operator(
        group=Group.BOOLEAN, example="true", hit="it says no", sentence="says no", also=("false",),
    )] = None
    # fmt: on

    all_: Annotated[tuple[Match, ...], Field(strict=False, min_length=1)] | None = Field(
        None, alias="all", description="Every one."
    )
    any_: Annotated[tuple[Match, ...], Field(strict=False, min_length=1)] | None = Field(
        None, alias="any", description="At least one."
    )
    not_: Match | None = Field(None, alias="not", description="Not this one.")

    @model_validator(mode="after")
    def _check_single_operator(self) -> Match:
        operators = self._operators()
        if not operators and (empty := [name for name in FIELD_OF if FIELD_OF[name] in self.model_fields_set]):
            raise ValueError(f"{empty[0]} has no value; give it one")
        if len(operators) != 1:
            names = " and ".join(operators) if operators else "none"
            raise ValueError(f"a match names exactly one operator, found {names}; combine several with all: or any:")
        if operators[0] in COMPOSITIONS and (self.property_name or self.properties):
            raise ValueError(
                f"property stands inside the parts of {operators[0]}:, not beside it; move it into each part"
            )
        if self.property_name and self.properties:
            raise ValueError("property and properties exclude each other; keep one")
        if self.has_any is not None and self.at_least is not None:
            self._check_at_least(len(self.has_any))
        if self.between is not None:
            self._check_bounds("between", *self.between)
        if self.age_years is not None:
            self._check_bounds("age_years", *self.age_years)
        return self

    def _operators(self) -> list[str]:
        operators = [name for name in (*OPERATORS, *COMPOSITIONS) if getattr(self, FIELD_OF[name]) is not None]
        return [name for name in operators if name != "at_least"] if "has_any" in operators else operators

    def _check_at_least(self, groups: int) -> None:
        if self.at_least not in range(1, groups + 1):
            raise ValueError(f"at_least beside has_any is a whole number from 1 to {groups}, the number of names")

    @staticmethod
    def _check_bounds(name: str, low: float | None, high: float | None) -> None:
        if low is None and high is None:
            raise ValueError(f"{name}: [null, null] asks nothing; give at least one bound")
        if low is not None and high is not None and low > high:
            raise ValueError(f"{name}: [{low:g}, {high:g}] is empty; the lower bound comes first")

    @property
    def operator(self) -> str:
        """The one operator or composition this match is made of."""
        return self._operators()[0]

    @property
    def argument(self) -> Argument:
        """The value of a leaf's operator."""
        value: Argument = getattr(self, FIELD_OF[self.operator])
        return value

    @property
    def operands(self) -> tuple[Match, ...]:
        """The matches inside `all`, `any` or `not`; empty for a leaf."""
        return self.all_ or self.any_ or ((self.not_,) if self.not_ else ())

    @property
    def own_properties(self) -> tuple[str, ...]:
        """The properties a leaf names itself; empty where it reads its condition's."""
        return self.properties or ((self.property_name,) if self.property_name else ())

    def leaves(self) -> Iterator[Match]:
        """Yields every leaf, in the order written."""
        if not self.operands:
            yield self
        for part in self.operands:
            yield from part.leaves()


OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        field.alias or name: fact
        for name, field in Match.model_fields.items()
        for fact in field.metadata
        if isinstance(fact, Operator)
    }
)
"""Operator → what its field says of it, in the language's order."""
COMPOSITIONS: Final = ("all", "any", "not")
FIELD_OF: Final = {
    field.alias or name: name
    for name, field in Match.model_fields.items()
    if (field.alias or name) in {*OPERATORS, *COMPOSITIONS}
}


def operators_of_groups(*groups: Group) -> frozenset[str]:
    """The operators of these groups."""
    return frozenset(name for name, operator in OPERATORS.items() if operator.group in groups)
