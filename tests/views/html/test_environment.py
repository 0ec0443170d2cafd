"""What the template engine makes of texts."""

from __future__ import annotations

from icp_sync.views.html.environment import with_code


def test_backticks_become_code_and_options_stay_whole() -> None:
    assert with_code("see `personas`, then icp-sync sample --out sheet.csv") == (
        'see <code>personas</code>, then icp-sync sample <span class="nowrap">--out</span> sheet.csv'
    )


def test_what_attacks_is_escaped_in_and_out_of_code() -> None:
    assert with_code("<b> `<script>` --out<i>") == (
        '&lt;b&gt; <code>&lt;script&gt;</code> <span class="nowrap">--out</span>&lt;i&gt;'
    )


def test_a_sentence_without_either_is_itself() -> None:
    assert with_code("no match for a-b -- or `one") == "no match for a-b -- or `one"
