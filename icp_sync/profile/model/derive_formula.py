"""Parser of `derive` formulas: + - * / ( ), numbers, property names, abs(), least(), greatest()."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from icp_sync.profile.model.types import NO_PROPERTY, RECORD_ID
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean

Function = Literal["abs", "least", "greatest"]
Operator = Literal["+", "-", "*", "/"]

_ARGUMENTS: Final[dict[str, tuple[int, str]]] = {
    "abs": (1, "one value"),
    "least": (2, "two values or more"),
    "greatest": (2, "two values or more"),
}
_MAX_DEPTH: Final = 20
_MAX_OPERATIONS: Final = 100
_PIECE: Final = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+*/(),])", re.ASCII
)
_PROPERTY: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")


class FormulaNode:
    """Base of the nodes of a formula."""

    __slots__ = ()

    def parts(self) -> tuple[Formula, ...]:
        """The operands; none for a number or a property."""
        return ()

    def properties(self) -> tuple[str, ...]:
        """The properties read, each once, in the order written."""
        return tuple(dict.fromkeys(name for part in self.parts() for name in part.properties()))


@dataclass(frozen=True, slots=True)
class Number(FormulaNode):
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Property(FormulaNode):
    """A property of the company, read as a number."""

    name: str

    def properties(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Negate(FormulaNode):
    """The negative of a value."""

    value: Formula

    def parts(self) -> tuple[Formula, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Operation(FormulaNode):
    """Two values added, subtracted, multiplied or divided."""

    operator: Operator
    left: Formula
    right: Formula

    def parts(self) -> tuple[Formula, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Call(FormulaNode):
    """A function of one value (`abs`) or of several (`least`, `greatest`)."""

    function: Function
    arguments: tuple[Formula, ...]

    def parts(self) -> tuple[Formula, ...]:
        return self.arguments


Formula = Number | Property | Negate | Operation | Call


def parse_formula(text: str) -> Formula:
    """The tree of a formula. Raises ValueError: what is wrong at which column (from 1); what to do."""
    reader = _FormulaParser(text)
    formula = reader.parse_sum(0)
    if reader.piece:
        reader.refuse("an operator such as * or the end was expected")
    return formula


class _FormulaParser:
    """A recursive descent parser in one pass: `piece` is the token at `start`, empty at the end.

    Two limits bound the tree's depth: `depth` counts open parentheses, signs and calls, and the number of operations
    is limited because `1 + 1 + …`, parsed in a loop, still makes a tree as deep as it is long.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0
        self._operations = 0
        self.advance()

    def advance(self) -> None:
        rest = self._text[self._end :]
        self.start = self._end + len(rest) - len(rest.lstrip())
        piece_match = _PIECE.match(self._text, self.start)
        self.kind = piece_match.lastgroup if piece_match else None
        self.piece = piece_match[0] if piece_match else self._text[self.start : self.start + 1]
        self._end = piece_match.end() if piece_match else self.start + 1

    def refuse(self, expected: str) -> NoReturn:
        piece = f"{shorten(self.piece, 30)!r}" if self.piece else "nothing more"
        raise ValueError(f"{piece} stands at column {self.start + 1}; {expected}")

    def parse_sum(self, depth: int) -> Formula:
        formula = self.parse_product(depth)
        while (sign := self.piece) in {"+", "-"}:
            self._advance_operator()
            formula = Operation("+" if sign == "+" else "-", formula, self.parse_product(depth))
        return formula

    def parse_product(self, depth: int) -> Formula:
        formula = self.parse_signed(depth)
        while (sign := self.piece) in {"*", "/"}:
            self._advance_operator()
            formula = Operation("*" if sign == "*" else "/", formula, self.parse_signed(depth))
        return formula

    def parse_signed(self, depth: int) -> Formula:
        if depth > _MAX_DEPTH:
            self.refuse(f"formulas nest at most {_MAX_DEPTH} deep, make it simpler")
        if self.piece == "-":
            self.advance()
            return Negate(self.parse_signed(depth + 1))
        return self.parse_value(depth)

    def parse_value(self, depth: int) -> Formula:
        if self.kind == "number":
            return self._parse_number()
        if self.kind == "name":
            return self._parse_name(depth)
        if self.piece != "(":
            self.refuse("a number, a property or an opening parenthesis was expected")
        self.advance()
        formula = self.parse_sum(depth + 1)
        self._expect_closing()
        return formula

    def _parse_number(self) -> Number:
        number = float(self.piece)
        if number == float("inf"):
            self.refuse("write a smaller number")
        self.advance()
        return Number(number)

    def _parse_name(self, depth: int) -> Formula:
        name, column = self.piece, self.start + 1
        self.advance()
        if self.piece == "(":
            return self._parse_call(name, column, depth)
        if not _PROPERTY.fullmatch(name):
            wanted = "write a property's internal name, such as annualrevenue"
            raise ValueError(f"{shorten(name, 30)!r} stands at column {column}; {wanted}")
        if name == RECORD_ID:
            raise ValueError(NO_PROPERTY)
        return Property(name)

    def _parse_call(self, name: str, column: int, depth: int) -> Call:
        if name not in _ARGUMENTS:
            advice = did_you_mean(name, _ARGUMENTS, "only abs, least and greatest are known")
            raise ValueError(f"there is no function {shorten(name, 30)!r} at column {column}; {advice}")
        arguments: list[Formula] = []
        while not arguments or self.piece == ",":
            self.advance()
            arguments.append(self.parse_sum(depth + 1))
        self._expect_closing()
        least, wanted = _ARGUMENTS[name]
        if len(arguments) < least or (name == "abs" and len(arguments) > 1):
            raise ValueError(f"{name} at column {column} has {len(arguments)} values; it takes {wanted}")
        return Call("abs" if name == "abs" else "least" if name == "least" else "greatest", tuple(arguments))

    def _expect_closing(self) -> None:
        if self.piece != ")":
            self.refuse("a closing parenthesis was expected")
        self.advance()

    def _advance_operator(self) -> None:
        self._operations += 1
        if self._operations > _MAX_OPERATIONS:
            self.refuse(f"a formula holds at most {_MAX_OPERATIONS} operations, make it shorter")
        self.advance()
