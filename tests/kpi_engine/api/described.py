"""The description of the interface at /openapi.json, made once: it takes as long as many tests."""

from typing import Any, Final

from kpi_engine.api.app import create_app

DOCUMENT: Final[dict[str, Any]] = create_app("postgresql://nobody@127.0.0.1:1/nothing").openapi()
