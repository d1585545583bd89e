"""Text of CSV files: a line that cannot be read costs itself alone and is named by its number."""

import pytest

from core.registry.oneroster_text import Line, Refusal, read_lines

SPELLINGS = {"sourcedid": "sourcedId", "givenname": "givenName"}


def read(text: str | bytes) -> list[Line | Refusal]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_lines("users.csv", data, SPELLINGS))


def ids(found: list[Line | Refusal]) -> list[str]:
    return [line.cells["sourcedId"] for line in found if isinstance(line, Line)]


def refusals(found: list[Line | Refusal]) -> list[tuple[str, str]]:
    return [(line.place, line.reason) for line in found if isinstance(line, Refusal)]


def test_a_line_in_windows_1252_is_named_and_the_others_are_read() -> None:
    lines = [b"u%d,Ren\xe9e" % at if at == 150 else b"u%d,Renata" % at for at in range(1, 301)]
    found = read(b"\n".join([b"sourcedId,givenName", *lines]))
    assert len(ids(found)) == 299
    assert [place for place, _ in refusals(found)] == ["users.csv:151"]
    assert "Windows-1252" in refusals(found)[0][1]


def test_bytes_of_no_encoding_are_not_given_a_name() -> None:
    (_, reason), *_ = refusals(read(b"sourcedId,givenName\nu1,\x81\x8d\n"))
    assert reason == "the line is not UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_utf_16_file_is_told_by_name(encoding: str) -> None:
    (place, reason), *others = refusals(read("sourcedId,givenName\nu1,Ada\n".encode(encoding)))
    assert (place, others) == ("users.csv", [])
    assert "UTF-16" in reason


def test_columns_without_name_and_cells_are_passed_over() -> None:
    found = read("sourcedId,givenName,,\r\nu1,Ada,,\r\nu2,Eve\r\n,,,\r\n\r\nu3,Kim,,,,\r\n")
    assert refusals(found) == []
    assert ids(found) == ["u1", "u2", "u3"]


def test_cells_that_fit_no_column_and_missing_cells_are_counted() -> None:
    assert refusals(read("sourcedId,givenName,\nu1,Ada,x\nu2\n")) == [
        ("users.csv:2", "cell 3 is filled, and the first line names no column for it"),
        ("users.csv:3", "the line has 1 cells, and the first line 2 columns"),
    ]


def test_an_open_quotation_mark_costs_its_own_line() -> None:
    found = read('sourcedId,givenName\nu1,"Ada\nu2,"Eve, Mary"\nu3,Kim\nu4,"two\nlines"\n')
    assert refusals(found) == [("users.csv:2", "a quotation mark is not closed in this line")]
    assert ids(found) == ["u2", "u3", "u4"]


def test_a_line_after_one_of_two_lines_has_its_own_number() -> None:
    found = read('sourcedId,givenName\nu1,"two\nlines"\n\nu2\n')
    assert [place for place, _ in refusals(found)] == ["users.csv:5"]


def test_columns_are_known_in_any_case() -> None:
    (line,) = read("SourcedID,GIVENNAME\nu1,Ada\n")
    assert isinstance(line, Line)
    assert line.cells == {"sourcedId": "u1", "givenName": "Ada"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "users.csv", "empty"),
        ("sourcedId;givenName\nu1;Ada\n", "users.csv:1", "no column sourcedId"),
        ("sourcedId,givenName,givenName\nu1,Ada,Eve\n", "users.csv:1", "givenName twice"),
    ],
)
def test_a_file_without_a_usable_first_line_is_refused_once(
    text: str, place: str, words: str
) -> None:
    ((found, reason),) = refusals(read(text))
    assert found == place
    assert words in reason
