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


def parse_scopes(text: str) -> list[str]:
    """Scopes asked for, in short form: the part after the last slash of an IMS URL."""
    return [word.rsplit("/", 1)[-1] for word in text.split()]
