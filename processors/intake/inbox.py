"""What is known of somebody that no city file knows: what its messages most likely are, and what a city could say.

Nothing is stored here, and nothing is taken: a claim takes what waits in quarantine, by the city file as it is then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.bound_decoder import decoder_of
from ingest.decoders import DECODERS
from ingest.inbox.guess import NATIVE, Guess, guess
from ingest.inbox.proposal import Proposal, propose
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.reasons import Reason
from ingest.resolve import Resolver
from processors.storage.database import Connection
from processors.storage.readings.strangers import Stranger, samples

_TRIED = 20


@dataclass(frozen=True)
class Described:
    """One who is not known: ``found`` of what it sends, and what is ``proposed`` for the city file.

    ``is_declared``: the city file says all that is needed by now, so that what it sent can be claimed. ``refused``: why
    it is not taken although the city file has the device; empty where that is not so.
    """

    stranger: Stranger
    messages: Sequence[RawMessage]
    found: Guess
    proposed: Proposal
    is_declared: bool
    refused: str = ""


def describe(
    connection: Connection, stranger: Stranger, catalogue: Catalogue, city: City, gateway: str | None = None
) -> Described:
    """Return what is known of ``stranger``, and what ``city`` could say; ``gateway``: whose credential it has."""
    messages = samples(connection, stranger)
    is_declared, refused = _taken(messages, catalogue)
    bound = catalogue.bindings.of(messages[0].topic) if messages else None
    if bound is None or bound[0].city != city.name:
        found = guess(messages)
        return Described(stranger, messages, found, propose(found, city, None, gateway), is_declared, refused)
    binding = bound[0]
    found = guess(messages, (decoder_of(binding) or DECODERS[NATIVE], binding.template))
    if found.decoder is None:  # its binding does not fit what it sends: told as if there were none
        found = guess(messages)
        return Described(stranger, messages, found, propose(found, city, None, gateway), is_declared, refused)
    called = stranger.origin.removeprefix(f"{binding.name}/")
    own = tuple(one for one in found.devices if one.called == called)
    found = replace(found, devices=own or found.devices)
    return Described(stranger, messages, found, propose(found, city, binding.name), is_declared, refused)


def _taken(messages: Sequence[RawMessage], catalogue: Catalogue) -> tuple[bool, str]:
    """Return whether something of the newest messages would be stored by now; else why not, if a device is known."""
    resolved = Resolver(catalogue, DECODERS[NATIVE]).resolve(messages[-_TRIED:])
    if len(resolved.batch):
        return True, ""
    ours = [one for one in resolved.refusals if one.device and one.reason is not Reason.UNKNOWN_DEVICE]
    return False, f"{ours[-1].reason}: {ours[-1].detail}" if ours else ""
