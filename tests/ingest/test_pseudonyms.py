"""Identifiers of persons in messages that are kept: replaced, the same ones alike, and nothing else touched."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pseudonyms import Pseudonyms
from tests.every import of_every

HIDING = Pseudonyms(b"k" * 32)
OCPP = {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 910031, "timestamp": "2026-07-01T12:00:00Z"}
CASES: dict[str, tuple[dict[str, object], list[str]]] = {
    "OCPP 1.6": (OCPP, ["04A1B2C3"]),
    "OCPP 1.6, parent": ({"idTagInfo": {"parentIdTag": "PARENT-1", "status": "Accepted"}}, ["PARENT-1"]),
    "OCPP 2.0.1": ({"idToken": {"idToken": "AABBCCDD", "type": "ISO14443"}, "seqNo": 1}, ["AABBCCDD"]),
    "OCPI": (
        {"evse_uid": "3256", "cdr_token": {"uid": "012345678", "type": "RFID", "contract_id": "DE8ACC12E46L89"}},
        ["012345678", "DE8ACC12E46L89"],
    ),
    "a number": ({"user_id": 4711, "kwh": 4711.5}, ["4711,"]),
    "a quote in it": ({"email": 'jane"doe@example.org'}, ["doe@example.org"]),
}


@of_every(CASES)
def test_what_names_a_person_is_replaced_and_the_rest_is_as_it_was(case: tuple[dict[str, object], list[str]]) -> None:
    document, personal = case
    payload = json.dumps(document).encode()
    hidden, _ = HIDING.hidden(payload)
    assert not any(one.encode() in hidden for one in personal)
    found = json.loads(hidden)
    assert json.dumps(found, sort_keys=True).count("p-") == len(personal)
    assert found.keys() == dict(document).keys()
    assert HIDING.hidden(hidden)[0] == hidden


def test_a_message_that_stands_as_text_in_another_one_is_hidden_likewise() -> None:
    inner = {"connectorId": 1, "idTag": "04A1B2C3", "user_id": 4711}
    hidden, _ = HIDING.hidden(json.dumps({"stationId": "CP7", "payload": json.dumps(inner)}).encode())
    found = json.loads(json.loads(hidden)["payload"])
    assert found["idTag"] == HIDING.word(b"04A1B2C3").decode()
    assert found["user_id"] == HIDING.word(b"4711").decode()
    assert HIDING.hidden(hidden)[0] == hidden


def test_the_same_identifier_is_the_same_word_by_one_key_and_another_by_another() -> None:
    one, again = (HIDING.hidden(json.dumps({**OCPP, "meterStart": start}).encode())[0] for start in (1, 2))
    other, _ = Pseudonyms(b"o" * 32).hidden(json.dumps(OCPP).encode())
    words = [json.loads(each)["idTag"] for each in (one, again, other)]
    assert words[0] == words[1] != words[2]
    assert all(len(word) <= 20 for word in words)


def test_a_sentence_that_quotes_it_hides_it_as_well() -> None:
    _, sentence = HIDING.hidden(json.dumps(OCPP).encode(), "idTag is '04A1B2C3'")
    assert sentence is not None
    assert "04A1B2C3" not in sentence


def test_where_there_is_none_nothing_changes() -> None:
    for payload in (b"\xff\x00", b"", b'{"values": {"heat_energy": 1}, "uid": "3256"}', b'{"idTag": 1'):
        hidden, _ = HIDING.hidden(payload)
        assert hidden == payload or b"idTag" in payload


@settings(max_examples=min(50, settings().max_examples))
@given(st.binary(max_size=200))
def test_any_bytes_are_taken(payload: bytes) -> None:
    hidden, _ = HIDING.hidden(b'{"idTag": "' + payload + b'"}', "a sentence")
    assert HIDING.hidden(hidden)[0] == hidden
