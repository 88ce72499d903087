"""Tables of factors: what each format reads, what it leaves out and counts, and where it says what is wrong."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import CalorificBasis, EmissionBoundary, View
from kpi_engine.factors.factor_table import FactorTable
from kpi_engine.factors.formats import FORMATS
from kpi_engine.factors.importing import Wish, read

SAMPLE_FILES = Path(__file__).parent / "samples"
PHAROS = (SAMPLE_FILES / "pharos.csv").read_text(encoding="utf-8")
DESNZ = (SAMPLE_FILES / "desnz.csv").read_text(encoding="utf-8")
INTENSITY = "emissions_intensity_gco2_per_kwh"
EMBER = json.dumps(
    {
        "NTH": {"country_code": "NTH", "country_or_region": "North", "year": 2023, INTENSITY: 90},
        "South Sea": {"country_code": "", "country_or_region": "South Sea", "year": 2022, INTENSITY: 510.5},
    }
)
ZONE = """
capacity: {coal: 3}
emissionFactors:
  direct:
    coal: {source: assumed, value: 800}
    battery discharge:
      - {datetime: '2020-01-01', source: "Electricity Maps, 2020 average", value: 300.5}
      - {datetime: '2021-01-01', source: "Electricity Maps, 2021 average", value: 290}
  lifecycle:
    coal: {_comment: more, source: assumed, value: 900}
