"""What a page is made of, as its tags say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class Element:
    """A tag with its attributes, all text in it, and what it stands in."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[Element, ...] = field(repr=False)
    text: str = ""

    def within(self, tag: str) -> bool:
        return any(parent.tag == tag for parent in self.parents)


class Markup(HTMLParser):
    """The elements of a page, in the order they begin."""

    _VOID = frozenset({"meta", "link", "br", "rect", "path", "line"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page)

    def named(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def values(self, attribute: str) -> Iterator[str]:
        return (element.attributes[attribute] for element in self.elements if attribute in element.attributes)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in self._VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
