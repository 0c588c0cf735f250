"""Certificates of an authority that only the tests trust."""

from __future__ import annotations

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificate:
    """A server's certificate and key, in files."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server of Python's own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """Issues certificates into a folder; `file` is what a client has to trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA()
        self._count = 0
        self.file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.file))

    def issue(
        self, *names: str, expired: bool = False, key_type: trustme.KeyType = trustme.KeyType.ECDSA
    ) -> Certificate:
        """A certificate for these names; without names, for loopback."""
        self._count += 1
        end = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC) if expired else None
        start = datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC) if expired else None
        leaf = self._authority.issue_cert(
            *(names or ("localhost", "127.0.0.1")),
            not_before=start,
            not_after=end,
            key_type=key_type,
        )
        certificate = Certificate(
            self._folder / f"{self._count}.chain.pem", self._folder / f"{self._count}.key.pem"
        )
        leaf.private_key_pem.write_to_path(str(certificate.key))
        for blob in leaf.cert_chain_pems:
            blob.write_to_path(str(certificate.chain), append=True)
        return certificate
