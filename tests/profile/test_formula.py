"""Formulas are read as trees, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.profile.model.derive_formula import Call, Formula, Negate, Number, Operation, Property, parse_formula

A, B = Property("a"), Property("b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("0.10", Number(0.1)),
        ("1e3", Number(1000)),
        (".5", Number(0.5)),
        ("annualrevenue * 0.10", Operation("*", Property("annualrevenue"), Number(0.1))),
        ("a + b * 2", Operation("+", A, Operation("*", B, Number(2)))),
        ("(a + b) * 2", Operation("*", Operation("+", A, B), Number(2))),
        ("a - b - 1", Operation("-", Operation("-", A, B), Number(1))),
        ("a / b / 2", Operation("/", Operation("/", A, B), Number(2))),
        ("-a * b", Operation("*", Negate(A), B)),
        ("a--1", Operation("-", A, Negate(Number(1)))),
        ("abs(a-b)", Call("abs", (Operation("-", A, B),))),
        ("least(a, b, 3)", Call("least", (A, B, Number(3)))),
        ("greatest(0,abs(a))", Call("greatest", (Number(0), Call("abs", (A,))))),
        ("least", Property("least")),
    ],
)
def test_a_formula_is_read_as_school_teaches(text: str, tree: Formula) -> None:
    assert parse_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing more stands at column 1; a number, a property or an opening parenthesis was expected"),
        ("a *", "nothing more stands at column 4; a number, a property or an opening parenthesis was expected"),
        ("a b", "'b' stands at column 3; an operator such as * or the end was expected"),
        ("(a", "nothing more stands at column 3; a closing parenthesis was expected"),
        ("a)", "')' stands at column 2; an operator such as * or the end was expected"),
        ("a ** 2", "'*' stands at column 4; a number, a property or an opening parenthesis was expected"),
        ("a % 2", "'%' stands at column 3; an operator such as * or the end was expected"),
        ("+a", "'+' stands at column 1; a number, a property or an opening parenthesis was expected"),
        ("a.b", "'.' stands at column 2; an operator such as * or the end was expected"),
        ("'a'", '"\'" stands at column 1; a number, a property or an opening parenthesis was expected'),
        ("a, b", "',' stands at column 2; an operator such as * or the end was expected"),
        ("2 * Revenue", "'Revenue' stands at column 5; write a property's internal name, such as annualrevenue"),
        ("1 + max(a, b)", "there is no function 'max' at column 5; only abs, least and greatest are known"),
        ("lest(a, b)", "there is no function 'lest' at column 1; did you mean least?"),
        ("abs()", "')' stands at column 5; a number, a property or an opening parenthesis was expected"),
        ("abs(a, b)", "abs at column 1 has 2 values; it takes one value"),
        ("least(a)", "least at column 1 has 1 values; it takes two values or more"),
        ("1e999", "'1e999' stands at column 1; write a smaller number"),
        ("2 * id", "id is the company's number in HubSpot and no property; write hs_object_id"),
        ("a²", "'²' stands at column 2; an operator such as * or the end was expected"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_column(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is compared whole
        parse_formula(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["(" * 20 + "a" + ")" * 20, "-" * 20 + "a", "+".join(["a"] * 101)])
def test_a_formula_may_be_as_large_as_anybody_needs(text: str) -> None:
    assert parse_formula(text).properties() == ("a",)


@pytest.mark.parametrize(
    "text", ["(" * 21 + "a" + ")" * 21, "-" * 100_000 + "a", "abs(" * 21 + "a", "+".join(["a"] * 102), "a*" * 100_000]
)
def test_a_larger_one_is_refused_before_it_costs_anything(text: str) -> None:
    with pytest.raises(ValueError, match="at most"):
        parse_formula(text)


def test_a_formula_knows_what_it_reads() -> None:
    assert parse_formula("greatest(b, -a) / (a + 1)").properties() == ("b", "a")


@given(st.text(st.sampled_from("ab1.+-*/(), _absleastgre"), max_size=60) | st.text(max_size=30))
def test_any_text_is_a_formula_or_a_value_error(text: str) -> None:
    try:
        assert isinstance(parse_formula(text).properties(), tuple)
    except ValueError as error:
        assert "column" in str(error)  # noqa: PT017 - either answer is right
