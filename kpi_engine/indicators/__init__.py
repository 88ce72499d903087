"""One file per KPI: definition, citation, and a pure compute()."""
