"""Where a bundle lies: a folder or a .zip, file names in any case; nothing is passed over."""

import zipfile
from pathlib import Path

import pytest

from core.errors import UnacceptableError
from core.registry.oneroster_bundle import read_bundle
from core.registry.oneroster_csv import import_folder
from tests.core.registry.bundles import BUNDLE, Connection, manifest, write, write_only


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            lines = [line.strip() for line in text.strip().splitlines()]
            archive.writestr(name, "\n".join(lines))
    return path


@pytest.mark.parametrize("folder", ["", "export/"])
def test_a_zip_is_taken_as_a_folder_is(database: Connection, tmp_path: Path, folder: str) -> None:
    files = {f"{folder}{name.title()}.CSV": text for name, text in BUNDLE.items()}
    files[f"__MACOSX/{folder}._users.csv"] = "Mac OS X"
    report = import_folder(database, zipped(tmp_path / "roster.zip", **files))
    assert (report.errors, report.written) == ([], 9)
    assert import_folder(database, write(tmp_path / "folder")).written == 0


def test_a_folder_in_the_folder_is_found(tmp_path: Path) -> None:
    write(tmp_path / "export")
    assert set(read_bundle(tmp_path).files) == set(BUNDLE)


def test_two_folders_or_two_files_of_one_name_are_not_chosen_from(tmp_path: Path) -> None:
    twice = zipped(tmp_path / "twice.zip", **{"users.csv": "sourcedId", "Users.csv": "sourcedId"})
    apart = zipped(tmp_path / "apart.zip", **{"a/users.csv": "sourcedId", "b/orgs.csv": "x"})
    with pytest.raises(UnacceptableError, match=r"users\.csv twice"):
        read_bundle(twice)
    with pytest.raises(UnacceptableError, match="a, b"):
        read_bundle(apart)


def test_what_is_no_zip_or_no_roster_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "roster.zip"
    broken.write_bytes(b"PK nothing")
    with pytest.raises(UnacceptableError, match=r"cannot be opened as a \.zip"):
        read_bundle(broken)
    with pytest.raises(UnacceptableError, match=r"holds none of .*, but students\.csv"):
        read_bundle(write_only(tmp_path / "other", students="sourcedId"))


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    bundle = read_bundle(write(tmp_path, demographics="sourcedId", students="sourcedId"))
    assert bundle.unread == ["demographics.csv"]
    assert [fault.place for fault in bundle.faults] == ["students.csv"]


def test_a_manifest_that_does_not_fit_its_files_is_named(tmp_path: Path) -> None:
    modes = manifest(users="absent", roles="Bulk", results="bulk", classes="full", orgs="delta")
    write(tmp_path, manifest=modes)
    (tmp_path / "orgs.csv").unlink()
    bundle = read_bundle(tmp_path)
    assert "users" not in bundle.files
    assert bundle.modes["roles"] == "bulk"
    assert [(fault.place, fault.reason.split(",")[0]) for fault in bundle.faults] == [
        ("manifest.csv:6", "classes is 'full'"),
        ("users.csv", "the manifest calls the file absent: not read"),
        ("orgs.csv", "the manifest calls the file delta"),
    ]
