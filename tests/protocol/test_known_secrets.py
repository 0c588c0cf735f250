"""Values of secret variables are masked, in every form that an address may have them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.known_secrets import MIN_LENGTH, forget, hide, masked
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols

_SECRETS = st.text(st.sampled_from("aZ09 !$&'()*+,;=:@/?#%^\"<>|\\{}é€-._~"), min_size=MIN_LENGTH)


@given(_SECRETS.filter(lambda one: one.strip() == one))
def test_a_secret_in_a_path_or_query_is_masked(secret: str) -> None:
    forget()
    hide((secret,))
    for typed in (f"wss://h.test/a/{secret}/b", f"wss://h.test/?a={secret}&b"):
        try:
            url = parse(typed).url
        except EndpointError:
            continue
        if "#" in secret or "?" in secret:
            continue  # it ends in the middle, and is no longer this value
        assert masked(url, "•••") in ("wss://h.test/a/•••/b", "wss://h.test/?a=•••&b")


def test_a_secret_in_a_host_is_masked() -> None:
    hide(("S3cretHost",))
    assert masked(parse("wss://S3cretHost.test/").url, "•••") == "wss://•••.test/"


def test_a_space_may_be_a_plus() -> None:
    hide(("two words",))
    assert masked("a=two+words&b=two%20words", "•••") == "a=•••&b=•••"


def test_hidden_again_it_stays_hidden_and_the_longest_is_masked_first() -> None:
    hide(("secret", "secret-longer"))
    hide(("secret",))
    assert masked("secret-longer secret", "•••") == "••• •••"


@pytest.mark.parametrize("name", ["correct-horse", "tok.correct-horse", "v1.correct-horse.x"])
def test_a_secret_in_a_subprotocol_goes_to_no_other_host(name: str) -> None:
    hide(("correct-horse",))
    shown = masked_subprotocols(("feed.v1", name))
    assert "horse" not in repr(shown)
    options = HandshakeOptions(subprotocols=("feed.v1", name))
    assert options.for_other_host().subprotocols == ("feed.v1",)
