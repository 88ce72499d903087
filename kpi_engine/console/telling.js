// Which indicators say most of a vertical: those that an overview shows, if they have figures.

/** @import { Kpi, KpiValue } from "./types" */

const FIRST = [
  "city_final_energy", "city_emissions", "city_renewable_share",
  "heat_delivered", "heat_emissions", "network_heat_loss_share",
  "ev_charging_energy", "ev_availability", "ev_renewable_share",
  "lighting_availability", "lighting_energy_per_light_point", "lighting_failure_rate",
  "building_energy_per_area", "building_emissions_per_area", "building_comfort_hours",
];

/**
 * Those with a figure come first, then those that say most. What the city cannot have is left out, and what was not
 * computed yet where anything was.
 * @param {Kpi[]} members
 * @param {KpiValue[]} values of the period
 * @param {number} most
 */
export function telling(members, values, most) {
  const known = new Set(values.filter(({ value }) => value !== null).map(({ kpi }) => kpi));
  /** @param {Kpi} kpi */
  const rank = ({ name }) => (known.has(name) ? 0 : FIRST.length + 1) + (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const computed = new Set(values.map(({ kpi }) => kpi));
  const present = members.filter(({ missing }) => !missing).sort((one, other) => rank(one) - rank(other));
  const begun = present.filter(({ name }) => computed.has(name));
  return (begun.length ? begun : present).slice(0, most);
}
