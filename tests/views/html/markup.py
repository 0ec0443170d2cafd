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

    def tables(self) -> dict[str, list[list[str]]]:
        """Caption → the rows of its body, each with the texts of its cells, blanks in them made one."""
        rows: dict[str, dict[int, list[str]]] = {}
        captions = {id(one.parents[-1]): " ".join(one.text.split()) for one in self.named("caption")}
        for cell in self.named("th", "td"):
            if cell.within("tbody"):
                table = next(parent for parent in cell.parents if parent.tag == "table")
                row = next(parent for parent in reversed(cell.parents) if parent.tag == "tr")
                rows.setdefault(captions[id(table)], {}).setdefault(id(row), []).append(" ".join(cell.text.split()))
        return {caption: list(body.values()) for caption, body in rows.items()}

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
