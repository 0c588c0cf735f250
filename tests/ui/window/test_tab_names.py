"""Tabs side by side are called by what differs among them."""

from __future__ import annotations

from itertools import islice, permutations

import pytest

from spacebeam.ui.window.tab_names import TabTitle, names

SEEN = 10  # characters that a narrow tab has room for


def of(*titles: str | TabTitle) -> list[str]:
    return names([TabTitle(one) if isinstance(one, str) else one for one in titles])


def test_one_tab_is_called_by_its_whole_title() -> None:
    assert of("localhost:9101/feed") == ["localhost:9101/feed"]


def test_eight_ports_of_a_host_are_told_apart() -> None:
    ports = range(9101, 9109)
    assert of(*(f"localhost:{port}/feed" for port in ports)) == [f":{port}/feed" for port in ports]


def test_a_tab_with_nothing_in_common_does_not_lengthen_the_others() -> None:
    assert of("localhost:9101/feed", "localhost:9102/feed", "example.com") == [
        ":9101/feed",
        ":9102/feed",
        "example.com",
    ]


def test_a_query_is_shown_where_it_differs() -> None:
    title = "example.com/feed"
    assert of(TabTitle(title, "?symbol=btc")) == [title]
    assert of(TabTitle(title, "?symbol=btc"), TabTitle(title, "?symbol=eth")) == ["…btc", "…eth"]


def test_schemes_are_shown_where_they_differ() -> None:
    assert of(TabTitle("a.test", "", "ws"), TabTitle("a.test", "", "wss")) == [
        "ws://a.test",
        "wss://a.test",
    ]


def test_the_same_address_again_gets_a_number() -> None:
    assert of("a.test", "a.test", "b.test", "a.test") == [
        "a.test",
        "2 · a.test",
        "b.test",
        "3 · a.test",
    ]


def test_a_given_name_stays_as_it_is() -> None:
    given = TabTitle("a.test", "?a=1", "ws", given="Prices")
    assert of(given, given, "a.test") == ["Prices", "Prices", "a.test"]


def test_new_tabs_have_no_numbers() -> None:
    new = TabTitle("New Connection", is_new=True)
    assert of(new, new) == ["New Connection", "New Connection"]


ALIKE = [
    tuple(f"localhost:{9101 + one}/feed" for one in range(12)),
    ("stream.test/api/v1/public/btc", "stream.test/api/v1/public/eth", "stream.test/health"),
    ("a-very-long.test/abc/x", "a-very-long.test/abc/y", "a-very-long.test/bbc/x"),
    ("stream-production-eu-1.test", "stream-production-eu-2.test", "stream-production-us-1.test"),
    ("averyveryverylongnameb", "averyveryverylongnamec", "averyveryverylongname"),
    ("/run/user/1000/app-1.sock", "/run/user/1000/app-2.sock"),
    ("[fe80::1234:5678:9abc:def0]:8080", "[fe80::1234:5678:9abc:def1]:8080"),
    ("host.test/a", "host.test/a/b", "host.test/a/b/c"),
    ("Trades of 28 November", "Trades of 29 November", "Trades of 29 October"),
]


@pytest.mark.parametrize("titles", ALIKE)
def test_similar_titles_are_told_apart_at_their_beginning(titles: tuple[str, ...]) -> None:
    found = of(*titles)
    assert len({name[:SEEN] for name in found}) == len(titles)
    for order in islice(permutations(titles), 6):  # the order of the tabs changes no name
        assert dict(zip(order, of(*order), strict=True)) == dict(zip(titles, found, strict=True))


def test_titles_with_the_same_end_are_told_apart_at_last() -> None:
    middles, ends = ("abcdefghijk", "bbcdefghijk"), ("x", "y")
    titles = [f"stream.test/{middle}/{end}" for middle in middles for end in ends]
    assert len(set(of(*titles))) == len(titles)
