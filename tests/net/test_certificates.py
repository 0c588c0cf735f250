"""Trusted server certificates and client certificates, with real TLS handshakes."""

from __future__ import annotations

import socket
import ssl
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from spacebeam.net.certificates import CertificateFileError, authorities, client_certificate
from spacebeam.net.failures import CertificateFault, FailureCause, FailureKind
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.wording.failures import explanation
from tests.support.certificates import Authority, Certificate
from tests.support.clients import connected, refusal
from tests.support.raw_server import raw_server, switching, wait_for_end
from tests.support.websockets_peer import websockets_peer


async def test_without_verification_any_certificate_is_accepted(authority: Authority) -> None:
    with websockets_peer(context=authority.issue("other.example").context()) as port:
        options = HandshakeOptions(tls=TlsOptions(verify=False))
        async with connected(f"wss://localhost:{port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.tls is not None
    assert CertificateFault.WRONG_NAME.value in report.tls.faults


async def test_one_certificate_is_trusted_by_its_fingerprint(authority: Authority) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        address = f"wss://localhost:{port}/echo"
        shown = await refusal(address)
        assert shown.report.tls is not None
        sha256 = shown.report.tls.chain[0].sha256
        grouped = ":".join(sha256[at : at + 2] for at in range(0, 64, 2)).upper()
        async with connected(
            address, options=HandshakeOptions(tls=TlsOptions(trusted_sha256=grouped))
        ):
            pass
        other = HandshakeOptions(tls=TlsOptions(trusted_sha256="0" * 64))
        assert (await refusal(address, other)).failure.kind is FailureKind.CERTIFICATE


async def test_a_trusted_certificate_is_not_trusted_with_other_options(
    authority: Authority,
) -> None:
    requests: list[bytes] = []
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as protected:
            requests.append(protected.recv(65536))
            if requests[-1]:
                protected.sendall(switching(requests[-1]))
                wait_for_end(protected)

    with raw_server(script) as server:
        address = f"wss://localhost:{server.port}/"
        async with connected(address, options=HandshakeOptions(tls=TlsOptions(verify=False))):
            pass
        # Some versions of GLib resume the TLS session without checking the certificate.
        error = await refusal(address)
    assert error.failure.kind is FailureKind.CERTIFICATE
    assert requests[0].startswith(b"GET / ")
    assert not any(requests[1:])  # nothing was sent to an untrusted server


def asking(authority: Authority) -> ssl.SSLContext:
    """Return a server context that requires a client certificate of the authority."""
    context = authority.issue().context()
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    # With TLS 1.3 a server refuses a client certificate only after the handshake.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def as_pkcs12(certificate: Certificate, password: bytes) -> bytes:
    key = load_pem_private_key(certificate.key.read_bytes(), None)
    chain = load_pem_x509_certificate(certificate.chain.read_bytes())
    return pkcs12.serialize_key_and_certificates(
        b"own",
        key,  # type: ignore[arg-type]  # trustme makes keys of supported kinds
        chain,
        None,
        BestAvailableEncryption(password),
    )


@pytest.mark.parametrize("form", ["two files", "one file", "pkcs12"])
async def test_a_client_certificate_is_sent(
    authority: Authority, tmp_path: Path, form: str
) -> None:
    own = authority.issue("client.example")
    file = str(own.chain)
    key_file: str | None = str(own.key)
    password: str | None = None
    if form == "one file":
        both = tmp_path / "both.pem"
        both.write_bytes(own.key.read_bytes() + own.chain.read_bytes())
        file, key_file = str(both), None
    elif form == "pkcs12":
        packed = tmp_path / "own.p12"
        packed.write_bytes(as_pkcs12(own, b"word"))
        file, key_file, password = str(packed), None, "word"
    tls = TlsOptions(
        ca_file=str(authority.file), certificate_file=file, key_file=key_file, password=password
    )
    with websockets_peer(context=asking(authority)) as port:
        async with connected(f"wss://localhost:{port}/echo", options=HandshakeOptions(tls=tls)):
            pass


def encrypted(certificate: Certificate, form: PrivateFormat, password: bytes) -> bytes:
    key = load_pem_private_key(certificate.key.read_bytes(), None)
    return key.private_bytes(Encoding.PEM, form, BestAvailableEncryption(password))


@pytest.mark.parametrize("in_one_file", [True, False])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("key_type", [trustme.KeyType.RSA, trustme.KeyType.ECDSA])
async def test_an_encrypted_key_is_opened_with_its_password(
    authority: Authority,
    tmp_path: Path,
    key_type: trustme.KeyType,
    form: PrivateFormat,
    in_one_file: bool,
) -> None:
    own = authority.issue("client.example", key_type=key_type)
    key = encrypted(own, form, "wörd".encode())
    file, key_file = tmp_path / "own.pem", tmp_path / "own.key"
    file.write_bytes(own.chain.read_bytes() + (key if in_one_file else b""))
    key_file.write_bytes(key)
    tls = TlsOptions(
        ca_file=str(authority.file),
        certificate_file=str(file),
        key_file=None if in_one_file else str(key_file),
        password="wörd",
    )
    with websockets_peer(context=asking(authority)) as port:
        async with connected(f"wss://localhost:{port}/echo", options=HandshakeOptions(tls=tls)):
            pass
    named = str(file if in_one_file else key_file)
    for password, cause in (
        (None, FailureCause.KEY_PASSWORD_REQUIRED),
        ("word", FailureCause.KEY_PASSWORD_WRONG),
    ):
        options = HandshakeOptions(tls=replace(tls, password=password))
        failure = (await refusal("wss://h/", options)).failure
        assert (failure.cause, failure.path, failure.kind) == (cause, named, FailureKind.TLS)


async def test_the_password_of_a_key_that_is_not_encrypted_is_ignored(
    authority: Authority, tmp_path: Path
) -> None:
    own = authority.issue("client.example")
    file = tmp_path / "own.pem"
    file.write_bytes(own.chain.read_bytes() + own.key.read_bytes())
    assert client_certificate(TlsOptions(certificate_file=str(file), password="x")) is not None


async def test_a_missing_client_certificate_is_reported(authority: Authority) -> None:
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    with websockets_peer(context=asking(authority)) as port:
        error = await refusal(f"wss://localhost:{port}/echo", options)
    assert error.failure.kind is FailureKind.TLS


@pytest.mark.parametrize("name", ["missing.pem", "text.pem", "text.p12"])
async def test_a_file_without_a_certificate_is_named_in_the_error(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "text.pem").write_text("no certificate")
    (tmp_path / "text.p12").write_text("no certificate")
    path = str(tmp_path / name)
    with pytest.raises(CertificateFileError, match=name):
        client_certificate(TlsOptions(certificate_file=path))
    error = await refusal("wss://h/", HandshakeOptions(tls=TlsOptions(certificate_file=path)))
    assert path in explanation(error.failure)


@pytest.mark.parametrize("name", ["missing.key", "text.key"])
def test_a_file_without_a_key_is_named_in_the_error(
    authority: Authority, tmp_path: Path, name: str
) -> None:
    own = authority.issue("client.example")
    (tmp_path / "text.key").write_text("no key")
    files = TlsOptions(certificate_file=str(own.chain), key_file=str(tmp_path / name))
    with pytest.raises(CertificateFileError, match=name):
        client_certificate(files)


@pytest.mark.parametrize("password", [None, "password"])
def test_a_pem_file_without_its_key_is_said_to_lack_it(
    authority: Authority, password: str | None
) -> None:
    own = authority.issue("client.example")
    files = TlsOptions(certificate_file=str(own.chain), password=password)
    with pytest.raises(CertificateFileError) as caught:
        client_certificate(files)
    assert caught.value.cause is FailureCause.KEY_MISSING


@pytest.mark.parametrize("in_one_file", [True, False])
@pytest.mark.parametrize("key_type", [trustme.KeyType.RSA, trustme.KeyType.ECDSA])
async def test_a_key_of_another_certificate_is_told_before_connecting(
    authority: Authority, tmp_path: Path, key_type: trustme.KeyType, in_one_file: bool
) -> None:
    own, other = authority.issue("client.example"), authority.issue("other", key_type=key_type)
    both = tmp_path / "both.pem"
    both.write_bytes(own.chain.read_bytes() + other.key.read_bytes())
    files = TlsOptions(certificate_file=str(own.chain), key_file=str(other.key))
    tls = TlsOptions(certificate_file=str(both)) if in_one_file else files
    with raw_server(wait_for_end) as server:
        error = await refusal(f"wss://localhost:{server.port}/", HandshakeOptions(tls=tls))
    assert error.failure.cause is FailureCause.KEY_MISMATCH
    assert str(both if in_one_file else other.key) in explanation(error.failure)
    assert server.connections == 0


@pytest.mark.parametrize("password", ["wrong", "", None])
async def test_a_wrong_password_is_told_apart_from_a_broken_file(
    authority: Authority, tmp_path: Path, password: str | None
) -> None:
    own = authority.issue("client.example", key_type=trustme.KeyType.RSA)
    whole, cut = tmp_path / "own.p12", tmp_path / "cut.p12"
    whole.write_bytes(as_pkcs12(own, b"word"))
    cut.write_bytes(whole.read_bytes()[:-100])
    causes = []
    for path in (whole, cut):
        tls = TlsOptions(certificate_file=str(path), password=password)
        error = await refusal("wss://h/", HandshakeOptions(tls=tls))
        assert str(path) in explanation(error.failure)
        causes.append(error.failure.cause)
    assert causes == [FailureCause.CERTIFICATE_PASSWORD, FailureCause.CERTIFICATE_FILE]


# A good file (a key on P-256, the password "word") that GnuTLS 3.7 refuses.
REFUSED_BY_GNUTLS = b64decode(
    """
    MIID0QIBAzCCA4cGCSqGSIb3DQEHAaCCA3gEggN0MIIDcDCCAgoGCSqGSIb3DQEHBqCCAfswggH3AgEAMIIB8AYJKoZIhvc
    NAQcBMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBCPBRdv6Us6eFdhZ4s+xkbKAgJOIDAMBggqhkiG9w0CCQUAMB
    0GCWCGSAFlAwQBKgQQzOPeBTouGZsO+F/1oS8cQ4CCAYCRpfhX7hkFUsL7c4wFi71dpfzKMot3Xj43zeoHqoClPsBrszzjb
    w0J+bm/N9lqBdBzj7WwD7X6hT6vP6fSiOwQBryJODhFhMxYl0T8dlY944SsZdXt1si1KRVQD8P8L8b6UwEMQqYk4ON0Fys9
    L7Ztt1SG2NoDUpLASsSSdDLnnXUykbDFhvQ92g4z9aJQOnBYEhFWNsA3ag58AqAQBgocG1S7Cscl91xsHge9m66hhEPTiLW
    +L7J/wr5Ug++Nx6RSk82JVuNga8sGbh5zdiMKuvSa27CXgdTsFWplR3AtunHiFyVEDoD4yaFOK3cK6kIknvM7R3tKcjAbl3
    kJeqFhnndWNHqTagkW6zr8J8BPjG4GUHJO1Rs+NpxvozzDh91JrKj2HSbvcidUAjcCsbhf3Xy0q6RaOhMayqMjHFuAI6b8T
    3AMlf9v8z2eUY5xyf7V9aL0El9D9VWoNvR63eSlqWvCJR5Sa53TbzSpfz2yxgckoB3SGAWhuTRxBFIDrrwwggFeBgkqhkiG
    9w0BBwGgggFPBIIBSzCCAUcwggFDBgsqhkiG9w0BDAoBAqCB9zCB9DBfBgkqhkiG9w0BBQ0wUjAxBgkqhkiG9w0BBQwwJAQ
    QwlG057HwVufdPkXXrdNMUQICTiAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDw8EetfqLt8epC80tkwv1MEgZC5xU
    0+Hq9m0uGGkHvbBSG/3JIkSXE5f6idsBGqLly7E0juFQp3TTNWJvE2tfDEXeI2MHJX3xhfd23PqczSuoj7vlek6wg6CDNsy
    bpMpYVGwJdL9UMkc6Hrl5f5aXKrtPrg75quIAxdyfwJ1xTI0q/UxOS8kaW7ab2d8rCPuUokN4p8I4ZessnVjVf1k1hYywQx
    OjATBgkqhkiG9w0BCRQxBh4EAG0AZTAjBgkqhkiG9w0BCRUxFgQUfCx1F7QRcfyYsHYUdkH15ghg9+4wQTAxMA0GCWCGSAF
    lAwQCAQUABCAKW548I3hFWb8UtAA6A0O3pHoOn9hgTqt+dQmFxiCqngQIlIUgFctgIR8CAggA
    """
)


def test_a_good_file_that_gnutls_refuses_is_read(tmp_path: Path) -> None:
    packed = tmp_path / "own.p12"
    packed.write_bytes(REFUSED_BY_GNUTLS)
    certificate = client_certificate(TlsOptions(certificate_file=str(packed), password="word"))
    assert certificate is not None
    assert certificate.get_subject_name() == "CN=me"
    assert certificate.props.private_key_pem
    with pytest.raises(CertificateFileError) as caught:
        client_certificate(TlsOptions(certificate_file=str(packed), password="other"))
    assert caught.value.cause is FailureCause.CERTIFICATE_PASSWORD


def test_system_authorities_are_trusted_by_default(tmp_path: Path) -> None:
    assert authorities(TlsOptions()) is None
    with pytest.raises(CertificateFileError, match=r"missing\.pem"):
        authorities(TlsOptions(ca_file=str(tmp_path / "missing.pem")))
