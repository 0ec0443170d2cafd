"""A review added to a profile's text: behind the last one, or as the last key of the header."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.errors import EditRefused, ProfileInvalid
from icp_sync.profile.edits.mapping_keys import add_keys
from icp_sync.profile.edits.text_lines import Replacement, TextLines, apply_replacements
from icp_sync.profile.edits.yaml_scalar_text import scalar_text
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile, Review
from icp_sync.profile.source.nodes import MappingNode, SequenceNode, node_at, parse_nodes

_KEY = "reviews"
_BYTE_ORDER_MARK = "\ufeff"


def add_review(text: str, review: Review, file: str) -> str:
    """The text with one review more; all other lines stay as they are to the byte.

    Raises EditRefused where it cannot be placed safely, ProfileInvalid where the profile is invalid.
    """
    loaded = parse_profile(text, file)
    header = loaded.profile.profile
    reviewed = header.model_copy(update={_KEY: (*header.reviews, review)})
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    edited = apply_replacements(loaded.text, _replacements(loaded.text, review))
    if edited is None or not _loads_as(edited, loaded.profile.model_copy(update={"profile": reviewed}), file):
        raise EditRefused(
            f"{file}: the review cannot be placed safely in this style of YAML; write it into the file: "
            f"profile.reviews: [{_review_item(review, '')}]"
        )
    return mark + edited


def _replacements(text: str, review: Review) -> Iterator[Replacement]:
    lines, root = TextLines(text), parse_nodes(text)
    header, reviews = node_at(root, ("profile",)), node_at(root, ("profile", _KEY))
    if not isinstance(header, MappingNode):
        return
    item = _review_item(review, next(iter(header.entries.values())).key.style)
    if reviews is None and not header.is_flow:
        # A line a review, so that the next one is one line of diff too.
        indent, last = " " * lines.column_number(header.start), list(header.entries.values())[-1]
        new = f"{indent}{_KEY}:{lines.line_break}{indent}  - {item}"
        yield lines.insert_after(lines.line_number(last.value.end), new)
    elif reviews is None:
        yield from add_keys(lines, header, list(header.entries)[-1], [(_KEY, f"[{item}]")])
    elif isinstance(reviews, SequenceNode) and not reviews.is_flow:
        indent = " " * lines.column_number(reviews.start)
        yield lines.insert_after(lines.line_number(reviews.end), f"{indent}- {item}")
    elif isinstance(reviews, SequenceNode) and reviews.items:
        end = reviews.items[-1].end
        yield Replacement(end, end, f", {item}")
    elif "#" not in text[reviews.start : reviews.end]:  # a comment in empty brackets would be lost
        yield Replacement(reviews.start, reviews.end, f"[{item}]")


def _review_item(review: Review, quote: str) -> str:
    """The review in braces, in the quotes of JSON where the file is JSON."""
    date = f'"{review.date}"' if quote == '"' else str(review.date)
    values = {"date": date, "by": scalar_text(review.by, '"')}
    values |= {"note": scalar_text(review.note, '"')} if review.note else {}
    return "{ " + ", ".join(f"{scalar_text(key, quote)}: {value}" for key, value in values.items()) + " }"


def _loads_as(text: str, wanted: Profile, file: str) -> bool:
    try:
        return parse_profile(text, file).profile == wanted
    except ProfileInvalid:
        return False
