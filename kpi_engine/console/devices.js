// What is live and what is not: the headline, the states, and which devices the table shows. Ages keep counting between
// events, and a device whose time has passed is shown as stale before anybody says so.

/** @import { Option } from "./dom.js" */
/** @import { Groups } from "./groups.js" */
/** @import { Live } from "./live.js" */
/** @import { Choose } from "./rows.js" */
/** @import { Device, State } from "./types" */

import { byId, element, fillSelect, replace } from "./dom.js";
import { STATES, age, count } from "./format.js";
import { Rows, label } from "./rows.js";

const AT_FIRST = matchMedia("(max-width: 40rem)").matches ? 15 : 40; // rows; a table of hundreds is no view
const GRACE = 30; // seconds, as in the server's own judgement
const EVERY_STATE = /** @type {State[]} */ (Object.keys(STATES));
const WORST_FIRST = ["clock_wrong", "silent", "stale", "late", "live"];
const EVERY = "";

export class Devices {
  /** @type {Device[]} */
  #devices = [];
  /** @type {State | null} */
  #filter = null;
  #isWhole = false;
  #connected = true;
  #live;
  #groups;
  #rows;

  /** @param {Live} live @param {Groups} groups @param {Choose} choose */
  constructor(live, groups, choose) {
    this.#live = live;
    this.#groups = groups;
    this.#rows = new Rows((device) => this.#age(device), choose);
    byId("search").addEventListener("input", () => this.#table());
    byId("vertical").addEventListener("change", () => this.#table());
    byId("devices-all").addEventListener("click", () => { this.#isWhole = true; this.#table(); });
  }

  /** @param {Device[]} devices */
  show(devices) {
    this.#devices = devices;
    const counts = byVertical(devices);
    /** @type {Option[]} */
    const verticals = [...counts].map(([name, size]) => [name, `${this.#groups.title(name)} (${count(size)})`]);
    verticals.sort(([, one], [, other]) => one.localeCompare(other));
    fillSelect(byId("vertical", HTMLSelectElement), [[EVERY, `All verticals (${count(devices.length)})`], ...verticals]);
    this.#render();
  }

  /**
   * Called every second.
   * @param {boolean} connected
   */
  tick(connected) {
    const before = this.#connected;
    this.#connected = connected;
    if (before !== connected || this.#rows.some((device, state) => this.#state(device) !== state)) this.#render();
    this.#rows.tick();
  }

  /** @param {Device} device */
  #seconds(device) {
    return device.last_observed_at === null ? null : (this.#live.now() - new Date(device.last_observed_at).getTime()) / 1000;
  }

  /** @param {Device} device */
  #age(device) {
    const seconds = this.#seconds(device);
    return seconds === null ? "never" : age(seconds);
  }

  /** @param {Device} device */
  #state(device) {
    const overdue = (this.#seconds(device) ?? 0) > 2 * device.expected_interval_s + GRACE;
    return device.state === "live" && overdue ? "stale" : device.state;
  }

  #render() {
    /** @type {Record<State, number>} */
    const counts = { live: 0, late: 0, stale: 0, silent: 0, clock_wrong: 0 };
    for (const device of this.#devices) counts[this.#state(device)] += 1;
    this.#headline(counts);
    this.#table();
  }

  /** @param {Record<State, number>} counts */
  #headline(counts) {
    const all = this.#devices.length;
    const every = counts.live === all ? `All ${count(all)} devices are live.` : `${count(counts.live)} of ${count(all)} devices are live.`;
    byId("headline").textContent = !this.#connected ? "Not connected. Nothing below is current."
      : all ? every : "No device is registered here.";
    const present = EVERY_STATE.filter((state) => counts[state]);
    replace(byId("shares"), present.map((state) => {
      const bar = element("span", { class: `fill-${state}` });
      bar.style.flexGrow = String(counts[state]);
      return bar;
    }));
    replace(byId("states"), EVERY_STATE.map((state) => element("button", {
      type: "button", title: STATES[state][1], "aria-pressed": String(this.#filter === state),
      onclick: () => { this.#filter = this.#filter === state ? null : state; this.#render(); },
    }, label(state, this.#connected), element("b", {}, count(counts[state])))));
  }

  #table() {
    const wanted = byId("search", HTMLInputElement).value.trim().toLowerCase();
    const vertical = byId("vertical", HTMLSelectElement).value;
    /** @type {[device: Device, state: State][]} */
    const withStates = this.#devices.map((device) => [device, this.#state(device)]);
    const found = withStates
      .filter(([device, state]) => (!this.#filter || state === this.#filter) && (!vertical || device.vertical === vertical))
      .filter(([device]) => `${device.title} ${device.name} ${device.site} ${device.type}`.toLowerCase().includes(wanted))
      .sort(([one, its], [other, others]) => WORST_FIRST.indexOf(its) - WORST_FIRST.indexOf(others)
        || one.name.localeCompare(other.name));
    const shown = this.#isWhole ? found : found.slice(0, AT_FIRST);
    this.#rows.show(shown, this.#connected);
    const of = found.length === this.#devices.length ? "" : ` of ${count(this.#devices.length)}`;
    byId("devices-more").textContent = found.length ? `${count(shown.length)} shown, ${count(found.length)}${of} found` : "No device matches.";
    byId("devices-all").hidden = shown.length === found.length;
    byId("devices-all").textContent = `Show all ${count(found.length)}`;
  }
}

/** @param {Device[]} devices */
function byVertical(devices) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const device of devices) found.set(device.vertical, (found.get(device.vertical) ?? 0) + 1);
  return found;
}
