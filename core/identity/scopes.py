"""OAuth scopes: short inside, short or as IMS URLs on the wire."""

ROSTER_READ = "roster.readonly"
ROSTER_WRITE = "roster.createput"
EVENTS_WRITE = "events.write"
EVENTS_READ = "events.readonly"

OPENID = "openid"
PROFILE = "profile"
EMAIL = "email"

CLIENT_SCOPES = (ROSTER_READ, ROSTER_WRITE, EVENTS_WRITE, EVENTS_READ)
PERSON_SCOPES = (ROSTER_READ, EVENTS_READ)
SIGN_IN_SCOPES = (OPENID, PROFILE, EMAIL)  # who someone is: they open userinfo, and no record

MEANINGS = {
    ROSTER_READ: "Read your catalog, and the roster of your courses.",
    ROSTER_WRITE: "Write your courses, units, lessons and resources.",
    EVENTS_WRITE: "Send events.",
    EVENTS_READ: "Read back what became of them: XP, activity, gradebook, mastery.",
}
IMS = "https://purl.imsglobal.org/spec/"
IMS_SCOPES = {
    ROSTER_READ: f"{IMS}or/v1p2/scope/roster.readonly",
    ROSTER_WRITE: f"{IMS}or/v1p2/scope/roster.createput",
    EVENTS_WRITE: f"{IMS}caliper/v1p2/scope/events.write",
    EVENTS_READ: f"{IMS}caliper/v1p2/scope/events.readonly",
}


def parse_scopes(text: str) -> list[str]:
    """Scopes asked for, in short form: the part after the last slash of an IMS URL."""
    return [word.rsplit("/", 1)[-1] for word in text.split()]
