"""Cookies as values, and the jar between handshakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from spacebeam.net.cookies import MAX_COOKIES, MAX_OF_DOMAIN, MAX_SIZE, Cookie, CookieJar, header


def test_a_cookie_takes_the_place_of_the_one_of_the_same_name_domain_and_path() -> None:
    other_path = Cookie("a", "1", "h", "/x")
    jar = CookieJar([Cookie("a", "1", "h"), other_path])
    jar.add(Cookie("a", "2", "h"))
    assert jar.all() == (other_path, Cookie("a", "2", "h"))


def test_a_cookie_that_is_set_again_and_again_drives_no_other_out() -> None:
    jar = CookieJar([Cookie("other", "", "h")])
    for number in range(MAX_OF_DOMAIN * 2):
        jar.add(Cookie("a", str(number), "h"))
    assert [cookie.name for cookie in jar.all()] == ["other", "a"]


def test_a_cookie_can_be_taken_out_and_all_can() -> None:
    jar = CookieJar([Cookie("a", "1", "h"), Cookie("b", "1", "h")])
    jar.remove(Cookie("a", "another value", "h"))
    jar.remove(Cookie("never", "was", "in it"))
    assert jar.all() == (Cookie("b", "1", "h"),)
    jar.clear()
    assert jar.all() == ()


def test_what_a_handshake_changed_is_taken_over_and_told() -> None:
    kept: list[tuple[Cookie, ...]] = []
    jar = CookieJar([Cookie("a", "1", "h")], lambda jar: kept.append(jar.all()))
    jar.merge([Cookie("b", "1", "h")], [Cookie("a", "1", "h")])
    jar.merge([], [])
    assert kept == [(Cookie("b", "1", "h"),)] * 2


def test_a_server_does_not_fill_the_jar() -> None:
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
def test_a_cookie_cannot_break_out_of_its_header(part: str) -> None:
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


def test_there_is_one_header_and_what_the_person_says_wins() -> None:
    kept = (Cookie("a", "jar", "h"), Cookie("b", "jar", "h"), Cookie("c", "jar", "h"))
    assert header((("a", "own"),), kept, "b=written; d") == "b=written; d; a=own; c=jar"
    assert header((), kept[:1]) == "a=jar"
    assert header((), (Cookie("", "nameless", "h"),)) == "nameless"
    assert header((), ()) == ""
