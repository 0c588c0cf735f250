"""Links in messages: which are found, and what is shown of them."""

from __future__ import annotations

import pytest

from spacebeam.ui.chat.links import MAX_LINKS, links_in


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("no link", []),
        ("see https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"]),
        ("(http://example.com/a_(b))", ["http://example.com/a_(b)"]),
        ("HTTPS://EXAMPLE.COM/", ["https://example.com/"]),
        ("“https://example.com/”, https://example.com/", ["https://example.com/"]),
        ("https://[::1]:8080/x", ["https://[::1]:8080/x"]),
        ("javascript:alert(1) file:///etc/passwd ws://h/ data:text/html,x", []),
        ("xhttps://example.com/", []),
        ("https:// https://? http://:80/ https://a..b/", []),
        ("https://example.com:99999/", []),
        ("https://" + "x" * 3000, []),
    ],
)
def test_only_addresses_of_the_web_are_links(text: str, urls: list[str]) -> None:
    assert [link.url for link in links_in(text)] == urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://ex\u0430mple.com/", "https://xn--exmple-4nf.com/"),  # a Cyrillic letter
    ],
)
def test_a_link_shows_the_host_that_is_opened(text: str, url: str) -> None:
    (link,) = links_in(text)
    assert link.url == url
    assert link.host in url


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066"])
def test_an_address_with_invisible_characters_is_no_link(hidden: str) -> None:
    assert links_in(f"https://example.com/{hidden}gpj.exe") == ()


def test_a_message_has_a_few_links_at_most() -> None:
    assert len(links_in(" ".join(f"https://example.com/{one}" for one in range(99)))) == MAX_LINKS
