// What is live and what is not: the headline, the states, the table. Ages keep counting between events, and a device
// whose time has passed is shown as stale before anybody says so.

import { byId, element, replace } from "./dom.js";
import { STATES, age, count, number, unit } from "./format.js";

const ROWS = 100;
const GRACE = 30; // seconds, as in the server's own judgement
const SHOWN = 5; // values per device
const WORST_FIRST = ["clock_wrong", "silent", "stale", "late", "live"];

export class Devices {
  #devices = [];
  #rows = new Map();
  #filter = null;
  #connected = true;
  #live;
  #choose;

  constructor(live, choose) {
    this.#live = live;
    this.#choose = choose;
    byId("search").addEventListener("input", () => this.#render());
  }

  show(devices) {
    this.#devices = devices;
    this.#render();
  }

  // Called every second.
  tick(connected) {
    const before = this.#connected;
    this.#connected = connected;
    const changed = this.#devices.some((device) => this.#state(device) !== this.#rows.get(device.name)?.state);
    if (before !== connected || changed) this.#render();
    for (const [, row] of this.#rows) row.age.textContent = this.#age(row.device);
  }

  #seconds(device) {
    return device.last_observed_at && (this.#live.now() - new Date(device.last_observed_at)) / 1000;
  }

  #age(device) {
    const seconds = this.#seconds(device);
    return seconds === null ? "never" : age(seconds);
  }

  #state(device) {
    const overdue = this.#seconds(device) > 2 * device.expected_interval_s + GRACE;
    return device.state === "live" && overdue ? "stale" : device.state;
  }

  #render() {
    const counts = Object.fromEntries(Object.keys(STATES).map((state) => [state, 0]));
    for (const device of this.#devices) counts[this.#state(device)] += 1;
    this.#headline(counts);
    this.#table();
  }

  #headline(counts) {
    const all = this.#devices.length;
    const every = counts.live === all ? `All ${count(all)} devices are live.` : `${count(counts.live)} of ${count(all)} devices are live.`;
    byId("headline").textContent = !this.#connected ? "Not connected. Nothing below is current."
      : all ? every : "No device is registered here.";
    const present = Object.keys(STATES).filter((state) => counts[state]);
    replace(byId("shares"), present.map((state) => {
      const bar = element("span", { class: `fill-${state}` });
      bar.style.flexGrow = counts[state];
      return bar;
    }));
    replace(byId("states"), Object.keys(STATES).map((state) => element("button", {
      type: "button", title: STATES[state][1], "aria-pressed": String(this.#filter === state),
      onclick: () => { this.#filter = this.#filter === state ? null : state; this.#render(); },
    }, this.#label(state), element("b", {}, count(counts[state])))));
  }

  #label(state) {
    return this.#connected ? element("span", { class: `state state-${state}` }, STATES[state][0])
      : element("span", { class: "state state-was" }, `was ${STATES[state][0]}`);
  }

  #table() {
    const wanted = byId("search").value.trim().toLowerCase();
    const found = this.#devices
      .filter((device) => !this.#filter || this.#state(device) === this.#filter)
      .filter((device) => `${device.title} ${device.name} ${device.site}`.toLowerCase().includes(wanted))
      .sort((one, other) => WORST_FIRST.indexOf(this.#state(one)) - WORST_FIRST.indexOf(this.#state(other))
        || one.name.localeCompare(other.name));
    this.#rows = new Map(found.slice(0, ROWS).map((device) => [device.name, this.#row(device)]));
    replace(byId("devices"), [...this.#rows.values()].map((row) => row.element));
    const rest = found.length - ROWS;
    byId("devices-more").textContent = rest > 0 ? `and ${count(rest)} more; narrow the search to see them`
      : found.length ? "" : "No device matches.";
  }

  #row(device) {
    const state = this.#state(device);
    const seconds = element("span", {}, this.#age(device));
    const isLive = state === "live" && this.#connected;
    const name = element("button", { type: "button", class: "plain", title: "Show its day",
      onclick: () => this.#choose(device) }, device.title);
    const row = element("tr", { class: isLive ? "is-live" : "" },
      element("td", { class: "state-cell" }, this.#label(state)),
      element("td", { class: "name" }, name, element("span", { class: "quiet" }, device.name)),
      element("td", { class: "age" }, seconds, !isLive && element("span", { class: "quiet" }, "last known")),
      element("td", { class: "values-cell" }, element("div", { class: "values" }, current(device).map((value) =>
        element("span", {}, element("b", {}, number(value.value)), ` ${unit(value.unit)}`,
          element("i", {}, value.title.toLowerCase()))))));
    return { element: row, age: seconds, device, state };
  }
}

// Gauges say what is now; a meter that reports registers only shows those.
function current(device) {
  const known = device.values.filter((value) => value.value !== null);
  const gauges = known.filter((value) => value.kind === "gauge");
  return (gauges.length ? gauges : known).slice(0, SHOWN);
}
