"""The table of carriers, one row each: what energy comes as, which register counts it, and what is expected of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ingest.model.quantities.quantity import QUANTITIES

ENERGY_UNIT: Final = "kWh"
EVERYWHERE: Final = "electricity"  # what a link ``serves`` carries, unless another carrier is metered where it leads


@dataclass(frozen=True)
class Carrier:
    """A carrier and its ``register``, the quantity that counts it.

    ``main_meters``: the types of device that may have submeters, so that their balance is watched; none: no balance.
    ``has_factor``: figures of emissions expect an emission factor of it.
    """

    name: str
    title: str
    register: str
    main_meters: tuple[str, ...] = ()
    has_factor: bool = True

    @property
    def unit(self) -> str:
        """The canonical unit of its register."""
        return QUANTITIES[self.register].unit

    @property
    def is_energy(self) -> bool:
        """Whether what is counted is energy, and part of final energy."""
        return self.unit == ENERGY_UNIT

    @property
    def balance(self) -> str:
        """The name of the balance of its main meters: of the indicator and of the residual series."""
        return f"{self.name}_meter_balance"


_TABLE: Final = (
    Carrier("heat", "Heat", "heat_energy", main_meters=("heat_meter",)),
    Carrier("electricity", "Electricity", "electricity_energy", main_meters=("electricity_meter", "lighting_cabinet")),
)

CARRIERS: Final[dict[str, Carrier]] = {carrier.name: carrier for carrier in _TABLE}
FUELS: Final = ("gas", "oil", "coal", "peat", "wood", "biogas", "waste")  # what plants burn; no meter counts them
WITH_FACTOR: Final = (*(one.name for one in CARRIERS.values() if one.has_factor), *FUELS)
BALANCED: Final = tuple(sorted((one for one in CARRIERS.values() if one.main_meters), key=lambda one: one.name))

if TYPE_CHECKING:
    CarrierName = str
else:
    CarrierName = Literal[tuple(CARRIERS)]  # pydantic refuses any other name, and says which there are
