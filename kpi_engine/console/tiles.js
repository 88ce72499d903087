// Indicators as tiles, by vertical: the figure, what it covers, and how far it can be relied on. No figure is never shown
// as zero, and an indicator that the city cannot have says why.

/** @import { Child } from "./dom.js" */
/** @import { Groups } from "./groups.js" */
/** @import { Kpi, KpiValue } from "./types" */
/** @typedef {"day" | "month" | "year"} Period */

import { byId, choice, element, replace } from "./dom.js";
import { amount, bounds, clock, number, percent, period as periodName, unit } from "./format.js";
import { DUE, showLineage } from "./lineage.js";

/** @type {[Period, string][]} */
const PERIODS = [["day", "Day"], ["month", "Month"], ["year", "Year"]];
/** @type {Record<string, string>} */
const STATUS = { final: "final", provisional: "provisional", insufficient: "not enough data" };

export class Tiles {
  #groups;
  /** @type {Kpi[]} */
  #definitions = [];
  /** @type {KpiValue[]} */
  #values = [];
  #zone = "UTC";
  /** @type {Period} */
  #period = "month";

  /** @param {Groups} groups */
  constructor(groups) {
    this.#groups = groups;
  }

  /** @param {Kpi[]} definitions @param {string} zone */
  define(definitions, zone) {
    this.#definitions = definitions;
    this.#zone = zone;
    this.show([]);
  }

  /** @param {KpiValue[]} values */
  show(values) {
    this.#values = values;
    this.#render();
  }

  #render() {
    choice(byId("period"), PERIODS, this.#period, (chosen) => { this.#period = chosen; this.#render(); });
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement && activeElement.dataset.kpi;
    const groups = this.#groups.of(this.#definitions);
    const present = groups.filter(([, members]) => members.some(({ missing }) => !missing));
    const absent = groups.filter((group) => !present.includes(group)).map(([title]) => title);
    replace(byId("tiles"), present.map(([title, members]) => this.#group(title, members, present.length > 1)),
      absent.length > 0 && element("p", { class: "quiet" }, `Nothing in this city is counted for ${absent.join(", ")}.`));
    const again = focused && byId("tiles").querySelector(`[data-kpi="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {string} title @param {Kpi[]} members @param {boolean} isTitled */
  #group(title, members, isTitled) {
    const absent = members.filter(({ missing }) => missing);
    const tiles = members.filter(({ missing }) => !missing).map((one) => this.#tile(one));
    return element("section", { class: "tile-group", "data-size": Math.min(tiles.length, 3) },
      isTitled && element("h3", {}, title),
      element("div", { class: "tiles" }, tiles),
      absent.map((one) => element("p", { class: "quiet", "data-kpi": one.name },
        element("b", {}, `${one.title}: no figure here. `), one.missing)));
  }

  /** @param {Kpi} definition */
  #tile(definition) {
    const known = this.#values
      .filter((value) => value.kpi === definition.name && value.period === this.#period)
      .sort((one, other) => other.period_start.localeCompare(one.period_start));
    const [newest, before] = known;
    const open = newest && (() => showLineage(definition, newest, this.#zone));
    return element("button", { type: "button", class: "tile", "data-kpi": definition.name, disabled: !newest, onclick: open,
      title: newest ? "Show what stands behind it" : null },
    figure(newest),
    element("span", { class: "tile-title" }, definition.title),
    element("span", { class: "tile-period" }, newest ? this.#when(newest) : "Nothing was computed for this period yet."),
    newest && this.#facts(newest, before));
  }

  /** @param {KpiValue} value @returns {Child[]} */
  #when(value) {
    const name = periodName(value.period, value.period_start, this.#zone);
    const open = new Date(value.through) < new Date(value.period_end);
    const until = open && (value.period === "day" ? ` until ${clock(value.through, this.#zone)}` : ", so far");
    return [name, until || "", " · ", element("b", { class: value.status }, STATUS[value.status] ?? value.status),
      value.due && element("span", { class: "due", title: DUE }, " · being computed again")];
  }

  /** @param {KpiValue} value @param {KpiValue} [before] */
  #facts(value, before) {
    const bar = element("span");
    bar.style.width = `${Math.min(1, value.coverage) * 100}%`;
    const estimated = value.estimated_share === null ? "" : ` · estimated ${percent(value.estimated_share)}`;
    const earlier = before && before.value !== null
      && `${periodName(before.period, before.period_start, this.#zone)}: ${amount(before.value, before.unit)}`;
    return element("span", { class: "tile-facts" },
      element("span", { class: "meter", role: "presentation" }, bar),
      `coverage ${percent(value.coverage)}${estimated}`,
      bounds(value) && element("span", { class: "tile-bounds" }, element("br"), bounds(value)),
      value.reason && element("span", { class: "tile-reason" }, value.reason),
      earlier && element("span", {}, element("br"), earlier));
  }
}

/** @param {KpiValue} [value] */
function figure(value) {
  if (!value || value.value === null) return element("span", { class: "tile-figure none" }, "no figure");
  return element("span", { class: "tile-figure" }, number(value.value, value.unit), " ", element("small", {}, unit(value.unit)));
}
