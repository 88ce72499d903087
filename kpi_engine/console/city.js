// Which city the console opens on where the address names no page: the one after the #, the one chosen last, or the one in which most devices are live.

/** @import { City } from "./types" */

const CHOSEN = "pharos-city";

/** @param {string} name */
export const remember = (name) => localStorage.setItem(CHOSEN, name);

/** @param {City[]} cities */
export function opening(cities) {
  const asked = [decodeURIComponent(location.hash.slice(1)), localStorage.getItem(CHOSEN)];
  const wanted = asked.find((name) => cities.some((city) => city.name === name));
  const [liveliest] = [...cities].sort((one, other) => (other.live ?? 0) - (one.live ?? 0));
  return wanted ?? liveliest?.name;
}
