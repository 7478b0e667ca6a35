"""What is remembered lasts for one page call and no longer."""

from yinuo.kit import remembering

asked: list[int] = []


@remembering.once
def reading() -> int:
    asked.append(1)
    return len(asked)


def test_within_a_page_it_is_read_once_and_the_next_page_reads_anew() -> None:
    asked.clear()
    with remembering.page():
        assert [reading(), reading(), reading()] == [1, 1, 1]
    with remembering.page():
        assert reading() == 2


def test_outside_every_call_reads() -> None:
    asked.clear()
    assert [reading(), reading()] == [1, 2]


def test_a_page_within_a_page_leaves_the_outer_ones_memory_alone() -> None:
    asked.clear()
    with remembering.page():
        assert reading() == 1
        with remembering.page():
            assert reading() == 2
        assert reading() == 1
