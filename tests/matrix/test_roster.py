"""Every roster route, asked as every role: lists, their filters and sorts, records, and parts."""

from collections.abc import Iterator

import pytest

from tests.matrix import oracle
from tests.matrix.conftest import Matrix, plain
from tests.matrix.routes import COLLECTIONS, LINK, RESOURCES, ROSTER, WITHIN
from tests.matrix.test_matrix import READERS, faults_of_words

EVERYTHING = oracle.records("alpha")
FILTERED = {"users", "enrollments", "classes", "lessons"}


def seen_in(role: str, collection: str) -> set[str]:
    """The records of a collection that a role sees."""
    kind, belongs = COLLECTIONS[collection]
    return {sourced_id for sourced_id in oracle.records(role)[kind] if belongs(sourced_id)}


def hidden_in(role: str, collection: str) -> list[str]:
    """The records of a collection that a role does not see."""
    kind, belongs = COLLECTIONS[collection]
    return sorted(set(filter(belongs, EVERYTHING[kind])) - seen_in(role, collection))


def is_turn(role: str, name: str) -> bool:
    """Whether a role asks what only every third of them asks of a route; a partner asks all."""
    return role == "reading" or (len(name) + READERS.index(role)) % 3 == 0


def faults_of_collection(matrix: Matrix, role: str, collection: str, path: str) -> Iterator[str]:
    answer = matrix.get(role, path)
    if role in oracle.READ_NO_STUDENTS:
        if answer.status_code != 403:
            yield f"{path}: {answer.status_code}, not 403"
        return
    expected = seen_in(role, collection)
    plural = next(name for name, part in answer.json().items() if isinstance(part, list))
    found = {row["sourcedId"] for row in matrix.rows(answer, plural)}
    if found != expected:
        yield f"{path}: more {sorted(found - expected)}, less {sorted(expected - found)}"
    yield from faults_of_words(role, path, answer.text)
    for sourced_id in sorted(expected)[:1] if is_turn(role, collection) else ():
        one = matrix.get(role, f"{path}/{sourced_id}")
        if one.status_code != 200:
            yield f"{path}: {one.status_code} for its own {sourced_id}"
        yield from faults_of_words(role, path, one.text)
    hidden = hidden_in(role, collection)
    for sourced_id in hidden[:1]:
        one = matrix.get(role, f"{path}/{sourced_id}")
        if plain(one, sourced_id) != matrix.absent(f"{path}/absent", "absent"):
            yield f"{path}: {sourced_id} reads unlike what is not there"
    if hidden and collection in FILTERED:
        first, last = hidden[0], hidden[-1]
        condition = f"sourcedId='{first}' OR (sourcedId>'{first}' AND sourcedId~'{last}')"
        asked = f"{path}?filter={condition}&sort=dateLastModified&orderBy=desc&fields=sourcedId"
        filtered = matrix.get(role, asked)
        if matrix.rows(filtered, plural):
            yield f"{path}: a filter finds {filtered.json()[plural]}"


@pytest.mark.parametrize("role", READERS)
def test_collections(matrix: Matrix, role: str) -> None:
    places = {f"{ROSTER}/{name}": name for name in COLLECTIONS} | {RESOURCES: "resources"}
    faults = [
        fault
        for path, collection in places.items()
        for fault in faults_of_collection(matrix, role, collection, path)
    ]
    if role not in oracle.READ_NO_STUDENTS:
        answer = matrix.get(role, f"{ROSTER}/courses/components")
        components = {row["sourcedId"] for row in matrix.rows(answer, "courseComponents")}
        seen = oracle.records(role)
        if components != seen["unit"] | seen["lesson"]:
            faults.append(f"components: {sorted(components)}")
    assert faults == []


def faults_of_part(matrix: Matrix, role: str, outer: str, inner: str) -> Iterator[str]:
    path = f"{ROSTER}/{outer}/{{}}/{inner}"
    if role in oracle.READ_NO_STUDENTS:
        if matrix.get(role, path.format("absent")).status_code != 403:
            yield f"{path}: not 403"
        return
    for sourced_id in hidden_in(role, outer)[:1] if is_turn(role, outer + inner) else ():
        answer = matrix.get(role, path.format(sourced_id))
        if plain(answer, sourced_id) != matrix.absent(path.format("absent"), "absent"):
            yield f"{path}: {sourced_id} reads unlike what is not there"
    inner_seen = oracle.records(role)["agent"] if inner == "agents" else seen_in(role, inner)
    for sourced_id in chosen(role, sorted(seen_in(role, outer))):
        answer = matrix.get(role, path.format(sourced_id))
        plural = next(name for name, part in answer.json().items() if isinstance(part, list))
        found = {row["sourcedId"] for row in matrix.rows(answer, plural)}
        expected = WITHIN[outer, inner](sourced_id) & inner_seen
        if found != expected:
            yield f"{path} of {sourced_id}: {sorted(found)}, not {sorted(expected)}"
        yield from faults_of_words(role, path, answer.text)


def chosen(role: str, ids: list[str]) -> list[str]:
    """One of the ids, another for each role."""
    return [ids[READERS.index(role) % len(ids)]] if ids else []


@pytest.mark.parametrize("role", READERS)
def test_parts_of_records(matrix: Matrix, role: str) -> None:
    faults = [
        fault for outer, inner in WITHIN for fault in faults_of_part(matrix, role, outer, inner)
    ]
    assert faults == []


@pytest.mark.parametrize("role", READERS)
def test_links(matrix: Matrix, role: str) -> None:
    for link in sorted(EVERYTHING["agent"]):
        student, agent = link.split(":")
        answer = matrix.get(role, LINK.format(student_id=student, agent_user_id=agent))
        if role in oracle.READ_NO_STUDENTS:
            assert answer.status_code == 403
        elif link in oracle.records(role)["agent"]:
            assert answer.status_code == 200, link
        else:
            absent = LINK.format(student_id="absent", agent_user_id=agent)
            assert plain(answer, student) == matrix.absent(absent, "absent"), link
