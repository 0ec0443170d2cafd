"""Words beside a product's name that say whether it is in use: no longer or not yet, and perhaps."""

from __future__ import annotations

import re
from typing import Final

from icp_sync.vocabulary.text_keys import split_bracket, text_key

UNSURE: Final = "## "
"""What the key of a product begins with that is perhaps in use: it answers no question, and none is missed by it."""
NOT_IN_USE: Final = frozenset(
    {
        # English
        "abandoned", "alternative", "alternatives", "canceled", "cancelled", "churned", "competitor", "competitors",
        "considered", "considering", "decommissioned", "deprecated", "disabled", "discontinued", "dropped", "ended",
        "evaluated", "ex", "expired", "false", "former", "formerly", "inactive", "legacy", "never", "no", "none", "not",
        "obsolete", "planned", "planning", "previous", "previously", "removed", "replaced", "replacing", "retired",
        "rival", "soon", "stopped", "sunset", "terminated", "uninstalled", "until", "unused", "upcoming", "versus",
        "vs", "without",
        # German
        "abgekundigt", "abgelost", "abgeschaltet", "bald", "deaktiviert", "demnachst", "ehemalig", "ehemals",
        "entfernt", "ersetzt", "fruher", "gekundigt", "geplant", "inaktiv", "kein", "keine", "kunftig", "nein",
        "nicht", "nie", "ohne", "planung", "stillgelegt", "veraltet", "vormals",
        # French
        "abandonne", "ancien", "anciennement", "arrete", "bientot", "desinstalle", "inactif", "jamais", "pas",
        "planifie", "prevu", "remplace", "resilie", "sans", "supprime",
        # Spanish, Portuguese
        "antiguo", "cancelado", "descontinuado", "desinstalado", "eliminado", "inactivo", "nao", "nunca",
        "planificado", "previsto", "proximamente", "reemplazado", "removido", "retirado", "sin", "substituido",
        "sustituido",
        # Italian, Dutch
        "dismesso", "pianificato", "precedente", "prossimamente", "rimosso", "senza", "sostituito", "binnenkort",
        "geen", "gepland", "inactief", "niet", "nooit", "opgezegd", "vervangen", "verwijderd", "voormalig", "vroeger",
    }
)  # fmt: skip
"""By these a product is no longer, not yet or never in use: "Jira (removed 2023)"."""
_PERHAPS: Final = frozenset(
    {
        # English
        "allegedly", "apparently", "assumed", "believed", "demo", "evaluating", "evaluation", "interested", "likely",
        "maybe", "migrating", "migration", "perhaps", "pilot", "piloting", "poc", "possible", "possibly", "potential",
        "potentially", "presumably", "probable", "probably", "reportedly", "shortlist", "shortlisted", "suspected",
        "tba", "tbc", "tbd", "test", "trial", "trialing", "trialling", "uncertain", "unclear", "unconfirmed", "unsure",
        "unverified", "wishlist",
        # German
        "angeblich", "demoversion", "erprobung", "evaluierung", "eventuell", "evt", "evtl", "moglich",
        "moglicherweise", "mutmasslich", "pilotphase", "pilotprojekt", "probe", "probephase", "probeversion",
        "probeweise", "prufung", "testbetrieb", "testphase", "teststellung", "testversion", "testweise", "testzugang",
        "unbestatigt", "ungewiss", "unklar", "unsicher", "vermutet", "vermutlich", "vielleicht", "wahrscheinlich",
        # French
        "apparemment", "confirmer", "demonstration", "essai", "eventuellement", "incertain", "pilote",
        "possiblement", "probablement", "verifier",
        # Spanish, Portuguese
        "acaso", "avaliacao", "confirmar", "demostracion", "evaluacion", "evaluando", "incierto", "piloto", "posible",
        "posiblemente", "probablemente", "provavelmente", "prueba", "pruebas", "quiza", "quizas", "talvez", "teste",
        # Italian, Dutch
        "confermare", "forse", "incerto", "possibile", "probabile", "probabilmente", "prova", "valutazione",
        "evaluatie", "misschien", "mogelijk", "onzeker", "proef", "proefperiode", "proefversie", "vermoedelijk",
        "waarschijnlijk",
    }
)  # fmt: skip
_PERHAPS_PHRASES: Final = ("a l etude", "in testing", "peut etre", "proof of concept", "tal vez", "wish list")
_PADDED: Final = tuple(f" {phrase} " for phrase in _PERHAPS_PHRASES)
_IN_NAMES: Final = frozenset({"evaluation", "ex", "migration", "planning", "test", "vs"})
"""Words of products' names too, such as VS Code and AWS Migration Hub: they say its use where they stand aside."""
_ASIDE: Final = re.compile(
    r"[(\[]([^()\[\]]*)[)\]]|\s[-–—=]\s*(.+)$|^([^:]{2,40})(?=:)|:\s*(\S+)$|^(ex)-|\s(vs)\.?\s"
    r"|\s(evaluation|migration|test)(?=$|\s(?:\d|q\d|in|ongoing|phase|planned|project)(?:\b|\d))"
    r"|\s(planning)(?=\s(?:(?:19|20)\d\d|phase|project)\b)"
    r"|^(ex|evaluation|migration|planning|test)(?=\s(?:for|from|of|to)\b|\s[-–—])",
    re.IGNORECASE,
)
"""In a bracket, behind a dash or as a label; `ex-Jira`, `Jira vs Slack`, `Jira test 2025` and `Migration to Jira`."""
_MAYBE_PLANNED: Final = re.compile(r"\S+\s+planning", re.IGNORECASE)
"""`Salesforce planning` may be what somebody plans, or what a product is called."""
_CONNECTORS: Final = frozenset(
    {"a", "ab", "als", "an", "at", "by", "de", "en", "for", "from", "im", "in", "of", "on", "to", "under", "zu"}
)
_LABEL: Final = re.compile(r"^([^:,/]{2,40}):(?!//)\s*(.+)$", re.DOTALL)