"""
SAMPLES = {"pharos": PHAROS, "desnz": DESNZ, "ember": EMBER, "electricitymaps": ZONE}
every_format = pytest.mark.parametrize("form", sorted(SAMPLES))


def table(form: str, text: str | None = None) -> FactorTable:
    return FORMATS[form].read(SAMPLES[form] if text is None else text, "table")


def test_every_format_has_a_sample_here() -> None:
    assert set(SAMPLES) == set(FORMATS)


def test_a_row_of_our_csv_is_a_version_with_all_that_it_says() -> None:
    first, second, gas = table("pharos").factors

    assert (first.name, first.version, first.kg_per_kwh, first.source) == ("grid", "2024", 0.15, "Grid, operator")
    assert (first.valid_from, first.valid_to, first.year) == (date(2024, 1, 1), date(2025, 1, 1), 2024)
    assert (first.boundary, first.view, first.calorific_basis) == (EmissionBoundary.DIRECT, View.LOCATION, None)
    assert (second.valid_to, second.verified) == (None, False)
    assert (gas.boundary, gas.calorific_basis) == (None, CalorificBasis.NCV)
    assert gas.kg_per_kwh == pytest.approx(0.202)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("150,g/kWh", "many,g/kWh", "table: row 2: column value: .*number.*, not 'many'"),
        ("150,g/kWh", "150,kg/t", "table: row 2: column unit: unknown unit 'kg/t'"),
        ("150,g/kWh", "150,kg/kWh", "table: row 2: expected at most 5 kg/kWh, not 150 kg/kWh"),
        (
            "direct,location,AR5,none",
            "direkt,location,AR5,none",
            "row 2: column boundary: expected 'direct', 'upstream'",
        ),
        ("2025-01-01,,2025", "soon,,2025", "table: row 3: column valid_from: .*, not 'soon'"),
        ("grid,2025,electricity", ",2025,electricity", "table: row 3: column name: .*, not ''"),
        ("p. 3,yes", "p. 3,yes,more", "table: row 2: expected 17 cells, one a column, not 18"),
        ("calorific_basis,source", "calorific_bases,source", "row 1: column 'calorific_bases' is unknown; .*_basis\\?"),
        ("value,unit", "amount,unit", "table: row 1: expected the columns value as well"),
        ('"Grid, operator"', '"Grid, operator', "expected CSV|cells"),
    ],
)
def test_what_is_wrong_in_our_csv_is_said_with_row_and_column(right: str, wrong: str, said: str) -> None:
    text = PHAROS.replace(right, wrong, 1)
    with pytest.raises(FactorError, match=said):
        table("pharos", text)


def test_all_rows_that_are_wrong_are_named_at_once() -> None:
    with pytest.raises(FactorError) as refused:
        table("pharos", PHAROS.replace("150,g", "-1,g").replace("0.14,kg", "x,kg"))

    places = [line.partition(" column")[0] for line in str(refused.value).splitlines()]
    assert places == ["table: row 2:", "table: row 3:"]


def test_one_version_with_two_contents_is_refused_by_name_and_row() -> None:
    again = "grid,2024,electricity,North,2024-01-01,,,160,g/kWh,m,,,AR5,,s,p,no\n"

    with pytest.raises(FactorError, match="table: row 5: factor grid version 2024 from 2024-01-01 stands there twice"):
        table("pharos", PHAROS + again)


def test_rows_for_energy_are_factors_and_all_others_are_counted_by_what_they_are() -> None:
    found = table("desnz")
    factors = {factor.name: factor for factor in found.factors}

    assert {name: round(factor.kg_per_kwh, 6) for name, factor in factors.items()} == {
        "desnz-marsh-gas-ncv": 0.2,
        "desnz-marsh-gas-gcv": 0.18,
        "desnz-swamp-oil-ncv": 0.26,
        "desnz-swamp-spirit-ncv": 0.25,
        "desnz-sewage-gas-gj": 0.18,
        "desnz-electricity-uk": 0.3,
        "desnz-wtt-uk-electricity-generation-electricity-uk": 0.05,
    }
    assert found.left_out == {
        "in kg CO2e of CH4, not kg CO2e in all": 1,
        "per tonne, which is no energy": 1,
        "per mile, which is no energy": 1,
    }
    swamp = [factors[f"desnz-swamp-{one}-ncv"].carrier for one in ("oil", "spirit")]
    assert swamp == ["oil", "liquid_fuel"]  # plants burn the one, so that a city may name it; not the other
    net = factors["desnz-marsh-gas-ncv"]
    assert (net.carrier, net.calorific_basis, net.boundary) == ("gas", CalorificBasis.NCV, EmissionBoundary.DIRECT)
    assert (net.valid_from, net.valid_to, net.year) == (date(2021, 1, 1), date(2022, 1, 1), 2021)
    upstream = factors["desnz-wtt-uk-electricity-generation-electricity-uk"]
    assert (upstream.carrier, upstream.boundary) == ("electricity", EmissionBoundary.UPSTREAM)


def test_a_country_has_a_factor_of_the_year_it_is_of_and_of_no_other() -> None:
    north, sea = table("ember").factors

    assert (north.name, north.region) == ("ember-nth", "North")
    assert north.kg_per_kwh == pytest.approx(0.09)
    assert (north.valid_from, north.valid_to, north.year) == (date(2023, 1, 1), date(2024, 1, 1), 2023)
    assert (north.boundary, north.view) == (EmissionBoundary.LIFE_CYCLE, View.LOCATION)
    assert sea.name == "ember-south-sea"


def test_a_zone_has_a_factor_of_each_technology_and_boundary_with_its_days() -> None:
    factors = FORMATS["electricitymaps"].read(ZONE, "XX-1.yaml").factors
    found = {(factor.name, factor.version): factor for factor in factors}

    assert found["electricitymaps-xx-1-coal-lifecycle", "undated"].boundary is EmissionBoundary.LIFE_CYCLE
    first = found["electricitymaps-xx-1-battery-discharge-direct", "2020"]
    assert (first.valid_to, first.year, first.region) == (date(2021, 1, 1), 2020, "XX-1")
    assert found["electricitymaps-xx-1-battery-discharge-direct", "2021"].valid_to is None
    assert len(found) == 4


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("ember", "[]", "table: expected countries by code, not a list"),
        ("ember", '{"A": {"year": "x"}}', "table: entry A: column year: expected a year, not 'x'"),
        ("ember", EMBER.replace("90", '"low"'), "entry NTH: column emissions_intensity_gco2_per_kwh: .*, not 'low'"),
        ("electricitymaps", "a: 1", "table: emissionFactors: expected direct and lifecycle, not nothing"),
        ("electricitymaps", ZONE.replace("800", "x"), r"table: emissionFactors.direct.coal: column value: .*, not 'x'"),
        ("electricitymaps", "emissionFactors: {direct: {coal: []}}", "direct.coal: expected at least one value"),
        ("electricitymaps", ZONE.replace("2021-01", "2019-01"), "expected days in order, not 2019-01-01 after 2020"),
        ("desnz", DESNZ.replace(",0.3,", ",high,"), "row 7: column GHG Conversion Factor 2021: .*, not 'high'"),
        ("desnz", DESNZ.replace("GHG Conversion Factor 2021", "GHG"), "row 1: expected one column 'GHG Conversion"),
    ],
)
def test_what_is_wrong_in_a_public_table_is_said_with_its_place(form: str, text: str, said: str) -> None:
    with pytest.raises(FactorError, match=said):
        table(form, text)


@every_format
@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_rubbish_is_refused_in_words_and_never_a_crash(form: str, text: str) -> None:
    _read_or_refused(lambda: table(form, text))


KEYS = st.sampled_from(["emissionFactors", "direct", "lifecycle", "coal", "value", "datetime", "year"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_documents_of_any_shape_are_read_or_refused(document: object) -> None:
    _read_or_refused(lambda: table("ember", json.dumps(document, default=str)))
    _read_or_refused(lambda: table("electricitymaps", yaml.safe_dump({"emissionFactors": document})))


@pytest.mark.parametrize("form", ["pharos", "desnz"])
@given(data=st.data())
def test_a_table_with_one_cell_of_anything_is_read_or_refused(form: str, data: st.DataObject) -> None:
    lines = [line.split(",") for line in SAMPLES[form].replace('"Grid, operator"', "operator").splitlines()]
    line = lines[data.draw(st.integers(0, len(lines) - 1))]
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.text(max_size=12))

    _read_or_refused(lambda: table(form, "\n".join(",".join(cells) for cells in lines)))


def _read_or_refused(reading: Callable[[], FactorTable]) -> None:
    try:
        found = reading().factors
    except FactorError:
        found = ()
    assert all(0 <= factor.kg_per_kwh <= 5 for factor in found)


def test_a_carrier_or_a_name_that_the_table_lacks_is_refused_with_the_nearest_spelling() -> None:
    found = table("pharos")

    assert [factor.name for factor in Wish(carriers=["gas"]).of(found, "table")] == ["gas"]
    assert [factor.version for factor in Wish(names=["grid"]).of(found, "table")] == ["2024", "2025"]
    with pytest.raises(FactorError, match=r"table: name: expected one of gas, grid, not 'girds'; did you mean grid\?"):
        Wish(names=["girds"]).of(found, "table")


def test_a_file_that_is_no_text_and_a_format_that_is_not_known_are_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FactorError, match=r"table\.csv: expected text in UTF-8"):
        read(tmp_path / "table.csv", "pharos")
    with pytest.raises(FactorError, match=r"absent\.csv: cannot be read: No such file"):
        read(tmp_path / "absent.csv", "pharos")
    with pytest.raises(FactorError, match=r"format: expected one of .*, not 'desns'; did you mean desnz\?"):
        read(tmp_path / "table.csv", "desns")
