"""The same indicator of several cities and groups side by side, with what keeps them from being compared."""
