"""Companies as CRMs hold them: texts of every kind in any property, nothing at all, and odd Unicode."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.generated.matches import TEXTS

Company = dict[str, str]

TYPED: Final = (
    "", " ", "N/A", "-", "null", "#REF!", "keine Angabe", "0", "-5", "800", "1,200", "12.500", "10,001+", "11-50",
    "€10M", "$1.2bn", "50 MUSD", "1e400", "9" * 400, "-1e-400", "Less than 250", "c. 1,000 (2022)", "(1,200)", "∞",
    "2026-11-20", "2026-11-20T10:00:00Z", "2026-13-45", "1795000000000", "99999999999999999999", "0001-01-01", "1990s",
    "true", "no", "Ja", "Jira;Postman;;jira", '["jira", {"name": "AWS"}]', "[", "Leisure, Travel & Tourism",
    "Banking", "C++", "DE", "Deutschland", "NA", "US Midwest", "Georgia", "Kalifornien", "Xyzzyland", "80331 München",
    "Berlin", "Springfield", "San José", "Austin, TX", "https://www.acme.de/x?y=z", "日本語 製造業", "🦄 corp", "جيرا",
    "\u200b", "\ufeffAcme", "e\u0301", "\x00", "\u202eevil", "=1+1", "[bold]x[/bold]", "a\nb|c;d", "ﬃ", "İ",
    "x" * 70_000,
)  # fmt: skip

written: Final[st.SearchStrategy[str]] = st.sampled_from(
    [text for text in TYPED if "\x00" not in text and len(text) < 500]
)
"""What a file may hold too."""
texts: Final[st.SearchStrategy[str]] = st.sampled_from(TYPED) | st.text(max_size=20)


AROUND: Final = ("hs_country_code", "hs_state_code", "zip", "hubspot_owner_id")
"""What is read beside what a question names."""
STANDING: Final = {
    "hs_ideal_customer_profile": ("tier_1", "tier_2"),
    "hs_is_target_account": ("true", "false"),
    "icp_fit_profile": ("generated@000000000000",),
    "icp_fit_outcome": ("tiered", "not_icp"),
    "icp_fit_changed_at": ("2026-11-20T23:59:59Z", "2026-11-20T23:59:59.999Z"),
    "icp_fit_score": ("62.5", "80"),
    "icp_fit_lock": ("true", "false"),
}
"""What may stand on a record of what we write."""


@st.composite
def companies(draw: st.DrawFn, most: int = 4) -> list[Company]:
    """Some companies; each says something in some properties, and some were written before."""
    cells = dict.fromkeys((*TEXTS, *AROUND), texts)
    standing = {name: st.sampled_from(some) for name, some in STANDING.items()}
    cell_texts = st.fixed_dictionaries({}, optional=cells)
    stands: st.SearchStrategy[Company] = st.just({}) | st.fixed_dictionaries({}, optional=standing)
    return [draw(cell_texts) | draw(stands) for _ in range(draw(st.integers(0, most)))]
