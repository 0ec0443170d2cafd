"""Rate limits, their headers and their refusals, on a clock that is moved by hand."""

from __future__ import annotations

from .conftest import Ask, Clock, Open

Sending = tuple[object, ...]

LIST: Sending = ("GET", "/crm/v3/objects/companies")
SEARCH: Sending = ("POST", "/crm/v3/objects/companies/search", {})


def statuses(ask: Ask, call: Sending, times: int) -> list[int]:
    return [ask(*call).status for _ in range(times)]


def test_the_burst_rolls_over_ten_seconds(opened: Open, clock: Clock) -> None:
    _, ask = opened(burst=2)
    assert statuses(ask, LIST, 3) == [200, 200, 429]
    clock.advance(9.9)
    assert statuses(ask, LIST, 1) == [429]
    clock.advance(0.2)
    assert statuses(ask, LIST, 3) == [200, 200, 429]


def test_each_token_has_its_own_burst(opened: Open) -> None:
    _, ask = opened(burst=1, tokens={"pat-other": frozenset({"crm.objects.companies.read"})})
    assert [ask(*LIST).status, ask(*LIST, token="pat-other").status, ask(*LIST).status] == [200, 200, 429]


def test_headers_say_what_is_left(opened: Open) -> None:
    _, ask = opened(burst=190, daily=1000)
    headers = ask(*LIST).headers
    assert {name: value for name, value in headers.items() if name.startswith("x-hubspot")} == {
        "x-hubspot-ratelimit-max": "190",
        "x-hubspot-ratelimit-remaining": "189",
        "x-hubspot-ratelimit-interval-milliseconds": "10000",
        "x-hubspot-ratelimit-daily": "1000",
        "x-hubspot-ratelimit-daily-remaining": "999",
        "x-hubspot-ratelimit-secondly": "19",
        "x-hubspot-ratelimit-secondly-remaining": "18",
    }


def test_the_refusal_names_its_policy(opened: Open) -> None:
    _, ask = opened(burst=0)
    body = ask(*LIST).body
    assert (body["errorType"], body["policyName"]) == ("RATE_LIMIT", "TEN_SECONDLY_ROLLING")
    assert body["message"] == "You have reached your ten_secondly_rolling limit."
    assert body["correlationId"]


def test_the_day_ends_at_midnight_of_the_portal(opened: Open, clock: Clock) -> None:
    _, ask = opened(daily=1, time_zone="Europe/Berlin")  # it is 16:13:20 there
    assert statuses(ask, LIST, 1) == [200]
    assert ask(*LIST).body["policyName"] == "DAILY"
    clock.advance((24 - 16) * 3600 - 13 * 60 - 21)
    assert statuses(ask, LIST, 1) == [429]
    clock.advance(2)
    assert statuses(ask, LIST, 1) == [200]


def test_search_has_five_calls_a_second_of_its_own_and_no_headers(opened: Open, clock: Clock) -> None:
    _, ask = opened(burst=3)
    assert statuses(ask, SEARCH, 6) == [200] * 5 + [429]
    refused = ask(*SEARCH)
    assert refused.body["policyName"] == "SECONDLY"
    assert not [name for name in refused.headers if name.startswith("x-hubspot")]
    assert statuses(ask, LIST, 1) == [200]
    clock.advance(1.1)
    assert statuses(ask, SEARCH, 1) == [200]


def test_a_refused_call_costs_nothing(opened: Open) -> None:
    portal, ask = opened(burst=1)
    statuses(ask, LIST, 5)
    assert portal.limits.used_today == 1
