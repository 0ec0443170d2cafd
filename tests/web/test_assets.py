"""What the page brings along: htmx as it was published, and little of our own."""

from __future__ import annotations

import hashlib
from importlib.resources import files

STATIC = files("icp_sync.web") / "static"
HTMX_2_0_11 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def test_htmx_is_the_published_file() -> None:
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == HTMX_2_0_11


def test_our_own_script_is_short_and_asks_nobody_else() -> None:
    script = (STATIC / "tune.js").read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 80
    assert "http:" not in script + (STATIC / "favicon.svg").read_text().replace("http://www.w3.org/2000/svg", "")
    assert not {word for word in ("eval(", "innerHTML", "fetch(", "localStorage", "cookie") if word in script}
