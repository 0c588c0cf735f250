"""The retention policy is chosen from common values; an uncommon one stays in the list."""

from __future__ import annotations

from spacebeam.library.retention_policy import GIB, RetentionPolicy
from spacebeam.ui.recordings.retention_popover import RetentionPopover
from tests.ui.doing import Heard
from tests.ui.pageobjects.recordings import RetentionPage


def shown_policy(page: RetentionPage) -> tuple[str, str]:
    return page.chosen(page.age), page.chosen(page.size)


async def test_the_policy_is_shown_without_a_signal() -> None:
    page = RetentionPage(RetentionPopover())
    changes = Heard(page.widget, "changed")
    page.widget.show_policy(RetentionPolicy())
    assert shown_policy(page) == ("30 days", "10 GiB")
    page.widget.show_policy(RetentionPolicy(None, None))
    assert shown_policy(page) == ("Forever", "Any size")
    assert not changes


async def test_a_choice_is_emitted() -> None:
    page = RetentionPage(RetentionPopover())
    page.widget.show_policy(RetentionPolicy())
    changes = Heard(page.widget, "changed")
    page.choose(page.age, "7 days")
    page.choose(page.size, "Any size")
    assert changes == [RetentionPolicy(7, 10 * GIB), RetentionPolicy(7, None)]


async def test_an_uncommon_value_is_offered_in_its_order() -> None:
    page = RetentionPage(RetentionPopover())
    page.widget.show_policy(RetentionPolicy(14, 20 * GIB))
    assert page.offered(page.age)[:4] == ["1 day", "7 days", "14 days", "30 days"]
    assert shown_policy(page) == ("14 days", "20 GiB")


async def test_a_choice_that_is_saved_and_shown_again_leaves_the_list_alone() -> None:
    page = RetentionPage(RetentionPopover())
    page.widget.show_policy(RetentionPolicy(14, 20 * GIB))
    page.widget.connect("changed", RetentionPopover.show_policy)
    page.choose(page.age, "7 days")
    assert shown_policy(page) == ("7 days", "20 GiB")
    assert "14 days" in page.offered(page.age)
