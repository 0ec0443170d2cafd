"""Words of a notice: a title of one line, a body of at most 1,500 characters that ends with the next command."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from icp_sync.notify.channels import Message
from icp_sync.plan.notices_to_send import DueNotice, TopicName
from icp_sync.text_truncation import truncate

LONGEST_BODY: Final = 1_500
MOST_COMPANIES: Final = 5
MOST_CAUSES: Final = 5
_OVER: Final[Mapping[TopicName, str]] = {
    "run": "Runs end well again.",
    "overrides": "No tier or target flag stands against the profile any more.",
    "outage": "The property that had vanished is back, or was given up.",
    "review": "The profile has a new review_by.",
    "quarantine": "HubSpot takes every company again.",
}
"""Topic → the sentence once its trouble is over."""
# Slack's <!channel> and <http://…|…>, HTML, Markdown's marks: a look-alike shows the same and means nothing.
_LOOK_ALIKES: Final = str.maketrans(
    {"<": "‹", ">": "›", "@": "＠", "*": "∗", "`": "ˋ", "~": "∼", "[": "［", "]": "］", "|": "¦", "\\": "＼"}
)
# Within a word an underscore formats nothing, and names of properties and guardrails are full of them.
_EMPHASIS: Final = re.compile(r"(?<!\w)_|_(?!\w)")
# A word joiner takes no room and keeps `evil.example` and `http://…` from becoming a link.
_LINK: Final = re.compile(r"(?<=\w\.)(?=[^\W\d])|(?<=:)(?=//)")
_WORD_JOINER: Final = "\u2060"


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """A company named in a message; `link`: its record in HubSpot."""

    id: int
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message tells of one profile's run beside the notice itself.

    `what`: topic → one sentence on what happened, with its numbers and limits. `causes`: cause → companies. `next`:
    topic → the command to go on with. `companies`: topic → who it is about, the best first. `portal_id` None
    and `run_id` empty where the run failed before it knew them.
    """

    profile: str
    portal_id: int | None
    run_id: str
    host: str
    what: Mapping[TopicName, str] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)
    companies: Mapping[TopicName, Sequence[CompanyLine]] = field(default_factory=dict)
    next: Mapping[TopicName, str] = field(default_factory=dict)


def build_message(notice: DueNotice, facts: MessageFacts) -> Message:
    """The message of a notice. Names of companies and profiles are neutralised, so that they ping and link nobody."""
    topic = notice.topic.name
    happened = "recovered" if notice.recovered else _topic_state_phrase(notice)
    portal = f", portal {facts.portal_id}" if facts.portal_id else ""
    title = f"icp_sync {happened}: {make_harmless(facts.profile)}{portal}"
    last = [f"{f'Run {facts.run_id}' if facts.run_id else 'A run'} on {make_harmless(facts.host)}."]
    if facts.next.get(topic) and not notice.recovered:
        last.append(f"Next: {facts.next[topic]}")
    first = [_OVER[topic] if notice.recovered else make_harmless(facts.what.get(topic, ""), LONGEST_BODY // 2)]
    middle = [] if notice.recovered or topic != "run" else _cause_lines(facts.causes)
    named = (
        [] if notice.recovered else [_company_line(line) for line in facts.companies.get(topic, ())[:MOST_COMPANIES]]
    )
    return Message(title, _fit_to_limit([*filter(None, first), *middle], named, last))


def _topic_state_phrase(notice: DueNotice) -> str:
    return notice.topic.state if notice.topic.name == "run" else f"{notice.topic.name} {notice.topic.state}"


def _cause_lines(causes: Mapping[str, int]) -> list[str]:
    top = sorted(causes.items(), key=lambda item: (-item[1], item[0]))[:MOST_CAUSES]
    return [f"Causes: {', '.join(f'{cause} {companies:,}' for cause, companies in top)}."] if top else []


def _company_line(company: CompanyLine) -> str:
    return f"- {company.id} {make_harmless(company.name)} {company.link}"


def _fit_to_limit(first: Sequence[str], named: Sequence[str], last: Sequence[str]) -> str:
    """The lines in order, without as many companies as are too many; the last lines always stay."""
    room = LONGEST_BODY - sum(len(line) + 1 for line in last)
    kept: list[str] = []
    for line in [*first, *named]:
        if len(line) + 1 <= room:
            kept.append(line)
            room -= len(line) + 1
    return "\n".join([*kept, *last])


def make_harmless(text: str, longest: int = 80) -> str:
    """The text on one line, at most `longest` letters, without anything that pings, links, formats or reorders.

    Control characters, NUL and marks that change the direction of writing are dropped.
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    short = truncate(line, longest)
    return _LINK.sub(_WORD_JOINER, _EMPHASIS.sub("＿", short.translate(_LOOK_ALIKES)))
