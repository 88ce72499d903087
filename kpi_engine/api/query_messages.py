"""Messages in the query of an address, of devices that can do no more than ask for one."""

import json
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

ACCESS_TOKEN: Final = "access_token"  # noqa: S105 - the name of a parameter, no secret


def query(request: Request) -> dict[str, str]:
    """Return the query of a request: sensors put ``?hum=46`` behind any address, with a query or none."""
    return dict(parse_qsl(request.url.query.replace("?", "&"), keep_blank_values=True))


def message(request: Request) -> bytes:
    """Return what a query says as a message in JSON, an object of texts; without the secret of its sender."""
    parameters = {name: text for name, text in query(request).items() if name != ACCESS_TOKEN}
    return json.dumps(parameters, ensure_ascii=False).encode("utf-8", "backslashreplace")
