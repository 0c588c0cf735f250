"""One HTTP request beside the handshakes, such as one for a token.

It goes the way of a handshake: through the same proxy, with the same trust in certificates, and its
failures are told in the same words. Redirects are not followed: a secret may be in the request.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from spacebeam.net.handshake import Handshake, in_thread
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.request_rules import has_control
from spacebeam.net.upgrade import USER_AGENT, sent_host
from spacebeam.protocol.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to an endpoint, whose scheme stands for http or https."""

    endpoint: Endpoint
    form: str | None = field(default=None, repr=False)  # of a POST, encoded; None: a GET
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


async def exchange(request: HttpRequest, options: HandshakeOptions) -> HttpExchange:
    """Send a request and return its answer with its body, up to 64 KiB. Raise HandshakeError.

    Of the options, those are used that do not belong to another server.
    """
    exchanging = _Exchange(request, options.for_other_host())
    return await in_thread(exchanging, exchanging.answer)


class _Exchange(Handshake):
    """A request in place of the handshake's."""

    def __init__(self, request: HttpRequest, options: HandshakeOptions) -> None:
        own = replace(options, cookie_jar=None, headers=(), subprotocols=())
        super().__init__(replace(request.endpoint, user=None, password=None), own)
        self._sent = request
        self._body = (request.form or "").encode()

    def report(self) -> HandshakeReport:
        """Return the report without the bodies of answers: a token may be in them."""
        report = super().report()
        return replace(report, exchanges=tuple(replace(one, body="") for one in report.exchanges))

    def answer(self) -> HttpExchange:
        """Return the answer; to be called by `run`."""
        answer, transport, _unread = self._signed_in()
        transport.close()
        return answer

    def _request(self) -> str:
        endpoint, form = self._endpoint, self._sent.form
        headers = [
            ("Host", sent_host(endpoint, self.options)),
            ("User-Agent", USER_AGENT),
            ("Accept", "application/json"),
            ("Connection", "close"),
            *self._sent.headers,
        ]
        if form is not None:
            headers += [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", str(len(self._body))),
            ]
        if any(has_control(value) for _name, value in headers):
            raise ValueError("a header has a control character")
        method = "GET" if form is None else "POST"
        lines = (f"{name}: {value}" for name, value in headers)
        return "\n".join((f"{method} {endpoint.resource} HTTP/1.1", *lines))
