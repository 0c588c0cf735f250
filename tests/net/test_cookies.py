"""Cookies as values, and the jar between handshakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from spacebeam.net.cookies import MAX_COOKIES, MAX_OF_DOMAIN, MAX_SIZE, Cookie, CookieJar, header


def test_a_cookie_replaces_one_of_the_same_name_domain_and_path() -> None:
    other_path = Cookie("a", "1", "h", "/x")
    jar = CookieJar([Cookie("a", "1", "h"), other_path])
    jar.add(Cookie("a", "2", "h"))
    assert jar.all() == (other_path, Cookie("a", "2", "h"))


def test_a_cookie_that_is_set_repeatedly_evicts_no_other() -> None:
    jar = CookieJar([Cookie("other", "", "h")])
    for number in range(MAX_OF_DOMAIN * 2):
        jar.add(Cookie("a", str(number), "h"))
    assert [cookie.name for cookie in jar.all()] == ["other", "a"]


def test_one_cookie_or_all_can_be_removed() -> None:
    jar = CookieJar([Cookie("a", "1", "h"), Cookie("b", "1", "h")])
    jar.remove(Cookie("a", "another value", "h"))
    jar.remove(Cookie("never", "was", "in it"))
    assert jar.all() == (Cookie("b", "1", "h"),)
    jar.clear()
    assert jar.all() == ()


def test_changes_of_a_handshake_are_merged_and_reported() -> None:
    kept: list[tuple[Cookie, ...]] = []
    jar = CookieJar([Cookie("a", "1", "h")], lambda jar: kept.append(jar.all()))
    jar.merge([Cookie("b", "1", "h")], [Cookie("a", "1", "h")])
    jar.merge([], [])
    assert kept == [(Cookie("b", "1", "h"),)] * 2


def test_the_number_and_size_of_cookies_are_limited() -> None:
    jar = CookieJar([Cookie("first", "1", "other")])
    for number in range(MAX_OF_DOMAIN + 5):
        jar.add(Cookie(str(number), "", "h"))
    assert len(jar.all()) == MAX_OF_DOMAIN + 1
    assert jar.all()[1].name == "5"
    for number in range(MAX_COOKIES):
        jar.add(Cookie("a", "", f"h{number}"))
    assert len(jar.all()) == MAX_COOKIES
    jar.add(Cookie("a", "x" * MAX_SIZE, "h0"))  # too long
    assert Cookie("a", "", "h0") in jar.all()


@pytest.mark.parametrize("part", ["a;b", "a\r\nb", "a\x00", "\x7f"])
def test_a_cookie_cannot_inject_header_lines(part: str) -> None:
    makers: tuple[Callable[[], Cookie], ...] = (
        lambda: Cookie(part, "", "h"),
        lambda: Cookie("n", part, "h"),
        lambda: Cookie("n", "", part),
        lambda: Cookie("n", "", "h", part),
    )
    for make in makers:
        with pytest.raises(ValueError, match="no control characters"):
            make()
    with pytest.raises(ValueError, match="no “=”"):
        Cookie("a=b", "", "h")


def test_one_cookie_header_is_made_and_given_cookies_win() -> None:
    kept = (Cookie("a", "jar", "h"), Cookie("b", "jar", "h"), Cookie("c", "jar", "h"))
    assert header((("a", "own"),), kept, "b=written; d") == "b=written; d; a=own; c=jar"
    assert header((), kept[:1]) == "a=jar"
    assert header((), (Cookie("", "nameless", "h"),)) == "nameless"
    assert header((), ()) == ""
