"""Serves the texts of the console in other languages, made from their catalogues; for anyone, as the console is."""

from hashlib import sha256

from fastapi import APIRouter, Request, Response

from kpi_engine.api.conditional import matches
from kpi_engine.texts.catalogue import document, languages

router = APIRouter(include_in_schema=False)


@router.get("/texts/{language}.json")
def texts(request: Request, language: str) -> Response:
    """Return what the console says in a language, or that the caller has it."""
    if language not in languages():
        return Response(status_code=404)
    content = document(language)
    headers = {"Cache-Control": "no-cache", "ETag": f'W/"{sha256(content).hexdigest()[:32]}"'}
    if matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
