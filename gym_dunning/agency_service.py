"""Ask the agency's web service over HTTP; knows nothing of the database."""

import ipaddress
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

# The same request may succeed later. 409 is what a service answers while it still
# works on the first request with the same idempotency key.
TEMPORARY = {408, 409, 425, 429}
# No agency has more to say; whoever sends more is not the agency. As JSON it takes
# twenty times as much memory when it is read.
MAX_BYTES = 5_000_000
MAX_LINES = 50_000


class Unavailable(Exception):
    """The service did not work this time; the same request may be sent again."""


class Unreadable(ValueError):
    """The answer is not what the interface describes."""


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    content: bytes

    @property
    def is_success(self):
        return 200 <= self.status < 300

    @property
    def is_receipt(self):
        """The service only says that it has the claims: 202, or not a word."""
        return self.status == 202 or (not self.content.strip() and self.status != 204)

    @property
    def is_redirect(self):
        return 300 <= self.status < 400

    @property
    def is_temporary(self):
        return self.status in TEMPORARY or self.status >= 500

    def lines(self):
        """Return the decided lines; none when the answer is for all of them.

        :raise ValueError: it is not what the interface describes
        """
        if not self.content.strip():
            return []
        body = self._body()
        if not isinstance(body, dict):
            raise Unreadable("not an object")
        lines = body.get("lines") or []
        if not isinstance(lines, list) or len(lines) > MAX_LINES:
            raise Unreadable("lines is no list, or too long")
        return lines

    def sentence(self):
        """Return what the service says in words, at most 500 characters."""
        text = self.content[:20_000].decode(errors="replace")
        try:
            body = self._body()
        except ValueError:
            body = None
        if isinstance(body, dict):
            said = body.get("message") or body.get("error")
            text = said if isinstance(said, str) else text
        return " ".join(_printable(text).split())[:500]

    def _body(self):
        try:
            return json.loads(self.content)
        except RecursionError:
            raise Unreadable("nested too deeply") from None


def _printable(text):
    """Return a text that can be stored: a service may answer anything.

    >>> _printable("No" + chr(0) + "where" + chr(0xD800))
    'No where?'
    """
    return text.replace(chr(0), " ").encode(errors="replace").decode()


def post(url, content, token, key, timeout):
    """Send JSON to the agency.

    :param content: the body, in bytes
    :param token: goes into the header `Authorization`
    :param key: goes into the header `Idempotency-Key`
    :param timeout: seconds for the connection, and again for the whole answer
    :raise requests.RequestException: there was no answer
    """
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    # A redirected request would bring token and members to another address.
    with requests.post(
        url,
        data=content,
        headers=headers,
        auth=_bearer(token),
        timeout=timeout,
        allow_redirects=False,
        stream=True,
    ) as response:
        return Answer(response.status_code, _read(response, timeout))


def _bearer(token):
    """Return what signs a request; a header alone would lose to a .netrc file."""

    def sign(request):
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


def _read(response, timeout):
    """Read the body; the timeout of `requests` only limits each single wait."""
    end = time.monotonic() + timeout
    content = bytearray()
    for piece in response.iter_content(1024):
        content += piece
        if len(content) > MAX_BYTES:
            del content[MAX_BYTES:]  # cut off it cannot be read as an answer
            break
        if time.monotonic() > end:
            raise requests.Timeout("the answer did not end in time")
    return bytes(content)


def is_safe(url):
    """Tell whether claims may be sent to this address.

    >>> is_safe("https://agency.example.com/claims")
    True
    >>> is_safe("http://127.0.0.1:8080/claims"), is_safe("http://localhost/claims")
    (True, True)
    >>> is_safe("http://agency.example.com/claims"), is_safe("ftp://localhost")
    (False, False)
    >>> is_safe("https://user:secret@agency.example.com"), is_safe("https://")
    (False, False)
    """
    try:
        parts = urlsplit(url)
        host, __ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
