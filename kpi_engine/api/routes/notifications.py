"""Who is told of alarms, and trials of it: the notifier sends what is asked for, and writes down what became of it."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from ingest.model.sentences import Sentence
from kpi_engine.alarms import trials
from kpi_engine.alarms.trials import AlarmTrial, ToldReceiver
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.errors import ConflictError, NotFoundError, NotSetUpError
from kpi_engine.api.problems import CONFLICT, NOT_SET_UP
from kpi_engine.api.representation import Answer, Items, StorableText

NOBODY: Final = Sentence(
    "nobody is told of alarms of {city}: no notifier has said whom it tells. Expected pharos notify run with a file of "
    "receivers; nothing was sent"
)
AGAIN: Final = Sentence(
    "a trial for {city} was asked for less than {seconds} seconds ago; nothing more was sent. Try again after that"
)

router = APIRouter(prefix="/notifications", tags=["alarms"])

Notifying = Annotated[Access, Depends(seeing(Resource.NOTIFICATIONS))]


class NotifiedReceiver(Answer):
    """Somebody who is told of alarms of a city; addresses are the notifier's own and in no answer."""

    receiver: str
    ways: list[str] = Field(description="Of mail, webhook and apprise.")


class TrialAsked(BaseModel):
    """For which city a trial is to be sent: to all who are told of its alarms, by all ways."""

    model_config = ConfigDict(extra="forbid")

    city: StorableText


class TrialOfWay(Answer):
    """What became of a trial by one way of a receiver."""

    receiver: str
    way: str = Field(description="mail, webhook or apprise.")
    told_at: datetime
    trouble: str | None = Field(description="Why it was not taken; null where it was.")


class NotificationTrial(Answer):
    """A trial, and what became of it so far."""

    trial_id: int
    city: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None = Field(description="Null while it goes on; the notifier looks every 5 seconds.")
    lapsed: bool = Field(description="Whether it was not finished within 10 minutes: nothing more is sent.")
    results: list[TrialOfWay]


@router.get("/receivers", summary="Who is told of alarms")
def list_receivers(access: Notifying, city: str) -> Items[NotifiedReceiver]:
    """List who is told of alarms of a city and by which ways, as the notifier said when it started; else nobody."""
    access.cities(city)
    return Items(items=[_receiver(one) for one in trials.receivers(access.connection, city)])


@router.post(
    "/trials", status_code=202, responses=CONFLICT | NOT_SET_UP, summary="Send a trial to all who are told of alarms"
)
def begin_trial(asked: TrialAsked, access: Notifying) -> NotificationTrial:
    """Have everybody who is told of alarms of a city sent a trial by every way; once in 30 seconds for each city."""
    access.cities(asked.city)
    if not trials.receivers(access.connection, asked.city):
        raise NotSetUpError(NOBODY.of(city=asked.city))
    begun = trials.ask(access.connection, asked.city, access.caller.token.name)
    if begun is None:
        raise ConflictError(AGAIN.of(city=asked.city, seconds=int(trials.PAUSE.total_seconds())))
    return _trial(access, begun)


@router.get("/trials/{trial_id}", summary="What became of a trial")
def show_trial(trial_id: Annotated[int, Path(ge=1, le=2**63 - 1)], access: Notifying) -> NotificationTrial:
    """Tell what became of a trial by each way; it is forgotten after 30 days."""
    found = trials.trial(access.connection, trial_id)
    if found is None or not access.caller.token.covers(found.city):
        raise NotFoundError(Sentence("there is no trial {number}").of(number=trial_id))
    return _trial(access, found)


def _receiver(one: ToldReceiver) -> NotifiedReceiver:
    return NotifiedReceiver(receiver=one.receiver, ways=one.ways)


def _trial(access: Access, one: AlarmTrial) -> NotificationTrial:
    found = [TrialOfWay.model_validate(result) for result in trials.results(access.connection, one.trial_id)]
    return NotificationTrial.model_validate(vars(one) | {"results": found})
