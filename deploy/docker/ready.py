"""The health check of a container of ours: exit code 0 when its internal listener says that it is ready."""

import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 4


def main() -> int:
    """Ask the listener at port 9100 of this container; print why it is not ready."""
    connection = HTTPConnection("127.0.0.1", 9100, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        print(answer.read().decode())  # noqa: T201 - Docker keeps it as the check's output
    except (OSError, HTTPException) as error:
        print(f"the internal listener does not answer: {error}")  # noqa: T201 - the same
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
