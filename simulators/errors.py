"""Why a simulation cannot be run; each class carries a sentence for the person who asked for it."""


class SimulationError(Exception):
    """Base of every error this package raises, and what was asked for cannot be simulated."""
