"""The catalogue of open data as DCAT-AP 3 in JSON-LD: a dataset for the months of each city, one for its years. Pure.

Source: DCAT-AP 3.0 and the authority tables of the Publications Office of the EU (recalled).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from kpi_engine.indicators import INDICATORS
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
_WORDS: Final = {Period.MONTH: "months", Period.YEAR: "years"}


def catalogue(every: Sequence[tuple[OpenedCity, Sequence[OpenExtent]]], address: str = "") -> Node:
    """Return the catalogue of cities that opened figures, each with the extents of its figures.

    ``address``: where the interface is reached from outside; without it the addresses are relative to the catalogue's.
    """
    publishers = list(dict.fromkeys(one.terms.publisher for one, _ in every))
    modified = max((extent.computed_at for _, extents in every for extent in extents), default=None)
    return {
        "@context": CONTEXT,
        "@id": f"{address}/api/v1/open/catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _text("Open figures of cities"),
        "dct:description": _text("Indicators of energy and emissions, each with bounds, coverage and status."),
        "dct:publisher": _agent(", ".join(publishers) or "No city has opened figures"),
        "dct:language": _iri(f"{_AUTHORITY}/language/ENG"),
        "foaf:homepage": _iri(f"{address}/open"),
        **({} if modified is None else {"dct:modified": _typed(modified.isoformat(), "dateTime")}),
        "dcat:dataset": [_dataset(one, extent, address) for one, extents in every for extent in extents],
        "dcat:service": [_service(one, address) for one, extents in every if extents],
    }


def _dataset(one: OpenedCity, extent: OpenExtent, address: str) -> Node:
    period, city = Period(extent.period), one.city
    frequency, resolution = FREQUENCIES[period]
    return {
        "@id": f"{address}/api/v1/open/{city.name}/figures?period={period}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{city.name}-figures-{period}",
        "dct:title": _text(f"{city.title}: figures by {_WORDS[period]}"),
        "dct:description": _text(_description(one, period)),
        "dct:publisher": _agent(one.terms.publisher),
        **({"dcat:contactPoint": _contact(one)} if one.terms.contact else {}),
        "dct:accessRights": _iri(f"{_AUTHORITY}/access-right/PUBLIC"),
        "dct:accrualPeriodicity": _iri(f"{_AUTHORITY}/frequency/{frequency}"),
        "dcat:temporalResolution": _typed(resolution, "duration"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(extent.start, city.timezone),
            "dcat:endDate": _day(extent.end, city.timezone),
        },
        "dct:spatial": _place(city),
        "dct:language": _iri(f"{_AUTHORITY}/language/ENG"),
        "dct:modified": _typed(extent.computed_at.isoformat(), "dateTime"),
        "dcat:theme": [_iri(f"{_AUTHORITY}/data-theme/{theme}") for theme in ("ENER", "ENVI")],
        "dcat:keyword": [_text(INDICATORS[name].title) for name in one.kpis],
        "dcat:landingPage": _iri(f"{address}/open/{city.name}"),
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
        "dct:license": {"@id": one.terms.licence_url, "@type": "dct:LicenseDocument"},
        "dct:format": _iri(f"{_AUTHORITY}/file-type/{file_type}"),
        "dcat:mediaType": _iri(f"{_IANA}/{media_type}"),
        "dct:description": _text("One row a figure; the first row names the columns."),
    }


def _service(one: OpenedCity, address: str) -> Node:
    return {
        "@id": _service_id(one, address),
        "@type": "dcat:DataService",
        "dct:title": _text(f"{one.city.title}: figures over HTTP"),
        "dcat:endpointURL": _iri(f"{address}/api/v1/open/{one.city.name}/figures"),
        "dct:license": {"@id": one.terms.licence_url, "@type": "dct:LicenseDocument"},
    }


def _service_id(one: OpenedCity, address: str) -> str:
    return f"{address}/api/v1/open/{one.city.name}/figures#service"


def _place(city: City) -> Node:
    facts = {fact.name: fact.value for fact in city.facts}
    named: Node = {"@type": "dct:Location", "skos:prefLabel": f"{city.title}, {city.country}"}
    if "latitude" not in facts or "longitude" not in facts:
        return named
    point = f"POINT({facts['longitude']:g} {facts['latitude']:g})"
    return {**named, "dcat:centroid": {"@type": "geo:wktLiteral", "@value": point}}


def _contact(one: OpenedCity) -> Node:
    email = _iri(f"mailto:{one.terms.contact}")
    return {"@type": "vcard:Organization", "vcard:fn": one.terms.publisher, "vcard:hasEmail": email}


def _agent(name: str) -> Node:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _day(instant: datetime, zone: str) -> Node:
    return _typed(instant.astimezone(ZoneInfo(zone)).date().isoformat(), "date")


def _text(text: str) -> Node:
    return {"@language": "en", "@value": text}


def _iri(address: str) -> Node:
    return {"@id": address}


def _typed(text: str, kind: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": text}
