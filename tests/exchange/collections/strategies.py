"""Collections of any content, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from spacebeam.protocol.secrets import is_secret_name

# Braces come as variables only, and a backslash before them would make them text.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="{}\\\0")
_PRINTABLE = st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Zs", "Cn", "Co"], exclude_characters="{}\\"
)
_VARIABLES = st.sampled_from(["{{host}}", "{{a_b}}", "{{token}}"])


def _public(found: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return names without those of secrets, which are left out of what is exported."""
    return found.filter(lambda one: not is_secret_name(one))


names = st.text(_PRINTABLE, min_size=1, max_size=12).filter(lambda one: one.strip(" .") == one)
texts = st.lists(st.one_of(st.text(_CHARACTERS, max_size=30), _VARIABLES), max_size=4).map("".join)
header_names = _public(st.from_regex(r"X-[A-Za-z]{1,8}", fullmatch=True))
header_values = st.lists(
    st.one_of(st.from_regex(r"[a-z0-9:#'\"%@&*!|>-]{1,8}", fullmatch=True), _VARIABLES),
    min_size=1,
    max_size=3,
).map("".join)
identifiers = _public(st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True))
messages = st.builds(
    SavedMessage,
    names,
    texts.filter(lambda one: bool(one.strip())),
    st.sampled_from([MessageFormat.TEXT, MessageFormat.JSON, MessageFormat.XML]),
)
binary_messages = st.builds(
    SavedMessage,
    names,
    st.binary(min_size=1, max_size=20).map(bytes.hex),
    st.just(MessageFormat.HEX),
)
sign_ins = st.one_of(
    st.just(SignIn()),
    st.builds(SignIn, st.just(SignInMethod.BEARER), token=header_values),
    st.builds(
        SignIn,
        st.sampled_from([SignInMethod.KEY_IN_HEADER, SignInMethod.KEY_IN_QUERY]),
        key_name=header_names,
        key_value=header_values,
    ),
)
profiles = st.builds(
    Profile,
    st.builds(
        RequestSettings,
        headers=st.lists(
            st.tuples(header_names, header_values), max_size=3, unique_by=lambda one: one[0].lower()
        ).map(tuple),
        query=st.lists(st.tuples(identifiers, header_values), max_size=2).map(tuple),
        subprotocols=st.lists(identifiers, max_size=2, unique=True).map(tuple),
    ),
    sign_ins,
)
connections = st.builds(
    SavedConnection,
    names,
    st.sampled_from(["ws://{{host}}/a", "wss://h/x?y=1", "ws://[::1]:8/{{a_b}}"]),
    profiles,
    st.lists(messages, max_size=3).map(tuple),
    description=texts,
)
variables = st.lists(
    st.builds(Variable, identifiers, texts), max_size=3, unique_by=lambda one: one.name
).map(tuple)
# Of a folder's profile only the headers and the sign-in are used.
folder_profiles = profiles.map(
    lambda one: Profile(RequestSettings(headers=one.request.headers), one.sign_in)
)
folders = st.builds(
    Folder,
    names,
    folder_profiles,
    variables,
    connections=st.lists(connections, min_size=1, max_size=2).map(tuple),
)
collections = st.builds(
    Collection,
    st.builds(
        Folder,
        names,
        st.just(Profile()),
        variables,
        folders=st.lists(folders, max_size=2).map(tuple),
        connections=st.lists(connections, min_size=1, max_size=2).map(tuple),
        description=texts,
    ),
    st.lists(
        st.builds(Environment, names, variables),
        max_size=2,
        unique_by=lambda one: one.name.casefold(),
    ).map(tuple),
)
