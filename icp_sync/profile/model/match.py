"""A match: a Boolean expression over a company's properties, as the profile writes it (design: "Match")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from icp_sync.vocabulary.keys import key_of

PropertyName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$", description="A HubSpot property's internal name.")
]


class Model(BaseModel):
    """What every part of a profile is: strict, frozen, with no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _numeral_as_text(value: object) -> object:
    """`is: 12` → the text "12"; a boolean is left for pydantic to refuse."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _word(text: str) -> str:
    """Refuses a text without a key: texts are compared by key, and punctuation alone has none."""
    if not key_of(text):
        raise ValueError("has no letter or digit, so nothing can be it; write a word")
    return text


Number = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[
    str,
    BeforeValidator(_numeral_as_text, json_schema_input_type=str | float),
    Field(min_length=1, max_length=1000),
    AfterValidator(_word),
]
Texts = Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=1000)]
OneOrMore = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list, json_schema_input_type=Text | Texts),
    Field(strict=False, min_length=1, max_length=1000),
]
Bounds = Annotated[tuple[Number | None, Number | None], Field(strict=False)]
Days = Annotated[int, Field(ge=0, le=100_000)]

OPERATORS: Final = (
    "at_least", "at_most", "between",
    "is", "in", "not_in", "contains_any", "matches",
    "has_any", "has_all", "has_none",
    "region", "city", "within_km",
    "within_days", "older_than_days", "age_years",
    "known", "is_true", "is_false",
)  # fmt: skip
COMPOSITIONS: Final = ("all", "any", "not")
FIELD_OF: Final = {
    name: f"{name}_" if name in {"is", "in", "all", "any", "not"} else name for name in (*OPERATORS, *COMPOSITIONS)
}


class Distance(Model):
    """A circle around a place."""

    of: Text = Field(description="A city, best with its country: San Francisco, US.")
    km: Annotated[Number, Field(gt=0, le=20_040, description="Kilometres by great circle; half the equator at most.")]


Argument = float | int | bool | str | tuple[str, ...] | tuple[float | None, float | None] | Distance


class Match(Model):
    """Exactly one operator (`has_any` may add `at_least`), or one of `all`, `any`, `not`.

    What each operator means stands in `reference`. A leaf may name its own `property` or `properties`; a composition
    may not.
    """

    property_name: PropertyName | None = Field(None, alias="property", description="The property this leaf reads.")
    properties: Annotated[tuple[PropertyName, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="The first of these that can be read."
    )

    at_least: Number | None = None
    at_most: Number | None = None
    between: Bounds | None = None
    is_: OneOrMore | None = Field(None, alias="is")
    in_: Texts | None = Field(None, alias="in")
    not_in: Texts | None = None
    contains_any: Texts | None = None
    matches: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    has_any: Texts | None = None
    has_all: Texts | None = None
    has_none: Texts | None = None
    region: OneOrMore | None = None
    city: OneOrMore | None = None
    within_km: Distance | None = None
    within_days: Days | None = None
    older_than_days: Days | None = None
    age_years: Bounds | None = None
    known: bool | None = None
    is_true: Literal[True] | None = None
    is_false: Literal[True] | None = None

    all_: Annotated[tuple[Match, ...], Field(strict=False, min_length=1)] | None = Field(
        None, alias="all", description="Every one."
    )
    any_: Annotated[tuple[Match, ...], Field(strict=False, min_length=1)] | None = Field(
        None, alias="any", description="At least one."
    )
    not_: Match | None = Field(None, alias="not", description="Not this one.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Match:
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
