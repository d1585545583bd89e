"""What a body may leave out or say in an older way, mended before it is checked."""

from typing import Any


def complete_resource(body: dict[str, Any]) -> None:
    """A resource without a vendor's id is known by its own."""
    if not body.get("vendorResourceId") and body.get("sourcedId"):
        body["vendorResourceId"] = body["sourcedId"]


def complete_user(body: dict[str, Any]) -> None:
    """Fill what a user's body may leave out, and read OneRoster 1.1's `role` and `orgs`.

    An empty list of roles is one: nobody is made a student by it.
    """
    orgs = body.pop("orgs", None)
    role = body.pop("role", None)
    if not body.get("primaryOrg") and isinstance(orgs, list) and orgs:
        body["primaryOrg"] = orgs[0]
    if body.get("roles") is None or (role and not body["roles"]):
        body["roles"] = [{"role": role or "student"}]
    if body.get("primaryOrg") and isinstance(body["roles"], list):
        body["roles"] = [
            {"org": body["primaryOrg"], **given} if isinstance(given, dict) else given
            for given in body["roles"]
        ]
    if not body.get("username"):
        body["username"] = body.get("email") or body.get("sourcedId")


def complete_class(body: dict[str, Any]) -> None:
    """Read `org` as the class's school."""
    org = body.pop("org", None)
    if org is not None and body.get("school") is None:
        body["school"] = org


def complete_session(body: dict[str, Any]) -> None:
    """A session's school year is the one it ends in, unless said."""
    ends = body.get("endDate")
    if not body.get("schoolYear") and isinstance(ends, str):
        body["schoolYear"] = ends[:4]
