"""Writes the manual pages, which are installed with the package: a page for each command and topic.

Commands are described by their options, as `--help` does; topics by the text of the help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click

from spacebeam import __version__, log
from spacebeam.cli.command_line import COMMANDS, PROGRAM, SECTIONS, program
from spacebeam.cli.help_text import column_widths
from spacebeam.help.page import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    HelpPage,
    HelpTable,
    Paragraph,
    RichText,
    RunStyle,
    TextRun,
    plain,
    related_topics,
)
from spacebeam.help.topics import TOPICS, page

DATA = Path(__file__).resolve().parent.parent / "data"
FOLDER = DATA / "man"
_METAINFO = DATA / "app.spacebeam.Spacebeam.metainfo.xml"
_COMMANDS, _TOPICS = 1, 7  # sections of the manual: programs; overviews and conventions
_TBL = "'\\\" t"  # the page has tables for tbl(1)


def main() -> None:
    wanted = pages()
    for path in FOLDER.rglob("*.[17]"):
        if path.relative_to(FOLDER) not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def pages() -> dict[Path, str]:
    """Return all manual pages, by their path below FOLDER."""
    made = {(PROGRAM, _COMMANDS): _program_page()}
    made |= {(f"{PROGRAM}-{name}", _COMMANDS): _command_page(name) for name in COMMANDS}
    made |= {(f"{PROGRAM}-{name}", _TOPICS): _topic_page(page(name)) for name in TOPICS}
    return {
        Path(f"man{section}/{name}.{section}"): "".join(f"{line}\n" for line in lines)
        for (name, section), lines in made.items()
    }


def _program_page() -> list[str]:
    group = program()
    with group.make_context(PROGRAM, [], resilient_parsing=True) as context:
        options = _options(group.params, context)
    lines = [*_head(PROGRAM, _COMMANDS, "a WebSocket client for the desktop and the terminal")]
    lines += [".SH SYNOPSIS", *filled((code(PROGRAM), TextRun(" [FILE…]"))), ".br"]
    lines += filled((code(PROGRAM), TextRun(" [OPTIONS] COMMAND [ARGS]…")))
    lines += [".SH DESCRIPTION", *filled((TextRun(f"{group.help} {_WINDOW}"),))]
    lines += [".SH OPTIONS", *options, ".SH COMMANDS"]
    for title, commands in SECTIONS.items():
        lines.append(f".SS {title}")
        for name, words in commands.items():
            lines += definition(_reference(name, _COMMANDS), (TextRun(words),))
    lines.append(".SH TOPICS")
    for topic in TOPICS:
        lines += definition(_reference(topic, _TOPICS), (TextRun(page(topic).summary),))
    lines.append(".SH ENVIRONMENT")
    for name, words in _ENVIRONMENT.items():
        lines += definition(name, (TextRun(words),))
    return lines


_WINDOW = "With the names of recordings, the window shows them."
_ENVIRONMENT = {
    log.VARIABLE: "The level of the log on standard error, such as debug.",
    "PAGER": f"The program in which “{PROGRAM} help” shows long text on a terminal.",
    "NO_COLOR": "If it is not empty, there are no colours.",
    "http_proxy, https_proxy, all_proxy, no_proxy": "The proxies of the terminal, as in curl.",
}


def _command_page(name: str) -> list[str]:
    group = program()
    with group.make_context(PROGRAM, [], resilient_parsing=True) as parent:
        command: Any = group.get_command(parent, name)
        context = click.Context(command, parent, name)
        lines = [*_head(f"{PROGRAM}-{name}", _COMMANDS, _summary(name))]
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [".SH SYNOPSIS", *filled((code(f"{PROGRAM} {name}"), TextRun(f" {usage}")))]
        lines.append(".SH DESCRIPTION")
        lines += _paragraphs(command.help)
        if command.arguments:
            lines += [".SH ARGUMENTS", *_options(command.arguments, context)]
        lines.append(".SH OPTIONS")
        for one in command.option_groups:
            lines += [f".SS {escaped(one.title)}", *_options(one.options, context)]
        others = command.get_ungrouped_options(context)
        lines += [".SS Other options", *_options(others, context)]
    lines += _epilog(command.epilog)
    topics = [one for one in TOPICS if one in _TOPICS_OF.get(name, ())]
    lines += _see_also([PROGRAM], _COMMANDS, topics)
    return lines


_CONNECTING = ("options", "terminal")
_READING = ("search", "decoders", "recordings", "terminal")
_TOPICS_OF = {
    "connect": (*_CONNECTING, "search", "decoders"),
    "record": (*_CONNECTING, "recordings"),
    "probe": _CONNECTING,
    "info": ("recordings", "recording-format"),
    "list": _READING,
    "search": _READING,
    "stats": ("values", "search", "decoders"),
    "export": ("formats", "search", "recordings"),
    "import": ("formats", "recordings"),
    "run": ("scenarios", "search", "options"),
    "replay": ("search", "options"),
    "serve": ("chat", "replay"),
    "mcp": ("search", "recordings"),
}


def _summary(name: str) -> str:
    words = next(commands[name] for commands in SECTIONS.values() if name in commands)
    return words[0].lower() + words[1:].removesuffix(".")


def _topic_page(topic: HelpPage) -> list[str]:
    lines = [_TBL, *_head(f"{PROGRAM}-{topic.topic}", _TOPICS, topic.summary.removesuffix("."))]
    lines += [".SH DESCRIPTION", *blocks(topic.blocks)]
    own = [f"{PROGRAM}-{topic.topic}"] if topic.topic in COMMANDS else []
    return [*lines, *_see_also([PROGRAM, *own], _COMMANDS, related_topics(topic))]


def _head(name: str, section: int, summary: str) -> Iterator[str]:
    release = ElementTree.parse(_METAINFO).find("releases/release")
    assert release is not None
    date = release.get("date")
    yield f'.TH {escaped(name.upper())} {section} {date} "spacebeam {__version__}" Spacebeam'
    yield ".nh"
    yield ".ad l"
    yield ".ds AD l"  # groff 1.23 begins each paragraph with this
    yield ".ss 12 0"  # no wider space after a sentence
    yield ".SH NAME"
    yield from filled((TextRun(f"{name} - {summary}"),))


def _options(options: list[Any], context: click.Context) -> list[str]:
    records = (one.get_help_record(context) for one in options)
    return [line for name, words in records for line in definition(name, (TextRun(words),))]


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        lines += [*([".PP"] if lines else []), *filled((TextRun(" ".join(paragraph.split())),))]
    return lines


def _epilog(epilog: str) -> Iterator[str]:
    """Yield the text below a command's options: titles of lists become sections."""
    is_note = False
    for paragraph in epilog.replace("\b\n", "").split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        title, _, words = first.partition(": ")
        if first.endswith(":") and rest:
            yield f".SH {escaped(first[:-1].upper())}"
            yield from literal(re.sub("^  ", "", rest, flags=re.M))
            is_note = False
        elif title.startswith("exit codes") and words:
            yield f".SH {escaped(title.upper())}"
            yield from filled((TextRun(f"{words} {rest}"),))
            is_note = False
        else:
            yield ".PP" if is_note else ".SH NOTES"
            yield from filled((TextRun(paragraph),))
            is_note = True


