"""Tracked changes in their places; a signed scan beside its draft."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.sources.definition import Change
from yinuo.sources.rules import comparing, scanned, tracked
from yinuo.sources.rules.comparing import Said
from yinuo.sources.rules.tracked import Piece


def test_changes_stand_at_their_places_with_who_made_them() -> None:
    changes = [
        Change(False, "10 年", "王工", "2026-03-01", "记录至少保存"),
        Change(True, "15 ", "王工", "2026-03-01", "记录至少保存"),
        Change(True, "年", "王工", "2026-03-01", "记录至少保存15 "),
        Change(False, "，除非另有约定", "Li", "2026-03-02", "年"),
    ]
    assert tracked.shown("记录至少保存15 年。", changes) == [
        Piece("same", "记录至少保存"),
        Piece("out", "10 年", "王工", "2026-03-01"),
        Piece("in", "15 年", "王工", "2026-03-01"),
        Piece("out", "，除非另有约定", "Li", "2026-03-02"),
        Piece("same", "。"),
    ]


@given(
    st.text("记录保存年0123 ", max_size=30),
    st.lists(st.builds(Change, st.booleans(), st.text("记15年 ", min_size=1), before=st.text("记录保存")), max_size=6),
)
def test_no_word_of_the_text_is_lost(text: str, changes: list[Change]) -> None:
    pieces = tracked.shown(text, changes)
    assert "".join(each.text for each in pieces if each.how != "out") == text
    assert sum(each.how == "out" for each in pieces) <= sum(not each.is_insertion for each in changes)


def test_place_with_only_struck_words() -> None:
    assert tracked.shown("", [Change(False, "整条删除", "陈", "")]) == [Piece("out", "整条删除", "陈", "")]


DRAFT = "乙方应在收到通知后24小时内提交遏制措施，并不得擅自变更已批准的过程。"


@pytest.mark.parametrize(
    ("scan", "misread"),
    [
        ("乙方应在收到通知后24小时内提交遏制措旌，并不得擅自变更已批准的过程。", True),  # one sign
        ("乙方应在收到通知后24小时内提交遏制措施,并不得擅自变更已批准的过程·|", True),  # a stamp's strokes
        ("乙方应在收到通知后48小时内提交遏制措施，并不得擅自变更已批准的过程。", False),  # a number
        ("乙方应在收到通知后24小时内提交遏制措施，并得擅自变更已批准的过程。", False),  # the meaning turned
        ("乙方应在收到通知后24小时内提交遏制措施，并不得擅自变更过程。", False),  # words left out
    ],
)
def test_what_may_be_misread(scan: str, misread: bool) -> None:
    old, new = [Said("1", "3.1", "", DRAFT)], [Said("a", "3.1", "", scan)]
    told = [match for match in comparing.compare(old, new) if match.kind is not comparing.Kind.SAME]
    assert [scanned.may_be_misread(match, old, new) for match in told] == [misread]
