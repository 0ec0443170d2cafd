"""The shipped template profiles: `<name>.yaml` beside this file."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_SUFFIX: Final = ".yaml"


def template_names() -> tuple[str, ...]:
    """The shipped templates, by name."""
    shipped = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in shipped if name.endswith(_SUFFIX)))


def template_text(name: str) -> str:
    """The text of a template, byte for byte as shipped. Raises FileNotFoundError for a name not in `template_names`."""
    return files(__name__).joinpath(f"{name}{_SUFFIX}").read_bytes().decode()
