"""The currencies that costs may be given in (ISO 4217): those of Europe, and the dollar. None is ever converted."""

from typing import Final

CURRENCIES: Final = (
    *("EUR", "BGN", "CHF", "CZK", "DKK", "GBP", "HUF", "ISK", "NOK", "PLN", "RON", "RSD", "SEK", "TRY", "UAH"),
    "USD",
)
