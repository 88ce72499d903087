"""What others build on, made from the models: JSON Schemas of payloads, and the AsyncAPI document of MQTT."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from deploy.schemas import asyncapi, payloads

SCHEMAS: Final = MappingProxyType[str, Callable[[], dict[str, Any]]](
    {
        "asyncapi": asyncapi.document,
        "telemetry": payloads.telemetry,
        "feedback": payloads.feedback,
        "city-file": payloads.city_file,
    }
)