def _see_also(commands: list[str], section: int, topics: list[str]) -> list[str]:
    names = [f"{name}({section})" for name in commands]
    names += [_reference(topic, _TOPICS) for topic in topics]
    text: RichText = tuple(
        run
        for place, name in enumerate(names)
        for run in ((TextRun(", "),) if place else ()) + (code(name),)
    )
    return [".SH SEE ALSO", *filled(text)]


def _reference(name: str, section: int) -> str:
    return f"{PROGRAM}-{name}({section})"


# Text and blocks in roff, as man(7) and tbl(1) describe it.

_MAX_LINE = 79  # characters of a line of the source, as `mandoc -T lint` counts them
_TABLE_WIDTH = 65  # characters, beside the margins of a terminal of 80
_MAY_BREAK = "\0"  # where a long word may be broken
_ESCAPES = str.maketrans(
    {
        "\\": "\\e",
        "-": "\\-",
        "'": "\\(aq",
        "`": "\\(ga",
        "^": "\\(ha",
        "~": "\\(ti",
        _MAY_BREAK: "\\:",
    }
)
# Code is not hyphenated.
_FONTS = {RunStyle.CODE: "\\%\\fB", RunStyle.EMPHASIS: "\\fI", RunStyle.STRONG: "\\fB"}


def escaped(text: str) -> str:
    """Return text in which no character has a meaning for roff."""
    return text.translate(_ESCAPES)


