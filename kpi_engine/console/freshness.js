// How old what a device said is. Ages keep counting between events, and a device whose time has passed is stale before
// anybody says so.

/** @import { Live } from "./live.js" */
/** @import { Device, State } from "./types" */
/** @typedef {Record<State, number>} Counts */

import { STATES, age, count } from "./format.js";
import { t, tn } from "./texts.js";

const GRACE = 30; // seconds, as in the server's own judgement

export const EVERY_STATE = /** @type {State[]} */ (Object.keys(STATES));
export const WORST_FIRST = /** @type {State[]} */ (["clock_wrong", "silent", "stale", "late", "live"]);

export class Freshness {
  #live;

  /** @param {Live} live */
  constructor(live) {
    this.#live = live;
  }

  /** @param {Device} device */
  #seconds(device) {
    return device.last_observed_at === null ? null : (this.#live.now() - new Date(device.last_observed_at).getTime()) / 1000;
  }

  /** @param {Device} device */
  age(device) {
    const seconds = this.#seconds(device);
    return seconds === null ? t("never") : age(seconds);
  }

  /** @param {Device} device */
  state(device) {
    const overdue = (this.#seconds(device) ?? 0) > 2 * device.expected_interval_s + GRACE;
    return device.state === "live" && overdue ? "stale" : device.state;
  }

  /** @param {Device[]} devices */
  counts(devices) {
    /** @type {Counts} */
    const found = { live: 0, late: 0, stale: 0, silent: 0, clock_wrong: 0 };
    for (const device of devices) found[this.state(device)] += 1;
    return found;
  }
}

/** @param {Counts} counts @param {boolean} connected */
export function headline(counts, connected) {
  const all = EVERY_STATE.reduce((sum, state) => sum + counts[state], 0);
  if (!connected) return t("Not connected. Nothing below is current.");
  if (!all) return t("No device is registered here.");
  return counts.live === all ? tn(all, "The device is live.", "All {count} devices are live.")
    : t("{live} of {all} devices are live.", { live: count(counts.live), all: count(all) });
}
