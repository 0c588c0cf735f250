"""The test of `is:invalid`: messages that violate the JSON Schema of their connection.

A schema may have any number of rules, so how long a message takes is not known before: in a limited
time, all are postponed.
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_schema import MAX_SIZE
from spacebeam.decode.json_values import TooDeepError
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.decoding import context_of
from spacebeam.search.matching import masks
from spacebeam.search.matching.columns import Test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.payload_values import MESSAGE_KINDS, BlockValues, DeepPayloads

_NAMES = {one: context_of(Kind.TEXT, one).direction for one in Direction}


def violation_test(deep: DeepPayloads, connection: Context) -> Test:
    """Return the test for messages that violate the schema of their direction.

    It adds to `deep` the places of messages that are too long or nested too deeply to be checked.
    """
    schemas = connection.schemas
    checks = {} if schemas is None else {one: schemas.checks(_NAMES[one]) for one in Direction}
    checked = [one for one, schema in checks.items() if schema is not None]
    directions = bytes(value in checked for value in range(256))

    def test(block: Block, begin: int, end: int, among: Mask) -> Mask:
        mask = bytearray(end - begin)
        runs = block.run_directions[masks.runs(block, begin, end)].translate(directions)
        among = masks.both(among, masks.of_runs(runs, block, begin, end))
        among = masks.both(among, block.kinds[begin:end].translate(MESSAGE_KINDS))
        values = BlockValues(block, connection)
        for place in masks.candidates(among, begin):
            if deep.is_postponing:
                deep.postponed.add(place)
                break  # the later ones are tested with it
            schema = checks[values.direction(place)]
            if block.ends[place] - block.starts[place] > MAX_SIZE:
                deep.unsearched.add(place)
                continue
            try:
                value = values.read(place)
            except (TooDeepError, RecursionError):
                deep.unsearched.add(place)
            except ValueError:  # no value of keys and indexes
                pass
            else:
                mask[place - begin] = schema is not None and bool(schema.violations(value, 1))
        return mask

    return test
