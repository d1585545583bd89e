"""OneRoster CSV bundles: the files of a folder or a .zip, and what their manifest says of them."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

from core.errors import UnacceptableError
from core.registry.oneroster_text import Line, Refusal, read_lines

Mode = Literal["bulk", "delta", "absent"]

FILES = ("orgs", "academicSessions", "courses", "users", "roles", "classes", "enrollments")
MANIFEST = "manifest"
READ = {name.lower(): name for name in (*FILES, MANIFEST)}
# Files of OneRoster 1.1 and 1.2 about what this warehouse does not keep.
UNREAD = frozenset(
    {
        "categories",
        "classresources",
        "courseresources",
        "demographics",
        "lineitemlearningobjectiveids",
        "lineitems",
        "lineitemscorescales",
        "resources",
        "resultlearningobjectiveids",
        "results",
        "resultscorescales",
        "scorescales",
        "userprofiles",
        "userresources",
    }
)


@dataclass
class Bundle:
    """The files that are to be read, by OneRoster's names, and what is wrong with the bundle."""

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # name: (as found, content)
    modes: dict[str, Mode] = field(default_factory=dict)
    faults: list[Refusal] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_bundle(path: Path) -> Bundle:
    """The bundle in a folder or a .zip, or in one folder inside of it; names in any case.

    422 `no_roster` if no file of one is there, `unclear_roster` if several may be meant.
    """
    found = dict(_csv_files(path))
    folders = {place.parent for place in found if place.stem.lower() in READ.keys() - {MANIFEST}}
    top = PurePosixPath()
    if not folders:
        names = ", ".join(f"{name}.csv" for name in FILES)
        instead = ", ".join(sorted(map(str, found)))
        raise UnacceptableError(
            f"{path} holds none of {names}{f', but {instead}' if instead else ''}.",
            code="no_roster",
        )
    if top not in folders and len(folders) > 1:
        several = ", ".join(sorted(map(str, folders)))
        raise UnacceptableError(
            f"{path} holds rosters in several folders ({several}); import one of them.",
            code="unclear_roster",
        )
    folder = top if top in folders else folders.pop()
    here = {place.name: data for place, data in found.items() if place.parent == folder}
    return _sort(path, here)


def _csv_files(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Each CSV file with its content, at the top and in folders there; a Mac's copies are none."""
    if path.is_dir():
        for file in sorted([*path.glob("*"), *path.glob("*/*")]):
            place = PurePosixPath(file.relative_to(path).as_posix())
            if _is_csv(place) and file.is_file():
                yield place, file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                place = PurePosixPath(name.replace("\\", "/"))
                if _is_csv(place):
                    yield place, archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnacceptableError(
            f"{path} cannot be opened as a .zip: {error}.", code="no_roster"
        ) from error


def _is_csv(place: PurePosixPath) -> bool:
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in place.parts)
    return place.suffix.lower() == ".csv" and not is_hidden


def _sort(path: Path, here: Mapping[str, bytes]) -> Bundle:
    bundle = Bundle()
    for name, data in here.items():
        stem = PurePosixPath(name).stem.lower()
        if READ.get(stem) in bundle.files:
            raise UnacceptableError(f"{path} holds {stem}.csv twice.", code="unclear_roster")
        if stem in READ:
            bundle.files[READ[stem]] = (name, data)
        elif stem in UNREAD:
            bundle.unread.append(name)
        else:
            bundle.faults.append(Refusal(name, "OneRoster has no file of this name"))
    if MANIFEST in bundle.files:
        _obey(bundle, *bundle.files.pop(MANIFEST))
    return bundle


def _obey(bundle: Bundle, name: str, data: bytes) -> None:
    """Read which files are whole (`bulk`), only changes (`delta`), or not there (`absent`)."""
    spellings = {"propertyname": "propertyName", "value": "value"}
    for line in read_lines(name, data, spellings, key="propertyName"):
        if isinstance(line, Refusal):
            bundle.faults.append(line)
        else:
            _obey_line(bundle, line)
    for file, mode in bundle.modes.items():
        if mode == "absent" and file in bundle.files:
            found, _ = bundle.files.pop(file)
            bundle.faults.append(Refusal(found, "the manifest calls the file absent: not read"))
        elif mode != "absent" and file not in bundle.files:
            reason = f"the manifest calls the file {mode}, and it is not there"
            bundle.faults.append(Refusal(f"{file}.csv", reason))


def _obey_line(bundle: Bundle, line: Line) -> None:
    prefix, _, file = line.cells["propertyName"].lower().partition(".")
    if prefix != "file" or file not in READ:
        return
    said = line.cells.get("value", "").lower()
    mode = next((known for known in get_args(Mode) if known == said), None)
    if mode is None:
        reason = f"{READ[file]} is {said!r}, and neither bulk, delta nor absent"
        bundle.faults.append(Refusal(line.place, reason))
    else:
        bundle.modes[READ[file]] = mode