def is_not_in_use(name: str) -> bool:
    """Whether a word says that the product is no longer, not yet or never in use."""
    return not NOT_IN_USE.isdisjoint(_usage_words(name))


def is_unsure(name: str) -> bool:
    """Whether a question mark or a word says that the product is perhaps in use, or only tried out."""
    phrases = map(f" {text_key(name)} ".__contains__, _PADDED)
    return (
        "?" in name
        or not _PERHAPS.isdisjoint(_usage_words(name))
        or any(phrases)
        or _MAYBE_PLANNED.fullmatch(name.strip()) is not None
    )


def without_unsure_words(name: str) -> str:
    """The key of a name without the words by which it is unsure: "Jira im Test" is "jira"."""
    words = f" {text_key(name)} "
    for phrase in _PADDED:
        words = words.replace(phrase, " ")
    left = [word for word in words.split() if word not in _PERHAPS]
    # Only at the ends, since "Ruby on Rails" has one of its own.
    while left and left[-1] in _CONNECTORS:
        left.pop()
    while left and left[0] in _CONNECTORS:
        left.pop(0)
    return " ".join(left)


def product_words(member: str) -> str:
    """A member of a set of technologies as people read it: "jira", or "jira?" where it is perhaps in use."""
    return f"{member.removeprefix(UNSURE)}?" if member.startswith(UNSURE) else member


def repeat_usage_label(text: str, parts: list[str]) -> list[str]:
    """The names parted at commas in a text, each with the label that says their use: "Planned: Jira, Slack"."""
    label = _LABEL.match(text)
    if label is None or not _says_usage(label[1]):
        return parts
    return [parts[0], *(f"{label[1]}: {part}" for part in parts[1:])]


def split_usage(text: str) -> tuple[str, str]:
    """The names in a text, and what says the use of all of them: "Jira/Confluence" and " (trial)"; else "" behind."""
    if text.rstrip().endswith("?"):
        return text.rstrip().rstrip("? "), "?"
    names, bracket = split_bracket(text) or (text, "")
    return (names, f" ({bracket})") if bracket and _says_usage(bracket) else (text, "")


def _says_usage(text: str) -> bool:
    """Whether a text that stands aside, a label or what is in a bracket, says the use of others."""
    return is_not_in_use(f"({text})") or is_unsure(f"({text})")


def _usage_words(name: str) -> set[str]:
    """The words of a name but those that are a part of it."""
    words = set(text_key(name).split())
    if words.isdisjoint(_IN_NAMES):
        return words
    aside = {word for parts in _ASIDE.findall(name) for word in text_key(" ".join(parts)).split()}
    return words - (_IN_NAMES - aside)
