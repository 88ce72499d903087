// One year of an indicator of the city, in days or months. What has no figure is marked, and never drawn as zero.

/** @import { Point, Tick } from "./charts.js" */
/** @import { Groups } from "./groups.js" */
/** @import { Live } from "./live.js" */
/** @import { City, Kpi, KpiValue } from "./types" */
/** @typedef {"day" | "month"} By */

import { get, instant } from "./api.js";
import { civilDate, startsOf, yearRange } from "./calendar.js";
import { bars, draw, gaps, line } from "./charts.js";
import { byId, choice, fillSelect } from "./dom.js";
import { amount, bounds, count, percent, period, unit } from "./format.js";
import { captioned, pager } from "./pager.js";

const FROM_ANYWHERE = ["degC", "K"]; // units whose zero is no floor: drawn as a line

export class Year {
  /** @type {City | null} */
  #city = null;
  #live;
  #groups;
  /** @type {Kpi[]} */
  #definitions = [];
  /** @type {number | null} */
  #year = null;
  /** @type {By} */
  #by = matchMedia("(max-width: 40rem)").matches ? "month" : "day";
  #turn = 0;

  /** @param {Live} live @param {Groups} groups */
  constructor(live, groups) {
    this.#live = live;
    this.#groups = groups;
    byId("year-of").addEventListener("change", () => this.refresh());
  }

  /** @param {City} city @param {Kpi[]} definitions */
  show(city, definitions) {
    this.#city = city;
    this.#year = null;
    this.#definitions = definitions.filter(({ missing }) => !missing);
    const select = byId("year-of", HTMLSelectElement);
    const isNew = !this.#definitions.some(({ name }) => name === select.value);
    fillSelect(select, this.#groups.options(this.#definitions));
    const [first] = this.#groups.options(this.#definitions.filter(({ has_hours }) => has_hours));
    if (isNew && first) select.value = first[0];
    return this.refresh();
  }

  async refresh() {
    const city = this.#city;
    if (!city) return;
    const now = civilDate(this.#live.now(), city.timezone).year;
    const year = (this.#year ??= now);
    /** @param {number} other */
    const go = (other) => { this.#year = other; this.refresh(); };
    choice(byId("year-by"), [["day", "Days"], ["month", "Months"]], this.#by, (by) => { this.#by = by; this.refresh(); });
    byId("year-title").textContent = String(year);
    pager("year", () => go(year - 1), year < now && (() => go(year + 1)));
    const turn = (this.#turn += 1);
    await captioned("year", () => this.#draw(city, year, () => turn === this.#turn));
  }

  /** @param {City} city @param {number} year @param {() => boolean} isWanted */
  async #draw(city, year, isWanted) {
    const [start, end] = yearRange(year, city.timezone);
    const chosen = byId("year-of", HTMLSelectElement).value;
    const definition = this.#definitions.find(({ name }) => name === chosen);
    if (!definition) return "No indicator is computed for this city.";
    const { items } = await get(`/kpis/${definition.name}/values`,
      { city: city.name, period: this.#by, from: instant(start), to: instant(end) });
    if (!isWanted()) return byId("year-caption").textContent;
    const byStart = new Map(items.map((value) => [new Date(value.period_start).getTime(), value]));
    const starts = startsOf(this.#by, year, city.timezone);
    const points = starts.map((from, at) => point(byStart.get(from), at, city.timezone));
    const known = points.filter(({ value }) => value !== null);
    const missing = points.filter(({ isMissing }) => isMissing);
    const isLine = FROM_ANYWHERE.includes(definition.unit);
    const level = isLine && known.length ? Math.min(...known.map(({ value }) => value ?? Infinity)) : 0;
    await draw(byId("year-plot"), [isLine ? line(points) : bars(known), gaps(missing, level)], points.length, ticks(starts, city.timezone));
    return this.#caption(definition, known, missing);
  }

  /** @param {Kpi} definition @param {Point[]} known @param {Point[]} missing */
  #caption(definition, known, missing) {
    const each = this.#by === "day" ? "days" : "months";
    const provisional = known.filter((point) => point.kind === "open").length;
    const parts = [`${unit(definition.unit) || "number"} per ${this.#by}: ${count(known.length)} ${each} with a figure`];
    if (provisional) parts.push(`${count(provisional)} of them provisional (paler)`);
    if (missing.length) parts.push(`${count(missing.length)} without enough data (crosses)`);
    return parts.join(", ");
  }
}

/** @param {KpiValue | undefined} value @param {number} at @param {string} zone @returns {Point & { isMissing?: boolean }} */
function point(value, at, zone) {
  if (!value) return { at, value: null, kind: "final", text: "" };
  const name = period(value.period, value.period_start, zone);
  const range = bounds(value);
  if (value.value === null) {
    return { at, value: null, isMissing: true, kind: "final", text: `${name}: no figure${range && `, ${range}`}` };
  }
  const estimated = value.estimated_share ? `, ${percent(value.estimated_share)} estimated` : "";
  const text = `${name}: ${amount(value.value, value.unit)}${range && ` (${range})`}`;
  return { at, value: value.value, lower: value.lower ?? NaN, upper: value.upper ?? NaN, kind: value.status === "final" ? "final" : "open",
    text: `${text}, ${value.status}, coverage ${percent(value.coverage)}${estimated}` };
}

/**
 * The first days of months.
 * @param {number[]} starts
 * @param {string} zone
 */
function ticks(starts, zone) {
  /** @param {number} start */
  const short = (start) => new Date(start).toLocaleDateString("en-GB", { timeZone: zone, month: "short" });
  /** @type {Tick[]} */
  const firsts = starts.flatMap((start, at) => (civilDate(start, zone).day === 1 ? [[at, short(start)]] : []));
  return firsts.filter((_, index) => firsts.length <= 12 && index % (innerWidth < 640 ? 2 : 1) === 0);
}
