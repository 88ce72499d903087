// The rows of the table of devices: one is built anew only when its device or its state has changed.

/** @import { Device, LatestValue, State } from "./types" */
/** @typedef {(device: Device) => string} AddressOf */
/** @typedef {{ element: HTMLElement, age: HTMLElement, device: Device, state: State, connected: boolean }} Row */

import { byId, element, replace } from "./dom.js";
import { STATES, number, unit } from "./format.js";
import { t, told, within } from "./texts.js";

const SHOWN = 5; // values per device

/** @param {State} state @param {boolean} connected */
export function label(state, connected) {
  return connected ? element("span", { class: `state state-${state}` }, STATES[state][0])
    : element("span", { class: "state state-was" }, t("was {state}", { state: STATES[state][0] }));
}

export class Rows {
  /** @type {Map<string, Row>} by the names of the devices */
  #rows = new Map();
  #age;
  #addressOf;

  /** @param {(device: Device) => string} age @param {AddressOf} addressOf */
  constructor(age, addressOf) {
    this.#age = age;
    this.#addressOf = addressOf;
  }

  /**
   * Shows devices in this order.
   * @param {[device: Device, state: State][]} devices
   * @param {boolean} connected
   */
  show(devices, connected) {
    const before = [...this.#rows.values()].map((row) => row.element);
    this.#rows = new Map(devices.map(([device, state]) => [device.name, this.#row(device, state, connected)]));
    const after = [...this.#rows.values()].map((row) => row.element);
    if (before.length !== after.length || after.some((row, index) => row !== before[index])) replace(byId("devices"), after);
  }

  /** @param {(device: Device, state: State) => boolean} holds */
  some(holds) {
    return [...this.#rows.values()].some(({ device, state }) => holds(device, state));
  }

  tick() {
    for (const { device, age } of this.#rows.values()) {
      const text = this.#age(device);
      if (age.textContent !== text) age.textContent = text;
    }
  }

  /** @param {Device} device @param {State} state @param {boolean} connected @returns {Row} */
  #row(device, state, connected) {
    const known = this.#rows.get(device.name);
    if (known && known.device === device && known.state === state && known.connected === connected) return known;
    const age = element("span", {}, this.#age(device));
    const isLive = state === "live" && connected;
    const name = element("a", { href: this.#addressOf(device) }, device.title);
    const row = element("tr", { class: isLive ? "is-live" : "" },
      element("td", { class: "state-cell" }, label(state, connected)),
      element("td", { class: "name" }, name, device.title !== device.name && element("span", { class: "quiet" }, device.name)),
      element("td", { class: "age" }, age, !isLive && device.last_observed_at && element("span", { class: "quiet" }, t("last known"))),
      element("td", { class: "values-cell" }, element("div", { class: "values" }, current(device).map((value) =>
        element("span", {}, element("b", {}, newest(value)), ` ${unit(value.unit)}`,
          element("i", {}, within(value.title)))))));
    return { element: row, age, device, state, connected };
  }
}

/**
 * What it is now, without its unit.
 * @param {LatestValue} value
 */
const newest = ({ state, value, unit: symbol }) => state !== null ? told(state) : value === null ? "" : number(value, symbol);

/**
 * Gauges and states say what is now; a meter that reports registers only shows those.
 * @param {Device} device
 */
function current(device) {
  const known = device.values.filter((value) => (value.state ?? value.value) !== null);
  const now = known.filter((value) => ["gauge", "state"].includes(value.kind));
  return (now.length ? now : known).slice(0, SHOWN);
}
