"""By what the messages of a recording are decoded: options, or the connection saved for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from click import BadParameter

from spacebeam.cli.message_form import SAVED, DecodingOptions
from spacebeam.cli.options.named import library_of
from spacebeam.cli.options.output import binary, decode_of_recording, json_lines, raw
from spacebeam.cli.options.saved import known_decoders, library_option
from spacebeam.cli.options.schemas import schemas_in, schemas_of
from spacebeam.decode.visible import one_line
from spacebeam.recording.recording import Recording

ENTRY_OUTPUT = (json_lines, raw, binary, decode_of_recording, library_option)


def recorded_decoding(given: Mapping[str, Any], recording: Recording) -> DecodingOptions:
    """Return the decoders and schemas for a recording. Raises UsageError.

    With `--decode saved` they are those of the saved connection to the recorded address; schemas
    that are given count in place of its own.
    """
    schemas = schemas_of(given)
    if given["decoder"] != SAVED:
        return DecodingOptions(given["decoder"], schemas=schemas)
    address = str(recording.facts.get("address", ""))
    if not address:
        raise BadParameter("The recording has no address.", param_hint="--decode")
    library = library_of(given)
    library.load(checked=False)
    connection = library.connection_at(address)
    if connection is None:
        words = f"No saved connection leads to {one_line(address)}."
        raise BadParameter(words, param_hint="--decode")
    saved = schemas or schemas_in(connection.profile.schemas)
    return DecodingOptions(SAVED, known_decoders(connection), saved)
