"""Where a city's energy comes from and goes to, as amounts that add up: from sources over networks to uses."""