def code(text: str) -> TextRun:
    """Return a run of text in bold, as options and commands are."""
    return TextRun(text, RunStyle.CODE)


def filled(text: RichText) -> list[str]:
    """Return the lines of a text that is wrapped when it is shown."""
    lines = [""]
    for word in "".join(map(_run, text)).split():
        if lines[-1] and _source_length(f"{lines[-1]} {word}") > _MAX_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return [_safe(line) for line in lines]


def _source_length(line: str) -> int:
    return sum(1 if one.isascii() else len("\\[u0000]") for one in line)


def _run(run: TextRun) -> str:
    font = _FONTS.get(run.style)
    text = escaped(run.text)
    if font is None:
        return text
    # A font that is open across a line of the source would begin with a space.
    return " ".join(f"{font}{word}\\fR" if word else "" for word in text.split(" "))


def _safe(line: str) -> str:
    """Return a line that is no request of roff."""
    return f"\\&{line}" if line.startswith((".", "'")) else line


def literal(text: str) -> list[str]:
    """Return lines that are shown as they are."""
    return [".EX", *(_safe(escaped(line)) for line in text.split("\n")), ".EE"]


def blocks(every: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of a page's blocks."""
    is_first = True  # below a heading, where roff makes no space
    for block in every:
        match block:
            case Heading(level=level, text=text):
                words = plain(text)
                yield f".SH {escaped(words.upper())}" if level == 2 else f".SS {escaped(words)}"
            case Paragraph(text=text):
                yield from () if is_first else (".PP",)
                yield from filled(text)
            case BulletList(items=items):
                for item in items:
                    yield ".IP \\(bu 2"
                    yield from filled(item)
            case CodeBlock(text=text):
                yield from () if is_first else (".PP",)
                yield ".RS 4"
                yield from literal(text)
                yield ".RE"
            case HelpTable():
                yield from () if is_first else (".PP",)
                yield from _table(block)
        is_first = isinstance(block, Heading)


def definition(term: str, text: RichText) -> list[str]:
    """Return a term in bold, and its explanation below it."""
    breakable = term.replace("|", f"|{_MAY_BREAK}")  # a list of choices may be longer than a line
    return [".TP", *filled((code(breakable),)), *filled(text)]


def _table(table: HelpTable) -> Iterator[str]:
    header = tuple((TextRun(plain(cell), RunStyle.STRONG),) for cell in table.header)
    rows = (header, *table.rows) if table.has_header else table.rows
    widths = column_widths(rows, _TABLE_WIDTH)
    yield ".TS"
    yield " ".join(f"lw({width + 1}n)" for width in widths) + "."
    for row in rows:
        cells = [
            "\n".join(("T{", *filled(_breakable(cell, room)), "T}")) if plain(cell) else ""
            for cell, room in zip(row, widths, strict=True)
        ]
        yield from "\t".join(cells).split("\n")
    yield ".TE"


def _breakable(text: RichText, width: int) -> RichText:
    """Return a text whose words fit into a column of `width` characters if they are broken."""
    return tuple(
        replace(run, text=" ".join(_parts(word, width) for word in run.text.split(" ")))
        for run in text
    )


def _parts(word: str, width: int) -> str:
    if len(word) <= width:
        return word
    parts = re.findall(r"[^,:;/{}\[\]=&_.-]*[,:;/{}\[\]=&_.-]*", word)
    return _MAY_BREAK.join(
        part[at : at + width] for part in parts for at in range(0, len(part), width)
    )


if __name__ == "__main__":
    main()
