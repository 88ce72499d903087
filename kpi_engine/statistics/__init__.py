"""Statistics: what no device sends (bills, populations, costs, fuels), given by people in tables with their source."""
