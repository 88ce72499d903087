"""What services answer, as their documentation has it, for any span they are asked for: written for tests, by the hour.

Each says 0.5 for an hour, or what ``value`` returns for the begin of one.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from tests.hub_server import Reply, Request

Value = Callable[[datetime], float]
HOUR = timedelta(hours=1)


def half(_: datetime) -> float:
    """Return the same for every hour."""
    return 0.5


def eloverblik(
    request: Request, value: Value = half, created: str = "2026-11-30T06:00:00Z", quality: str = "A04"
) -> Reply:
    """Answer as the customer API of Eloverblik."""
    if request.path == "/token":
        return Reply(json.dumps({"result": "access"}))
    if request.token != "access":  # noqa: S105 - of a test
        return Reply(status=401)
    *_, first, last, _ = request.path.split("/")
    (point,) = json.loads(request.body)["meteringPoints"]["meteringPoint"]
    periods = []
    for day in _days(date.fromisoformat(first), date.fromisoformat(last)):
        hours = list(_hours(day, "Europe/Copenhagen"))
        points = [
            {"position": str(place), "out_Quantity.quantity": str(value(begin)), "out_Quantity.quality": quality}
            for place, begin in enumerate(hours, start=1)
        ]
        interval = {"start": _utc(hours[0]), "end": _utc(hours[-1] + HOUR)}
        periods.append({"resolution": "PT1H", "timeInterval": interval, "Point": points})
    series = {"mRID": point, "businessType": "A04", "measurement_Unit.name": "KWH", "Period": periods}
    document = {"createdDateTime": created, "TimeSeries": [series]}
    return Reply(json.dumps({"result": [{"MyEnergyData_MarketDocument": document, "success": True, "id": point}]}))


def estfeed(request: Request, value: Value = half) -> Reply:
    """Answer as Elering's hub, and as what hands out its tokens."""
    if request.path == "/token":
        form = parse_qs(request.body.decode())
        assert form["grant_type"] == ["client_credentials"]
        return Reply(json.dumps({"access_token": "access", "expires_in": 300}))
    begin, end = (datetime.fromisoformat(request.query[key]) for key in ("startDateTime", "endDateTime"))
    intervals = [
        {"periodStart": _utc(hour), "consumptionKwh": value(hour), "productionKwh": 0.25}
        for hour in _between(begin, end)
    ]
    return Reply(
        json.dumps([{"meteringPointEic": request.query["meteringPointEics"], "accountingIntervals": intervals}])
    )


def datadis(request: Request, value: Value = half) -> Reply:
    """Answer as Datadis, with every hour of the month that was asked for."""
    if request.path == "/nikola-auth/tokens/login":
        return Reply("access")
    if request.path == "/api-private/api/get-supplies":
        return Reply(json.dumps([{"cups": "ES0021000000000001JN0F", "distributorCode": "2", "pointType": 5}]))
    assert (request.query["distributorCode"], request.query["pointType"]) == ("2", "5")
    first = date.fromisoformat(f"{request.query['startDate']}/01".replace("/", "-"))
    rows = []
    for day in _days(first, (first + timedelta(days=31)).replace(day=1)):
        for begin in _hours(day, "Europe/Madrid"):
            label = f"{begin.astimezone(ZoneInfo('Europe/Madrid')).hour + 1:02}:00"
            row = {"cups": request.query["cups"], "date": f"{day:%Y/%m/%d}", "time": label}
            rows.append(row | {"consumptionKWh": value(begin), "obtainMethod": "Real"})
    return Reply(json.dumps(rows))


def energi_data_service(request: Request, value: Value = half) -> Reply:
    """Answer as Energi Data Service."""
    clock, field = ("Minutes5UTC", "CO2Emission") if "CO2" in request.path else ("TimeUTC", "DayAheadPriceEUR")
    (area,) = json.loads(request.query["filter"])["PriceArea"]
    begin, end = (datetime.fromisoformat(request.query[key]).replace(tzinfo=UTC) for key in ("start", "end"))
    records = [
        {clock: f"{hour:%Y-%m-%dT%H:%M:%S}", "PriceArea": area, field: value(hour)} for hour in _between(begin, end)
    ]
    return Reply(json.dumps({"total": len(records), "records": records}))


