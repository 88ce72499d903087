"""What lies within an indicator: how a city is connected, which meters count, and what its balances hold."""
