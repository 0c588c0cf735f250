"""The built-in server: `python -m bench.peers.echo_server` prints its address."""

from __future__ import annotations

from gi.events import GLibEventLoopPolicy

from spacebeam.server.server import Server


def main() -> None:
    """Serve until the process is ended."""
    loop = GLibEventLoopPolicy().get_event_loop()  # type: ignore[abstract]  # only by its stub
    server = Server()
    server.start()
    print(server.url, flush=True)
    loop.run_forever()


if __name__ == "__main__":
    main()
