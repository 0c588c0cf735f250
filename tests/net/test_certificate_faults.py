"""Each fault of a certificate has words and advice."""

from __future__ import annotations

import pytest
from gi.repository import Gio

from spacebeam.net.certificates import advice, certificate_faults

FLAGS = Gio.TlsCertificateFlags


@pytest.mark.parametrize(
    ("flags", "count"),
    [
        (FLAGS.NO_FLAGS, 0),
        (FLAGS.EXPIRED, 1),
        (FLAGS.EXPIRED | FLAGS.BAD_IDENTITY | FLAGS.UNKNOWN_CA, 3),
    ],
)
def test_every_fault_is_named(flags: Gio.TlsCertificateFlags, count: int) -> None:
    assert len(certificate_faults(flags)) == count


def test_there_is_advice_always() -> None:
    assert advice(FLAGS.EXPIRED) != advice(FLAGS.REVOKED)
    assert advice(FLAGS.GENERIC_ERROR)
