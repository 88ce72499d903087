"""A registered city as the text of a city file that gives the same city again."""

from typing import Any

import yaml

from ingest.model.city.assets import City


def written(city: City) -> str:
    """Return a city file, without comments and without what is so by default."""
    return yaml.safe_dump(document(city), sort_keys=False, allow_unicode=True, width=120)


def document(city: City) -> dict[str, Any]:
    """Return the same as a document of JSON, which is YAML and therefore a city file too."""
    return city.model_dump(mode="json", exclude_defaults=True)
