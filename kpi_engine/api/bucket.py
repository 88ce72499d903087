"""One civil bucket of a series as HTTP tells it: what is known of it, how well, and what is not (docs/gaps.md)."""

from datetime import datetime

from pydantic import Field

from kpi_engine.api.representation import Answer


class Bucket(Answer):
    """One series in [start, end). Amounts and values are in the series' unit."""

    start: datetime
    end: datetime
    sum: float | None = Field(
        description="Amount of a register or interval series; null where the whole amount is not known, never partial. "
        "Of a provisional bucket: so far."
    )
    mean: float | None = Field(description="Time-weighted mean of a gauge over the measured and the interpolated time.")
    minimum: float | None = Field(description="Smallest reading; for a register, of its total.")
    maximum: float | None = Field(description="Largest reading; for a register, of its total.")
    count: int = Field(description="Readings in the bucket.")
    expected_count: float | None = Field(
        description="Readings to expect: the bucket's real seconds over the declared interval; null for sessions."
    )
    count_coverage: float | None = Field(
        description="count / expected_count, above 1 where more came than were declared. Null for sessions."
    )
    coverage: float = Field(
        description="Share of the bucket that is known: of a register between its first and last boundary reading, of "
        "everything else measured_share."
    )
    measured_share: float = Field(
        description="Share of the bucket's time between readings no further apart than max_gap_s. The shares of time, "
        "measured, interpolated, estimated and unknown, add up to 1."
    )
    interpolated_share: float | None = Field(
        description="Share of the bucket's time between readings further apart than that, and no further than the "
        "series' filling_s. Null, as the next two, where it was never computed and the readings are gone."
    )
    estimated_share: float | None = Field(
        description="Share of the bucket's time in longer silences of a register: the sum over them is exact, what of "
        "it belongs where in them is a guess."
    )
    unknown_share: float | None = Field(description="Share of the bucket's time of which nothing is known.")
    estimated_amount: float | None = Field(
        description="Part of the sum that a longer silence over an edge of the bucket, or around it, makes an estimate."
    )
    longest_gap_s: float | None = Field(
        description="Longest time in the bucket without a reading [s], from and to its edges as well, up to now in an "
        "open one. Null where it was never computed and the readings are gone, and of states."
    )
    provisional: bool = Field(description="The bucket is open, or readings that close it may still come.")
    rejected: int = Field(
        default=0,
        description="Readings in the bucket that are left out of all of this: outliers and spikes of a gauge, glitches "
        "of a register.",
    )
    states: dict[str, float] | None = Field(
        default=None, description="Of a series of states: seconds in each, by name. With `unknown_s`, the whole bucket."
    )
    unknown_s: float | None = Field(
        default=None, description="Of a series of states: seconds of the bucket in which nobody knows the state."
    )
