"""`spacebeam run`: scenarios, their account, reports and exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.profiles.collection import Environment, Variable
from tests.cli.program import Finished, spacebeam
from tests.scenario.feed import feed

GOOD = """\
### Welcome
# @tag smoke
WEBSOCKET ws://{{host}}/feed

# @expect json:type=welcome
"""
BAD = """\
### Order
WEBSOCKET ws://{{host}}/feed

{"op": "sub", "id": 6}
===
{"op": "close", "code": 1000}
# @expect json:type=subscribed json:id=7
"""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def ran(host: str, *arguments: str | Path) -> Finished:
    return spacebeam("run", *map(str, arguments), "--var", f"host={host}")


def test_what_passes_is_one_line(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD)
    finished = ran(host, tmp_path)
    assert (finished.returncode, finished.stderr) == (0, b"")
    path, scenario, empty, summary = finished.stdout.decode().splitlines()
    assert path == str(tmp_path / "a.http")
    assert scenario.startswith("  ✓ Welcome  ")
    assert empty == ""
    assert summary.startswith("1 scenario: 1 passed, in ")


def test_what_fails_is_told_with_what_came_instead(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD + BAD)
    finished = ran(host, tmp_path / "a.http")
    assert finished.returncode == 1
    lines = [line.strip() for line in finished.stdout.decode().splitlines()]
    assert "line 12: expect json:type=subscribed json:id=7" in lines
    assert any(line.startswith("The connection ended before that. Closed by the") for line in lines)
    assert 'message 2: {"type": "subscribed", "id": 6, "token": "t-6"}' in lines
    assert "json:id=7: it is 6" in lines


def test_json_has_an_object_for_each_scenario(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD + BAD)
    finished = ran(host, tmp_path, "--json")
    good, bad, last = map(json.loads, finished.stdout.splitlines())
    assert (good["outcome"], good["fault"], good["sent"]) == ("passed", None, 0)
    assert (bad["outcome"], bad["fault"]["kind"], bad["line"]) == ("failed", "closed", 7)
    nearest = bad["fault"]["received"][0]
    assert nearest["fails"] == [{"term": "json:id=7", "found": "6"}]
    assert last["summary"]["failed"] == 1


def test_reports_are_written(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD + BAD + "\n### <b>Off</b>\n# @disabled\nws://x/\n")
    xml, page = tmp_path / "report.xml", tmp_path / "report.html"
    assert ran(host, tmp_path, "--junit", xml, "--html", page).returncode == 1
    root = ElementTree.parse(xml).getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "1")
    (failure,) = root.iter("failure")
    assert failure.get("type") == "closed"
    assert "json:id=7: it is 6" in str(failure.text)
    assert "&lt;b&gt;Off&lt;/b&gt;" in page.read_text()
    assert "1 of 3 scenarios passed" in page.read_text()


def test_a_report_that_cannot_be_written_is_told(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD)
    finished = ran(host, tmp_path, "--junit", tmp_path / "none" / "report.xml")
    assert finished.returncode == 5
    assert b"Could not write the report" in finished.stderr


def test_tags_select_scenarios(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD + BAD)
    assert ran(host, tmp_path, "--tag", "smoke").returncode == 0
    finished = ran(host, tmp_path, "--tag", "none")
    assert finished.returncode == 2
    assert b"No scenario has this tag." in finished.stderr


def test_after_a_failure_the_rest_can_be_skipped(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(BAD + GOOD)
    finished = ran(host, tmp_path, "--fail-fast")
    assert "2 scenarios: 0 passed, 1 failed, 1 skipped" in finished.stdout.decode()


def test_conversations_are_recorded(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD.replace("Welcome", "../a b") + GOOD)
    assert ran(host, tmp_path, "--record", tmp_path / "new").returncode == 0
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == ["Welcome.beam", "a-b.beam"]
    told = json.loads(spacebeam("info", str(tmp_path / "new" / "a-b.beam"), "--json").stdout)
    assert told["state"] == "whole"


def test_a_recorded_conversation_has_the_verdict_after_what_was_looked_at(
    host: str, tmp_path: Path
) -> None:
    (tmp_path / "a.http").write_text(GOOD + BAD)
    ran(host, tmp_path, "--record", tmp_path / "new")
    exported = [
        spacebeam("export", str(path), "-o", "-", "--format", "text").stdout.decode()
        for path in sorted((tmp_path / "new").iterdir())
    ]
    bad, good = [one.strip().splitlines() for one in exported]
    (met,) = (at for at, line in enumerate(good) if "Expected json:type=welcome: met" in line)
    assert "welcome" in good[met - 1]
    assert "Expected json:type=subscribed json:id=7: not met" in bad[-1]


def test_an_environment_gives_its_variables(host: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.http").write_text(GOOD)
    (tmp_path / "http-client.env.json").write_text(
        json.dumps({"dev": {"host": "nowhere"}, "$shared": {"x": 1}})
    )
    (tmp_path / "http-client.private.env.json").write_text(json.dumps({"dev": {"host": host}}))
    assert spacebeam("run", str(tmp_path), "--env", "dev").returncode == 0
    finished = spacebeam("run", str(tmp_path), "--env", "prod")
    assert finished.returncode == 2
    assert "There is no environment “prod”. There are: dev." in finished.stderr.decode()


def test_secret_variables_are_in_no_recording(host: str, tmp_path: Path) -> None:
    request = "/feed?u={{key}}\nX-Foo: {{key}}\nSec-WebSocket-Protocol: chat, {{key}}\n"
    (tmp_path / "a.http").write_text(GOOD.replace("/feed\n", request))
    (tmp_path / "http-client.env.json").write_text(json.dumps({"dev": {"host": host}}))
    private = json.dumps({"dev": {"key": "CANARY-of-dev"}})
    (tmp_path / "http-client.private.env.json").write_text(private)
    new = tmp_path / "new"
    spacebeam("run", str(tmp_path), "--env", "dev", "--record", str(new))
    (recording,) = new.iterdir()
    told = spacebeam("info", "-v", str(recording)).stdout.decode()
    assert "CANARY" not in told
    for shown in ("/feed?u=•••", "X-Foo: •••", "chat, •••"):
        assert shown in told
    echoed = recording.read_bytes().count(b"/feed?u=CANARY")  # by the server, in a message
    assert recording.read_bytes().count(b"CANARY") == echoed


def test_an_environment_of_the_saved_connections_is_used(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    EnvironmentFiles(library).save(Environment("Test", (Variable("place", host),)))
    (library / "opencollection.yml").write_text(
        "request:\n  variables:\n    - name: host\n      value: '{{place}}'\n"
    )
    (tmp_path / "a.http").write_text(GOOD)
    monkeypatch.setenv("SPACEBEAM_LIBRARY", str(library))
    assert spacebeam("run", str(tmp_path / "a.http"), "--env", "Test").returncode == 0
    (tmp_path / "http-client.env.json").write_text(json.dumps({"Test": {"host": "127.0.0.1:1"}}))
    nearer = spacebeam("run", str(tmp_path / "a.http"), "--env", "Test")
    assert nearer.returncode == 1


def test_without_environments_it_says_where_they_would_be(tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(GOOD)
    finished = spacebeam("run", str(tmp_path), "--env", "prod")
    assert finished.returncode == 2
    words = "There is no environment “prod”: there is no http-client.env.json beside the file"
    assert words in finished.stderr.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ws://x/\n\na\n# @expct a\n", ":4: There is no directive @expct."),
        ("ws://x/\n\na\n# @timeout soon\n", ":4: @timeout is written as in “# @timeout 2s”."),
        ("GET http://x/\n", ":1: The file has no scenario"),
    ],
)
def test_a_file_that_cannot_be_run_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.http"
    path.write_text(text)
    finished = spacebeam("run", str(path))
    assert (finished.returncode, finished.stdout) == (2, b"")
    assert words in finished.stderr.decode()


def test_what_a_server_says_reaches_no_terminal_unescaped(host: str, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(
        "ws://{{host}}/\n\n# @timeout 200ms\n\x1b[31mred\n# @expect nothing\n"
    )
    for arguments in ((), ("--json",)):
        assert b"\x1b" not in ran(host, tmp_path, *arguments).stdout
