"""What the store holds, against the publisher's own record of what the broker acknowledged."""

from dataclasses import asdict, dataclass
from typing import Final

from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.statements import statements
from simulators.load import QUANTITIES
from simulators.load_generator import LoadGenerator

SQL: Final = statements(__name__)

_ACKNOWLEDGED: Final = Layout((ColumnType.INTEGER, ColumnType.TIMESTAMP))


@dataclass(frozen=True)
class CrashReport:
    """Counts in readings, four a message; ``wrong`` have another value than was sent.

    ``rollups_off``: meters whose hours do not add up to their register, end minus beginning, within 1e-9.
    """

    acknowledged: int
    stored: int
    missing: int
    unexpected: int
    wrong: int
    ledger_received: int
    ledger_stored: int
    ledger_duplicate: int
    ledger_conflict: int
    ledger_quarantined: int
    rollups_off: int

    @property
    def checks(self) -> dict[str, bool]:
        """Every claim and whether it holds."""
        settled = self.ledger_stored + self.ledger_duplicate + self.ledger_conflict + self.ledger_quarantined
        return {
            "every acknowledged reading is stored": self.missing == 0,
            "exactly once, and nothing else is": self.stored == self.acknowledged and self.unexpected == 0,
            "with the value that was sent": self.wrong == 0,
            "ledger: received = stored + duplicate + conflict + quarantined": self.ledger_received == settled,
            "ledger: stored = rows": self.ledger_stored == self.stored,
            "nothing was refused or in conflict": self.ledger_conflict == self.ledger_quarantined == 0,
            "hours add up to the registers": self.rollups_off == 0,
        }

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return all(self.checks.values())

    def document(self) -> dict[str, object]:
        """Return the report for JSON."""
        return {"holds": self.holds, "checks": self.checks, "readings": asdict(self)}


def compare(connection: Connection, generator: LoadGenerator) -> CrashReport:
    """Compare the database with the generator's record; both have come to rest."""
    device, times = generator.acknowledged_times()
    connection.execute(SQL["acknowledged_table"])
    with connection.cursor() as cursor, cursor.copy(SQL["acknowledged_copy"]) as copy:
        copy.write(_ACKNOWLEDGED.encode((device, times)))
    load = generator.load
    facts = connection.execute(
        SQL["compare"],
        {"quantities": list(QUANTITIES), "begin": load.begin / 1e6, "step": load.step / 1e6, "city": load.city},
    ).fetchone()
    ledger = connection.execute(SQL["ledger"], {"city": load.city}).fetchone()
    rollups = connection.execute(SQL["rollups_off"]).fetchone()
    if facts is None or ledger is None or rollups is None:
        raise AssertionError("an aggregate always has a row")
    return CrashReport(generator.acknowledged * len(QUANTITIES), *facts, *ledger, *rollups)
