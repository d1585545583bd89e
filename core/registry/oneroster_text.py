"""Text of OneRoster CSV files (OneRoster 1.2 CSV binding): lines by column, or why not."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UTF_16 = "the file is UTF-16; save it as UTF-8 and import it again"
WINDOWS_1252 = "the line is not UTF-8, it looks like Windows-1252; save the file as UTF-8"
NOT_UTF_8 = "the line is not UTF-8"
NUL = "the line holds the character NUL"
RUN_AWAY = "a quotation mark is not closed in this line"


@dataclass(frozen=True)
class Line:
    """One line of a file: its cells by column, "" for an empty one."""

    place: str  # "users.csv:12"
    cells: dict[str, str]


@dataclass(frozen=True)
class Refusal:
    """A line, or a whole file, that cannot be taken, and why."""

    place: str
    reason: str

    @property
    def order(self) -> tuple[str, int]:
        """The file, and the number of the line in it."""
        name, _, number = self.place.rpartition(":")
        return (name, int(number)) if number.isdecimal() else (self.place, 0)


def read_lines(
    name: str, data: bytes, spellings: Mapping[str, str], key: str = "sourcedId"
) -> Iterator[Line | Refusal]:
    """The lines of a file called `name`; one that cannot be read costs itself alone.

    `spellings` has the known columns by their names in lower case. A file without the column
    `key` is refused whole. Empty lines, and columns without name and cells, are passed over.
    """
    if 0 in data[:2] or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield Refusal(name, UTF_16)
        return
    rows = _Rows(data.decode("utf-8-sig", "surrogateescape"))
    columns: list[str] = []
    for number, cells, fault in rows:
        place = f"{name}:{number}"
        if not columns:
            columns = [spellings.get(cell.lower(), cell) for cell in cells]
            rows.width = len(columns) - _unnamed_at_the_end(columns)
            fault = fault or _why_not_text(cells) or _why_no_header(columns, key)
            if fault:
                yield Refusal(place, fault)
                return
        elif fault := fault or _why_not(cells, columns[: rows.width]):
            yield Refusal(place, fault)
        else:
            named = zip(columns, cells, strict=False)
            yield Line(place, {column: cell for column, cell in named if column})
    if not columns:
        yield Refusal(name, "the file is empty")


class _Rows:
    """Rows that hold anything, each with the number of its first line, and what is wrong with it.

    A quotation mark that is not closed would swallow the lines that follow: these are read anew.
    """

    def __init__(self, text: str) -> None:
        self.width = 0  # cells that a row has at least
        self._lines = list(io.StringIO(text, newline=""))

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        at = 0
        while at < len(self._lines):
            cells, length, fault = self._read(at)
            if fault or any(cells):
                yield at + 1, cells, fault
            at += length

    def _read(self, at: int) -> tuple[list[str], int, str]:
        """The cells of the row that begins there, its length in lines, and its fault."""
        rest = (self._lines[number] for number in range(at, len(self._lines)))
        reader = csv.reader(rest, strict=True)
        try:
            cells = [cell.strip() for cell in next(reader)]
        except csv.Error as error:
            is_long = reader.line_num > 1
            return [], 1, RUN_AWAY if is_long else f"the line is no CSV: {error}"
        if reader.line_num > 1 and len(cells) < self.width:
            return [], 1, RUN_AWAY
        return cells, reader.line_num, ""


def _unnamed_at_the_end(columns: list[str]) -> int:
    named = [place for place, column in enumerate(columns, 1) if column]
    return len(columns) - max(named, default=0)


def _why_no_header(columns: list[str], key: str) -> str:
    if key not in columns:
        return f"the first line names no column {key}; commas part its columns"
    twice = next((column for column in columns if column and columns.count(column) > 1), None)
    return f"the first line names the column {twice} twice" if twice else ""


def _why_not(cells: list[str], columns: list[str]) -> str:
    if len(cells) < len(columns):
        return f"the line has {len(cells)} cells, and the first line {len(columns)} columns"
    for place, cell in enumerate(cells):
        if cell and (place >= len(columns) or not columns[place]):
            return f"cell {place + 1} is filled, and the first line names no column for it"
    return _why_not_text(cells)


def _why_not_text(cells: list[str]) -> str:
    """What is wrong with the characters; bytes that are not UTF-8 were read as surrogates."""
    text = ",".join(cells)
    if "\0" in text:
        return NUL
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            text.encode(errors="surrogateescape").decode("cp1252")
        except UnicodeDecodeError:
            return NOT_UTF_8
        return WINDOWS_1252
    return ""
