"""Reading a request's body: its type, its encoding, and never more of it than the limit."""

import io
import re
import zlib

import zstandard
from starlette.requests import Request

from core.errors import MalformedError, MediaTypeError, TooLargeError

JSON_TYPE = re.compile(r"application/(?:json|ld\+json|vnd\.ims\.[\w.-]+\+json)", re.IGNORECASE)
GZIP_WINDOW = 31
MOST_WINDOW_BYTES = 8 * 1024 * 1024  # what every decoder should support (RFC 8878 section 3.1.1.1)


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body, decompressed.

    415 for a type or an encoding that is not read here, 413 if it has more than `most_bytes` when
    decompressed, 400 if it cannot be decompressed.
    """
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if media_type and not JSON_TYPE.fullmatch(media_type):
        raise MediaTypeError(
            "Send events as application/json.", headers={"Accept-Post": "application/json"}
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "zstd"}:
        raise MediaTypeError(
            "Send the body as it is, or compressed with gzip or zstd.",
            code="unsupported_content_encoding",
            headers={"Accept-Encoding": "gzip, zstd, identity"},
        )
    sent = await request.body()  # `core.http.bodies` bounds it
    if encoding in {"", "identity"}:
        return sent
    try:
        body = _unzip(sent, most_bytes) if encoding.endswith("gzip") else _unzstd(sent, most_bytes)
    except (zlib.error, zstandard.ZstdError) as error:
        raise MalformedError(f"The body is not {encoding}.", code="not_compressed") from error
    if len(body) > most_bytes:
        raise _too_large(most_bytes)
    return body


def _unzip(sent: bytes, most_bytes: int) -> bytes:
    """Decompress gzip, all members (RFC 1952 section 2.2), to at most one byte over the limit."""
    parts: list[bytes] = []
    left = most_bytes + 1
    while sent and left > 0:
        member = zlib.decompressobj(GZIP_WINDOW)
        part = member.decompress(sent, left)
        parts.append(part)
        left -= len(part)
        if left > 0 and not member.eof:
            raise zlib.error("cut off")
        sent = member.unused_data
    return b"".join(parts)


def _unzstd(sent: bytes, most_bytes: int) -> bytes:
    """Decompress Zstandard (RFC 8878), all frames, to at most one byte over the limit."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW_BYTES)
    with decompressor.stream_reader(io.BytesIO(sent), read_across_frames=True) as reader:
        return reader.read(most_bytes + 1)


def _too_large(most_bytes: int) -> TooLargeError:
    return TooLargeError(f"The body has more than {most_bytes} bytes; send fewer events at a time.")
