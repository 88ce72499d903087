"""A registered city as the text of a city file that gives the same city again."""

import yaml

from ingest.model.city.assets import City


def written(city: City) -> str:
    """Return a city file, without comments and without what is so by default."""
    document = city.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
