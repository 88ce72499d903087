"""The stable codes of refusal: in quarantine, in metrics, in feedback to devices. A code is never renamed."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a reading was refused."""

    UNDECODABLE = "undecodable"  # the payload, or one sample in it, is not what its decoder expects
    OVER_LIMIT = "over_limit"  # more elements, readings, levels or characters than one message may hold: none is taken
    EMPTY = "empty"  # a message, or one sample in it, holds no reading: it stands for none
    BAD_TOPIC = "bad_topic"  # the topic names no city and device
    RETAINED = "retained"  # a message of the past without a time: no reading, so it stands for none
    BAD_TIME = "bad_time"  # no instant from year 1 to 9999: no offset, not RFC 3339, not epoch milliseconds
    BAD_REVISION = "bad_revision"  # when the value was issued is neither RFC 3339 with offset nor a finite number
    DUPLICATE_KEY = "duplicate_key"  # one quantity given more than once in one sample
    NOT_A_NUMBER = "not_a_number"  # a string, a boolean, NaN, infinity, or too large for a float
    UNKNOWN_STATE = "unknown_state"  # its quantity knows no state of that name
    UNKNOWN_DEVICE = "unknown_device"  # nobody registered the device (or the city)
    UNKNOWN_QUANTITY = "unknown_quantity"  # the device is not declared to report it
    UNIT_MISMATCH = "unit_mismatch"  # the unit is unknown, measures something else, or is that of no value
    UNTIMED_INTERVAL = "untimed_interval"  # an amount for an interval needs the interval's end
    BAD_INTERVAL = "bad_interval"  # no interval from begin to end, or given of what is no amount for one
    NO_BIRTH = "no_birth"  # a metric by its alias, of a birth certificate that has not come: nobody knows what it is
    SEQUENCE_GAP = "sequence_gap"  # messages of an edge node are missing before this one; it stands for no reading
    BAD_QUALITY = "bad_quality"  # its own source calls it bad or stale
    IMPLAUSIBLE = "implausible"  # outside of what is physically possible for the quantity
    CLOCK_TOO_EARLY = "clock_too_early"  # before anything was measured here
    CLOCK_TOO_LATE = "clock_too_late"  # ahead of its own arrival
    BEFORE_RETENTION = "before_retention"  # older than what is kept: the readings around it are gone
    STORE_REFUSED = "store_refused"  # the database refused this very row
    INTERNAL_ERROR = "internal_error"  # Pharos failed on this message: its own fault, told in its log