def elering(request: Request, value: Value = half) -> Reply:
    """Answer as the dashboard of Elering."""
    begin, end = (datetime.fromisoformat(request.query[key]) for key in ("start", "end"))
    lines = ['"Ajatempel (UTC)";"Kuupäev (Eesti aeg)";"NPS Eesti"']
    lines += [f'"{hour.timestamp():.0f}";"";"{value(hour)}"'.replace(".", ",") for hour in _between(begin, end)]
    return Reply("\n".join(lines))


def entsoe(request: Request, value: Value = half) -> Reply:
    """Answer as the Transparency Platform, with as much wind as gas."""
    begin, end = (
        datetime.strptime(request.query[key], "%Y%m%d%H%M").replace(tzinfo=UTC) for key in ("periodStart", "periodEnd")
    )
    hours = list(_between(begin, end))
    series = ""
    for kind in ("B19", "B04"):
        points = "".join(
            f"<Point><position>{place}</position><quantity>{value(hour)}</quantity></Point>"
            for place, hour in enumerate(hours, start=1)
        )
        span = f"<timeInterval><start>{hours[0]:%Y-%m-%dT%H:%MZ}</start><end>{hours[-1] + HOUR:%Y-%m-%dT%H:%MZ}</end>"
        period = f"<Period>{span}</timeInterval><resolution>PT60M</resolution>{points}</Period>"
        zone = f"<inBiddingZone_Domain.mRID>{request.query['in_Domain']}</inBiddingZone_Domain.mRID>"
        unit = "<quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name>"
        series += f"<TimeSeries>{zone}{unit}<MktPSRType><psrType>{kind}</psrType></MktPSRType>{period}</TimeSeries>"
    return Reply(f'<GL_MarketDocument xmlns="urn:x">{series}</GL_MarketDocument>')


def open_meteo(request: Request, value: Value = half) -> Reply:
    """Answer as Open-Meteo."""
    if request.path == "/v1/archive":
        first, last = (date.fromisoformat(request.query[key]) for key in ("start_date", "end_date"))
        begin, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    else:
        begin, end = (
            datetime.fromisoformat(request.query[key]).replace(tzinfo=UTC) for key in ("start_hour", "end_hour")
        )
    hours = list(_between(begin, end))
    hourly = {"time": [round(hour.timestamp()) for hour in hours], "temperature_2m": [value(hour) for hour in hours]}
    return Reply(json.dumps({"latitude": 54.9, "longitude": 9.8, "hourly": hourly}))


def ocpi(request: Request, value: Value = half) -> Reply:
    """Answer as the platform of an operator, one object a page, with one charging of half an hour each day at noon."""
    assert request.token == "Token eA=="  # noqa: S105 - of a test
    begin, end = (datetime.fromisoformat(request.query[key]) for key in ("date_from", "date_to"))
    of_list = request.path.removeprefix("/")
    found = [
        _charging(of_list, noon, evse, value(noon))
        for noon in _between(begin, end)
        if noon.hour == 12
        for evse in ("3256", "4711")
    ]
    offset = int(request.query["offset"])
    page = found[offset : offset + 1]
    return Reply(json.dumps({"data": page, "status_code": 1000, "timestamp": _utc(end)}))


def _charging(of_list: str, noon: datetime, evse: str, energy: float) -> dict[str, object]:
    times = {"start_date_time": _utc(noon - HOUR), "end_date_time": _utc(noon - HOUR / 2), "last_updated": _utc(noon)}
    told = {"id": f"{evse}-{noon:%Y%m%d}", **times}
    if of_list == "cdrs":
        return {**told, "cdr_location": {"evse_uid": evse}, "total_energy": energy}
    return {**told, "evse_uid": evse, "kwh": energy, "status": "COMPLETED"}


def _days(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += timedelta(days=1)


def _hours(day: date, zone: str) -> Iterator[datetime]:
    """Yield the begins of the hours of a civil day, in UTC."""
    begin, end = (
        datetime(one.year, one.month, one.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    yield from _between(begin, end)


def _between(begin: datetime, end: datetime) -> Iterator[datetime]:
    hour = begin.replace(minute=0, second=0, microsecond=0)
    hour = hour if hour == begin else hour + HOUR
    while hour < end:
        yield hour
        hour += HOUR


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
