"""Workbooks → clauses: lists of requirements as customers send them."""

import pytest

from tests.sources import growing, scoring
from tests.sources.sheets import making, shelf
from yinuo.sources.definition import Noise, Split
from yinuo.sources.readers import opening
from yinuo.sources.rules import splitting


@pytest.mark.parametrize("name", shelf.FILES)
def test_gold(name: str) -> None:
    made, truth = shelf.FILES[name]
    split = splitting.split(opening.read(made(), name).blocks)
    score, wrong = scoring.strict(split.clauses, [(number, f"{title}\n{text}") for number, title, text in truth])
    assert score >= 0.97, "\n".join(wrong)
    assert scoring.is_whole(split)


def split_of(name: str) -> Split:
    return splitting.split(opening.read(shelf.FILES[name][0](), name).blocks)


@pytest.mark.parametrize("name", shelf.FILES)
def test_titles(name: str) -> None:
    said = [(each.number, each.title) for each in split_of(name).clauses if each.number]
    assert said == [(number, title) for number, title, _ in shelf.FILES[name][1]]


def test_a_number_that_was_kept_as_another_value_is_a_doubt() -> None:
    doubted = {each.number for each in split_of("values.xlsx").clauses if "as_value" in each.doubts}
    assert doubted == {"4.10", "5.1"}
    assert not any("as_value" in each.doubts for each in split_of("shown.xlsx").clauses)


def test_a_list_that_has_no_neighbour_to_say_so_keeps_its_number() -> None:
    rows = [["No.", "Requirement"], [3.9, "The first one."], [4.1, "The second one."], [4.2, "The third one."]]
    blocks = opening.read(making.xlsx(making.Sheet("List", rows)), "list.xlsx").blocks
    assert [each.number for each in splitting.split(blocks).clauses] == ["3.9", "4.1", "4.2"]


def test_groups_in_the_first_columns_are_above_their_rows() -> None:
    clauses = split_of("columns.xlsx").clauses
    above = {each.number: clauses[each.parent].title for each in clauses if each.number}
    assert list(above.values()) == ["Orders", "Orders", "Shipping", "Shipping", "Complaints", "Complaints"]
    assert {clauses[each.parent].title for each in clauses if each.title == "Complaints"} == {"Quality"}


def test_what_is_hidden_is_noise_with_its_address() -> None:
    columns = opening.read(shelf.columns(), "columns.xlsx")
    assert {(each.place.cell, why) for each, why in columns.noise} == {
        *((f"E{row}", Noise.HIDDEN) for row in (1, 2, 3, 4, 6, 7, 8)),
        ("C5", Noise.HIDDEN),
    }
    several = opening.read(shelf.several(), "several.xlsx")
    assert {each.place.sheet for each, _ in several.noise} == {"选项"}


def test_rows_are_found_by_sheet_and_address() -> None:
    reading = opening.read(shelf.several(), "several.xlsx")
    places = {each.place.block: each.place for each in reading.blocks}
    found = {each.number: places[each.blocks[0]] for each in splitting.split(reading.blocks).clauses}
    assert {number: (place.sheet, place.cell) for number, place in found.items()} == {
        **{f"M-{each}": ("机械要求", f"A{each + 1}") for each in (1, 2, 3)},
        **{f"E-{each}": ("电气要求", f"A{each + 1}") for each in (1, 2, 3)},
    }


def test_what_stands_beside_is_left_over_with_its_reason() -> None:
    reasons = {each.reason for each in split_of("counted.xlsx").leftovers}
    assert reasons == {"title", "column_head", "other_column", "closing"}


def test_time_grows_with_the_rows_alone() -> None:
    def spent(count: int) -> int:
        rows = [["Area", "No.", "Requirement", "Remark"]]
        rows += [
            [f"Area {row // 50}", f"{row // 50 + 1}.{row % 50 + 1}", "It shall hold.", "ok"] for row in range(count)
        ]
        blocks = opening.read(making.xlsx(making.Sheet("List", rows)), "list.xlsx").blocks
        return growing.calls(lambda: splitting.split(blocks))

    spent(100)
    assert spent(800) < growing.PER_FOURFOLD * spent(200)
