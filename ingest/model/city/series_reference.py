"""A series of a city as other parts of its file point at it."""

from ingest.model.declarations.declaration import Declaration, Name


class SeriesReference(Declaration):
    """Points at one quantity of one device of the same city."""

    device: Name
    quantity: str
