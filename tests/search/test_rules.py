"""Tokens, queries and marks, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.search import rules

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def bare(text: str) -> str:
    return text.replace(rules.HIT_START, "").replace(rules.HIT_END, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("密封性", ["密封", "封性", "性"]),
        ("密，封", ["密", "封"]),
        ("ＣＳＲ要求", ["csr", "要求", "求"]),
        ("38140-AB.01", ["38140-ab.01", "38140", "ab", "01"]),
        ("720h", ["720", "h"]),
        ("≥1.33", ["1", "33"]),
        ("㎜ ½", ["mm", "1", "2"]),
        ("Straße", ["strasse"]),
        ("要求CSR2", ["要求", "求", "csr", "2"]),
        ("", []),
        ("！？—★", []),
        ("a" * 200, ["a" * rules.MAX_TOKEN]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert rules.tokens(text) == expected


def test_a_document_has_only_so_many_tokens() -> None:
    assert len(rules.tokens("盐雾 " * 20_000)) == rules.MAX_TOKENS


@given(texts)
def test_marking_changes_nothing_but_marks(text: str) -> None:
    text = rules.storable(text)
    marked = rules.marked(text, rules.terms(text, is_open=True))
    assert bare(marked) == text
    assert marked.count(rules.HIT_START) == marked.count(rules.HIT_END)


@given(texts, texts)
def test_a_snippet_is_a_piece_of_the_text(before: str, after: str) -> None:
    text = rules.storable(f"{before} 盐雾试验 {after}")
    piece = rules.snippet(text, rules.terms("盐雾"))
    assert "\ue000盐雾\ue001试验" in piece
    assert bare(piece).strip("…") in " ".join(text.split())
    assert len(bare(piece)) <= rules.SNIPPET + 2


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("密封性检具", "密封", "[密封]性检具"),
        ("密封性检具", "封", "密[封]性检具"),
        ("密封性检具", "密封 封性", "[密封性]检具"),
        ("Sealing test", "TEST", "Sealing [test]"),
        ("盐雾 720h", "720 h", "盐雾 [720h]"),
        ("㎜ 和 mm", "mm", "[㎜] 和 [mm]"),
        ("38140-AB.01", "ab", "38140-[AB].01"),
    ],
)
def test_marks(text: str, query: str, expected: str) -> None:
    marked = rules.marked(text, rules.terms(query))
    assert marked.replace(rules.HIT_START, "[").replace(rules.HIT_END, "]") == expected


@given(texts)
def test_queries_quote_everything(text: str) -> None:
    """Quotes come in pairs, whatever was typed."""
    asked = rules.terms(text)
    assert rules.as_fts5(asked).count('"') % 2 == 0
    assert rules.as_tsquery(asked).count("'") % 2 == 0
    assert "\x00" not in rules.as_fts5(asked) + rules.as_tsquery(asked)


@pytest.mark.parametrize(
    ("asked", "title", "text", "least", "most"),
    [
        ("盐雾试验要求提高到720小时", "盐雾试验要求提高到720小时", "", 100, 100),
        ("盐雾试验要求提高到720小时", "盐雾试验要求由480小时提高到720小时", "", 70, 99),
        ("盐雾试验要求提高到720小时", "包装改为可循环周转箱", "每箱24件", 0, 30),
        ("盐雾试验提高到720小时", "前言", "很长的说明文字" * 20 + "盐雾试验提高到720小时" + "后文" * 20, 85, 95),
    ],
)
def test_likeness(asked: str, title: str, text: str, least: int, most: int) -> None:
    percent = rules.likeness(rules.comparable(asked), rules.comparable(title), rules.comparable(text))
    assert least <= percent <= most


def test_rare_tokens_weigh_more() -> None:
    weights = dict(rules.rarest(["盐雾", "要求", "雾", "的的"], {"要求": 0.1, "的的": 0.5}, 5))
    assert weights["盐雾"] > weights["要求"]
    assert set(weights) == {"盐雾", "要求"}
