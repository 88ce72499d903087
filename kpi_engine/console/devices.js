// What is live and what is not: the headline, the states, and which devices the table shows. Ages keep counting between
// events, and a device whose time has passed is shown as stale before anybody says so.

import { byId, element, fillSelect, replace } from "./dom.js";
import { STATES, age, count } from "./format.js";
import { Rows, label } from "./rows.js";

const AT_FIRST = matchMedia("(max-width: 40rem)").matches ? 15 : 40; // rows; a table of hundreds is no view
const GRACE = 30; // seconds, as in the server's own judgement
const WORST_FIRST = ["clock_wrong", "silent", "stale", "late", "live"];
const EVERY = "";

export class Devices {
  #devices = [];
  #filter = null;
  #isWhole = false;
  #connected = true;
  #live;
  #groups;
  #rows;

  constructor(live, groups, choose) {
    this.#live = live;
    this.#groups = groups;
    this.#rows = new Rows((device) => this.#age(device), choose);
    byId("search").addEventListener("input", () => this.#table());
    byId("vertical").addEventListener("change", () => this.#table());
    byId("devices-all").addEventListener("click", () => { this.#isWhole = true; this.#table(); });
  }

  show(devices) {
    this.#devices = devices;
    const counts = byVertical(devices);
    fillSelect(byId("vertical"), [[EVERY, `All verticals (${count(devices.length)})`],
      ...[...counts].map(([name, size]) => [name, `${this.#groups.title(name)} (${count(size)})`])
        .sort(([, one], [, other]) => one.localeCompare(other))]);
    this.#render();
  }

  // Called every second.
  tick(connected) {
    const before = this.#connected;
    this.#connected = connected;
    if (before !== connected || this.#rows.some((device, state) => this.#state(device) !== state)) this.#render();
    this.#rows.tick();
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
    }, label(state, this.#connected), element("b", {}, count(counts[state])))));
  }

  #table() {
    const wanted = byId("search").value.trim().toLowerCase();
    const vertical = byId("vertical").value;
    const found = this.#devices
      .map((device) => [device, this.#state(device)])
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

function byVertical(devices) {
  const found = new Map();
  for (const device of devices) found.set(device.vertical, (found.get(device.vertical) ?? 0) + 1);
  return found;
}
