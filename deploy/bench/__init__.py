"""How fast messages become committed readings on this machine, beside what its database can take at best."""
