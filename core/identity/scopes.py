"""OAuth scopes: short inside, short or as IMS URLs on the wire."""

ROSTER_READ = "roster.readonly"
ROSTER_WRITE = "roster.createput"
EVENTS_WRITE = "events.write"
EVENTS_READ = "events.readonly"

CLIENT_SCOPES = (ROSTER_READ, ROSTER_WRITE, EVENTS_WRITE, EVENTS_READ)
PERSON_SCOPES = (ROSTER_READ, EVENTS_READ)


def parse_scopes(text: str) -> list[str]:
    """Scopes asked for, in short form: the part after the last slash of an IMS URL."""
    return [word.rsplit("/", 1)[-1] for word in text.split()]
