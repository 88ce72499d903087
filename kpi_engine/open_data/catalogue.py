"""The catalogue of open data as DCAT-AP 3 in JSON-LD: a dataset for the months of each city, one for its years. Pure.

References say of what class they are, so that the catalogue can be validated by itself, without the tables of others.

Source: DCAT-AP 3.0.1, its SHACL shapes (read); the authority tables of the Publications Office of the EU (recalled).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.countries import AUTHORITY_CODES
from kpi_engine.open_data.opened import OpenedCity
from kpi_engine.open_data.recent import OpenExtent

Node = dict[str, Any]

MEDIA_TYPE: Final = "application/ld+json"
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_IANA: Final = "https://www.iana.org/assignments/media-types"
FREQUENCIES: Final = {Period.MONTH: ("MONTHLY", "P1M"), Period.YEAR: ("ANNUAL", "P1Y")}
_FORMATS: Final = (("csv", "CSV", "text/csv"), ("parquet", "PARQUET", "application/vnd.apache.parquet"))
_THEMES: Final = {"ENER": "Energy", "ENVI": "Environment"}
_WORDS: Final = {Period.MONTH: "months", Period.YEAR: "years"}


def catalogue(every: Sequence[tuple[OpenedCity, Sequence[OpenExtent]]], address: str = "") -> Node:
    """Return the catalogue of cities that opened figures, each with the extents of its figures.

    ``address``: where the interface is reached from outside; without it the addresses are relative to the catalogue's.
    """
    publishers = list(dict.fromkeys(one.terms.publisher for one, _ in every))
    licences = list(dict.fromkeys(one.terms.licence_url for one, _ in every))
    modified = max((extent.computed_at for _, extents in every for extent in extents), default=None)
    return {
        "@context": CONTEXT,
        "@id": f"{address}/api/v1/open/catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _text("Open figures of cities"),
        "dct:description": _text("Indicators of energy and emissions, each with bounds, coverage and status."),
        "dct:publisher": _agent(", ".join(publishers) or "No city has opened figures", f"{address}/open#publisher"),
        **({"dct:license": _licence(licences[0])} if len(licences) == 1 else {}),
        "dct:language": _english(),
        "dct:spatial": [place for one, _ in every for place in _places(one.city)],
        "dcat:themeTaxonomy": {
            **_iri(f"{_AUTHORITY}/data-theme", "skos:ConceptScheme"),
            "dct:title": _text("Data themes of the European Union"),
        },
        "foaf:homepage": _iri(f"{address}/open", "foaf:Document"),
        **({} if modified is None else {"dct:modified": _typed(modified.isoformat(), "dateTime")}),
        "dcat:dataset": [_dataset(one, extent, address) for one, extents in every for extent in extents],
        "dcat:service": [_service(one, extents, address) for one, extents in every if extents],
    }


def _dataset(one: OpenedCity, extent: OpenExtent, address: str) -> Node:
    period, city = Period(extent.period), one.city
    frequency, resolution = FREQUENCIES[period]
    return {
        "@id": _dataset_id(one, period, address),
        "@type": "dcat:Dataset",
        "dct:identifier": f"{city.name}-figures-{period}",
        "dct:title": _text(f"{city.title}: figures by {_WORDS[period]}"),
        "dct:description": _text(_description(one, period)),
        **_responsible(one, address),
        "dct:accessRights": _iri(f"{_AUTHORITY}/access-right/PUBLIC", "dct:RightsStatement"),
        "dct:accrualPeriodicity": _iri(f"{_AUTHORITY}/frequency/{frequency}", "dct:Frequency"),
        "dcat:temporalResolution": _typed(resolution, "duration"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(extent.start, city.timezone),
            "dcat:endDate": _day(extent.end, city.timezone),
        },
        "dct:spatial": _places(city),
        "dct:language": _english(),
        "dct:modified": _typed(extent.computed_at.isoformat(), "dateTime"),
        **_about(one, address),
        "dcat:distribution": [_distribution(one, period, kind, address) for kind in _FORMATS],
    }


def _description(one: OpenedCity, period: Period) -> str:
    whose = [*([one.city.title] if one.with_city else []), *one.groups]
    return (
        f"Indicators of {', '.join(whose) or 'nobody'} by calendar {period}: each figure with its unit, the bounds "
        "that its value lies between by what is known, the share of the period that measurements cover, and its "
        "status. Where a figure can be wrong by too much it has no value, but its bounds. A revision replaces the one "
        "before."
    )


def _distribution(one: OpenedCity, period: Period, kind: tuple[str, str, str], address: str) -> Node:
    name, file_type, media_type = kind
    where = f"{address}/api/v1/open/{one.city.name}/figures?period={period}&format={name}"
    return {
        "@id": f"{where}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _text(f"{one.city.title}: figures by {_WORDS[period]}, {name}"),
        "dcat:accessURL": _iri(where),
        "dcat:downloadURL": _iri(where),
        "dcat:accessService": _iri(_service_id(one, address)),
        "dct:license": _licence(one.terms.licence_url),
        "dct:format": _iri(f"{_AUTHORITY}/file-type/{file_type}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": _iri(f"{_IANA}/{media_type}", "dct:MediaType"),
        "dct:description": _text("One row a figure; the first row names the columns."),
    }


def _service(one: OpenedCity, extents: Sequence[OpenExtent], address: str) -> Node:
    return {
        "@id": _service_id(one, address),
        "@type": "dcat:DataService",
        "dct:title": _text(f"{one.city.title}: figures over HTTP"),
        "dcat:endpointURL": _iri(f"{address}/api/v1/open/{one.city.name}/figures"),
        "dcat:servesDataset": [_iri(_dataset_id(one, Period(extent.period), address)) for extent in extents],
        **_responsible(one, address),
        **_about(one, address),
        "dct:license": _licence(one.terms.licence_url),
    }


def _responsible(one: OpenedCity, address: str) -> Node:
    """Return who publishes, and whom to ask."""
    publisher = _agent(one.terms.publisher, f"{address}/open/{one.city.name}#publisher")
    return {"dct:publisher": publisher, **({"dcat:contactPoint": _contact(one)} if one.terms.contact else {})}


def _about(one: OpenedCity, address: str) -> Node:
    """Return what the figures are about, and the page that shows them."""
    return {
        "dcat:theme": [
            {**_iri(f"{_AUTHORITY}/data-theme/{code}", "skos:Concept"), "skos:prefLabel": _text(theme)}
            for code, theme in _THEMES.items()
        ],
        "dcat:keyword": [_text(INDICATORS[name].title) for name in one.kpis],
        "dcat:landingPage": _iri(f"{address}/open/{one.city.name}", "foaf:Document"),
    }


def _dataset_id(one: OpenedCity, period: Period, address: str) -> str:
    return f"{address}/api/v1/open/{one.city.name}/figures?period={period}#dataset"


def _service_id(one: OpenedCity, address: str) -> str:
    return f"{address}/api/v1/open/{one.city.name}/figures#service"


def _places(city: City) -> list[Node]:
    """Return the city by its name and where it lies, and its country by the name that portals filter by."""
    facts = {fact.name: fact.value for fact in city.facts}
    place: Node = {"@type": "dct:Location", "skos:prefLabel": f"{city.title}, {city.country}"}
    if "latitude" in facts and "longitude" in facts:
        point = f"POINT({facts['longitude']:g} {facts['latitude']:g})"
        place["dcat:centroid"] = {"@type": "geo:wktLiteral", "@value": point}
    code = AUTHORITY_CODES.get(city.country)
    return [place, *([_iri(f"{_AUTHORITY}/country/{code}", "dct:Location")] if code else [])]


def _contact(one: OpenedCity) -> Node:
    email = _iri(f"mailto:{one.terms.contact}")
    return {"@type": ["vcard:Kind", "vcard:Organization"], "vcard:fn": one.terms.publisher, "vcard:hasEmail": email}


def _agent(name: str, identity: str) -> Node:
    return {"@id": identity, "@type": "foaf:Agent", "foaf:name": name}


def _licence(address: str) -> Node:
    return _iri(address, "dct:LicenseDocument")


def _english() -> Node:
    return _iri(f"{_AUTHORITY}/language/ENG", "dct:LinguisticSystem")


def _day(instant: datetime, zone: str) -> Node:
    return _typed(instant.astimezone(ZoneInfo(zone)).date().isoformat(), "date")


def _text(text: str) -> Node:
    return {"@language": "en", "@value": text}


def _iri(address: str, kind: str | None = None) -> Node:
    return {"@id": address} if kind is None else {"@id": address, "@type": kind}


def _typed(text: str, kind: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": text}
