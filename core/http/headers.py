"""Headers of every answer: what a browser may do with it, unless the route says otherwise."""

from collections.abc import Iterable

from core.settings import Settings

Header = tuple[bytes, bytes]

NOTHING = b"default-src 'none'; frame-ancestors 'none'"  # an answer of data is no page
SECURE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", NOTHING),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
REVALIDATED = (b"cache-control", b"private, no-cache")  # what has an ETag may be kept and asked of
HSTS = (b"strict-transport-security", b"max-age=31536000")  # a year, RFC 6797 section 6.1.1


def default_headers(settings: Settings) -> tuple[Header, ...]:
    """What an answer carries that does not say it itself; HSTS where the origin is https."""
    return (*SECURE, HSTS) if settings.origin.startswith("https://") else SECURE


def completed(sent: Iterable[Header], defaults: Iterable[Header]) -> list[Header]:
    """An answer's headers with the defaults that it lacks."""
    headers = list(sent)
    present = {name.lower() for name, _ in headers}
    if b"etag" in present and b"cache-control" not in present:
        headers.append(REVALIDATED)
        present.add(b"cache-control")
    headers += [default for default in defaults if default[0] not in present]
    return headers
