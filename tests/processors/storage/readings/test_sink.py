"""The sink is nobody's part: what it says is stored is committed, or nothing was done."""

import pytest

from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import ObservationBatch, RawMessage, Refusal, Resolved
from ingest.reasons import Reason
from processors.errors import TransactionError
from processors.storage.database import connect
from processors.storage.readings.sink import Sink

pytestmark = pytest.mark.integration

MESSAGE = RawMessage("topic", b"{", 0)
REFUSED = Resolved(ObservationBatch.empty(), [Refusal(0, Reason.UNDECODABLE, "no JSON", 1)])


def test_inside_of_another_transaction_nothing_is_written_and_the_reason_is_said(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        sink = Sink(connection, Catalogue([], Ids({}, {})), "mqtt")
        connection.execute("select 1")
        with pytest.raises(TransactionError, match="committed"):
            sink.write(REFUSED, [MESSAGE])
        with pytest.raises(TransactionError, match="committed"):
            sink.write_statuses([], REFUSED.refusals, [MESSAGE])
        connection.rollback()

        assert sink.write(REFUSED, [MESSAGE]).quarantined == 1
        with connect(database_url, "another") as other:
            assert other.execute("select sum(quarantined) from ledger").fetchone() == (1,)
