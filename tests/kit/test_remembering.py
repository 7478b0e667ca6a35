"""What is remembered lasts for one page call; what is kept, until a row of its tables changes, in whichever process."""

import threading

import pytest
from django.db import connection, transaction

from yinuo.cases import models as cases
from yinuo.cases.queries import conventions
from yinuo.kit import remembering
from yinuo.org import models as org

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


def test_what_is_being_changed_is_read_each_time_for_the_rest_of_the_page() -> None:
    asked.clear()
    with remembering.page():
        assert reading() == 1
        remembering.changed(reading)
        assert [reading(), reading()] == [2, 3]
    with remembering.page():
        assert [reading(), reading()] == [4, 4]


# Kept under the state of tables ---------------------------------------------------------------------------------------

read: list[int] = []


@remembering.kept(org.Site)
def sites() -> list[str]:
    read.append(1)
    return list(org.Site.objects.order_by("pk").values_list("name_zh", flat=True))


def in_a_page() -> list[str]:
    with remembering.page():
        return sites()


@pytest.fixture
def suzhou(transactional_db: None) -> org.Site:
    read.clear()
    return org.Site.objects.create(code="sz", name_zh="苏州", time_zone="Asia/Shanghai")


def test_it_is_read_once_while_nothing_changes(suzhou: org.Site) -> None:
    assert [in_a_page(), in_a_page(), in_a_page()] == [["苏州"]] * 3
    assert len(read) == 1
    org.Site.objects.create(code="wx", name_zh="无锡", time_zone="Asia/Shanghai")
    assert in_a_page() == ["苏州", "无锡"]


def test_a_change_that_another_process_commits_is_seen_by_the_next_page(suzhou: org.Site) -> None:
    assert in_a_page() == ["苏州"]
    with connection.cursor() as cursor:  # this process hears nothing of it
        cursor.execute("UPDATE org_site SET name_zh = '昆山', version = version + 1")
    assert in_a_page() == ["昆山"]


def test_two_changes_that_add_up_to_the_same_are_told_apart(suzhou: org.Site) -> None:
    org.Site.objects.create(code="wx", name_zh="无锡", time_zone="Asia/Shanghai", version=2)
    assert in_a_page() == ["苏州", "无锡"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_site SET name_zh = code, version = 3 - version")
    assert in_a_page() == ["sz", "wx"]


def test_what_a_transaction_reads_and_takes_back_is_kept_by_nobody(suzhou: org.Site) -> None:
    with remembering.page(), transaction.atomic():
        org.Site.objects.update(name_zh="昆山", version=2)
        assert sites() == ["昆山"]
        transaction.set_rollback(True)
    org.Site.objects.update(name_zh="太仓", version=2)
    assert in_a_page() == ["太仓"]


def test_a_form_that_fills_in_the_company_s_decisions_changes_them_for_nobody_else(transactional_db: None) -> None:
    cases.Convention.objects.create()
    with remembering.page():
        was = conventions.convention().number_pattern
        conventions.convention().number_pattern = "X-{n}"
    with remembering.page():
        assert conventions.convention().number_pattern == was


def test_all_threads_of_a_process_keep_the_same(suzhou: org.Site) -> None:
    assert in_a_page() == ["苏州"]
    found: list[list[str]] = []

    def other() -> None:
        found.append(in_a_page())
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [["苏州"]]
    assert len(read) == 1
