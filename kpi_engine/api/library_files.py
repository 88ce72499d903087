"""Large files of installed packages, as browsers load them: compressed once, when first asked for."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from kpi_engine.api.conditional import matches

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""Of an address that holds the version of what is there."""


def library_file(request: Request, path: Path, media_type: str, caching: str = "no-cache") -> Response:
    """Return a file, compressed where that is understood, or that the caller has it."""
    tag = _tag(path)
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding", "ETag": tag}
    if matches(request.headers.get("If-None-Match"), tag):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(path.read_bytes(), media_type=media_type, headers=headers)
    return Response(_compressed(path), media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


@cache
def _tag(path: Path) -> str:
    return f'W/"{sha256(path.read_bytes()).hexdigest()[:32]}"'
