"""The published examples of the Smart Data Models: every form of an entity says the same."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from ingest.decoder import Decoder, Sample
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT

pytestmark = pytest.mark.reference_data

# Of these models the published forms of the example hold the same numbers.
_ALIKE: Final = (
    "Device/DeviceMeasurement",
    "Device/SmartMeteringObservation",
    "Energy/ACMeasurement",
    "Environment/IndoorEnvironmentObserved",
    "Streetlighting/Streetlight",
    "Streetlighting/StreetlightControlCabinet",
)
_FORMS: Final = {
    "example.json": "ngsi_v2",
    "example-normalized.json": "ngsi_v2",
    "example.jsonld": "ngsi_ld",
    "example-normalized.jsonld": "ngsi_ld",
}


def test_no_published_example_is_refused(reference_data: Path) -> None:
    models = reference_data / "payloads" / "smart_data_models"
    paths = [path for path in sorted(models.rglob("example*")) if path.is_file()]
    assert len(paths) > 100
    for path in paths:
        decoder = DECODERS[_FORMS.get(path.name, "ngsi_ld")]
        assert all(sample.device for sample in _decoded(decoder, path)), path


@pytest.mark.parametrize("model", _ALIKE)
def test_normalized_and_key_values_of_an_entity_hold_the_same(reference_data: Path, model: str) -> None:
    folder = reference_data / "payloads" / "smart_data_models" / model / "examples"
    forms = [_held(_decoded(DECODERS[decoder], folder / name)) for name, decoder in _FORMS.items()]
    for one, other in pairwise(forms):
        shared = one.keys() & other.keys()
        assert shared
        assert {name: one[name][0] for name in shared} == {name: other[name][0] for name in shared}
        units = [(one[name][1], other[name][1]) for name in shared]
        assert all(left == right for left, right in units if left and right)


def _decoded(decoder: Decoder, path: Path) -> list[Sample]:
    return decoder.decode(path.read_bytes(), DEFAULT)


def _held(samples: list[Sample]) -> dict[str, tuple[float | None, str | None]]:
    """Return value and unit by field, whenever it was true."""
    return {field: (value, sample.units.get(field)) for sample in samples for field, value in sample.values.items()}
