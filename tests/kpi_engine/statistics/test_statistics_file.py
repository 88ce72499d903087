"""Tables of statistics: what a row says, and where it is said what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from kpi_engine.errors import StatisticError
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.statistics.statistics_file import parse, read

TABLE = """\
statistic,city,site,valid_from,valid_to,value,lower,upper,unit,calorific_basis,revision,source,page,note
population,town,,2026-01-01,,1000,990,1020,1,,2026-03-01,Statistics office,table 1,census
gas_bill,town,a,2026-01-01,2026-02-01,12.5,,,MWh,gross,2,"Utility, invoices",invoice 17,
wood_bill,town,a,2026-01-01,2026-02-01,3,,,t,,,Supplier,ticket 4,
grant,town,a,2026-01-01,2026-02-01,-5000,,,EUR,,,Ministry,letter,paid back
"""


def test_a_row_is_a_value_with_all_that_it_says() -> None:
    (place, population), (_, gas), (_, wood), (_, grant) = parse(TABLE, "table.csv")

    assert place == "table.csv: row 2"
    assert population.topic == ("population", "town", None)
    assert (population.valid_from, population.valid_to, population.note) == (date(2026, 1, 1), None, "census")
    assert (population.bounded.lower, population.bounded.value, population.bounded.upper) == (990, 1000, 1020)
    assert (population.revision, gas.revision, wood.revision) == (20260301, 2, None)
    assert (gas.source, gas.page, gas.calorific_basis) == ("Utility, invoices", "invoice 17", CalorificBasis.GCV)
    assert (gas.canonical_unit, gas.bounded.value) == ("kWh", 12500)
    assert (wood.canonical_unit, wood.bounded.value) == ("kg", 3000)
    assert (grant.canonical_unit, grant.bounded.value) == ("EUR", -5000)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("population,town", "populaton,town", "row 2: column statistic: .*, not 'populaton'; did you mean population"),
        ("population,town,", "population,town,a", "row 2: expected no site, not 'a': population is of a whole city"),
        ("1000,990", "many,990", "row 2: column value: .*number.*, not 'many'"),
        ("1000,990", "nan,990", "row 2: column value: .*finite.*, not 'nan'"),
        ("1000,990,1020", "1000,1001,1020", "row 2: expected lower <= value <= upper, not 1001, 1000, 1020"),
        ("1000,990", "-1000,-1990", "row 2: column value: expected at least 0, not -1990"),
        ("1020,1,,2026-03-01", "1020,1,,soon", "row 2: column revision: expected a number or a day .*, not 'soon'"),
        ("1020,1,,", "1020,km,,", "row 2: column unit: 'km' cannot be converted to '1'"),
        ("MWh,gross", "MWh,", "row 3: column calorific_basis: expected net or gross, since energy of a fuel"),
        ("MWh,gross", "MWh,higher", "row 3: column calorific_basis: expected net or gross, not 'higher'"),
        ("MWh,gross", "m3,gross", "row 3: column calorific_basis: expected nothing: gas_bill in m3 is no energy"),
        ("2026-01-01,2026-02-01,12.5", "2026-01-01,,12.5", "row 3: column valid_to: expected a day: gas_bill is the"),
        ("2026-01-01,2026-02-01,12.5", "2026-02-01,2026-02-01,12.5", "row 3: expected valid_to after valid_from"),
        ("2026-01-01,2026-02-01,12.5", "2026-01-01,9999-01-01,12.5", "row 3: column valid_to: expected at most 100 y"),
        ("2026-01-01,2026-02-01,12.5", "01.01.2026,2026-02-01,12.5", "row 3: column valid_from: .*, not '01.01.2026'"),
        ('"Utility, invoices"', "", "row 3: column source: .*, not ''"),
        ("letter,paid back", "letter,paid back,twice", "row 5: expected 14 cells, one a column, not 15"),
        ("unit,calorific_basis", "unit,basis", "row 1: column 'basis' is unknown; expected one of statistic, city"),
        ("value,lower", "amount,lower", "row 1: expected the columns value as well"),
        ('"Utility, invoices"', '"Utility, invoices', "expected CSV|cells"),
    ],
)
def test_what_is_wrong_is_said_with_file_row_and_column(right: str, wrong: str, said: str) -> None:
    assert right in TABLE
    with pytest.raises(StatisticError, match=f"table.csv: {said}" if said[:3] == "row" else said):
        parse(TABLE.replace(right, wrong, 1), "table.csv")


def test_all_rows_that_are_wrong_are_named_at_once() -> None:
    with pytest.raises(StatisticError) as refused:
        parse(TABLE.replace("1000,990", "x,990").replace(",3,,,t,", ",3,,,h,"), "table.csv")

    places = [line.partition(" column")[0] for line in str(refused.value).splitlines()]
    assert places == ["table.csv: row 2:", "table.csv: row 4:"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StatisticError, match=r"missing\.csv: cannot be read: No such file"):
        read(tmp_path / "missing.csv")
    (tmp_path / "latin.csv").write_bytes("größe".encode("latin-1"))
    with pytest.raises(StatisticError, match=r"latin\.csv: expected text in UTF-8"):
        read(tmp_path / "latin.csv")
