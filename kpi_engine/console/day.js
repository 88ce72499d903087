// One day: the hours of a city's sums, or the quarter hours of a device's series. A gap is drawn as a gap.

/** @import { Point, Tick } from "./charts.js" */
/** @import { Option } from "./dom.js" */
/** @import { Groups } from "./groups.js" */
/** @import { Live } from "./live.js" */
/** @import { Trace } from "./plotly" */
/** @import { City, Device, Kpi } from "./types" */
/** @typedef {{ points: Point[], bounds?: Trace[], ticks: Tick[], isAmount: boolean, caption: string }} Drawing */
/** @typedef {{ from: string, to: string }} Range */

import { get, instant } from "./api.js";
import { dayRange } from "./calendar.js";
import { band, bars, draw, line } from "./charts.js";
import { byId, fillSelect } from "./dom.js";
import { age, amount, clock, count, period, tiers, unit } from "./format.js";
import { captioned, pager } from "./pager.js";

const KPI = "kpi:";

/**
 * What a bucket lies between, in words; nothing where it is exact or nothing bounds it.
 * @param {{ lower: number | null, upper: number | null }} bucket
 * @param {string} symbol
 */
const between = ({ lower, upper }, symbol) =>
  (lower !== null && upper !== null && upper > lower ? `, between ${amount(lower, symbol)} and ${amount(upper, symbol)}` : "");

export class Day {
  /** @type {City | null} */
  #city = null;
  #live;
  #groups;
  /** @type {Kpi[]} */
  #sums = [];
  /** @type {Device | null} */
  #device = null;
  #shift = 0; // days from today
  #turn = 0;

  /** @param {Live} live @param {Groups} groups */
  constructor(live, groups) {
    this.#live = live;
    this.#groups = groups;
    byId("day-of").addEventListener("change", () => this.refresh());
  }

  /** @param {City} city @param {Kpi[]} definitions */
  show(city, definitions) {
    this.#city = city;
    this.#shift = 0;
    this.#device = null;
    this.#sums = definitions.filter(({ has_hours, missing }) => has_hours && !missing);
    this.#offer();
    return this.refresh();
  }

  /**
   * Offers every series of a device, and draws what it measures now.
   * @param {Device} device
   */
  choose(device) {
    this.#device = device;
    this.#offer();
    const first = device.values.find(({ kind }) => kind === "gauge") ?? device.values[0];
    if (!first) return;
    byId("day-of", HTMLSelectElement).value = String(first.series_id);
    this.refresh();
    byId("day").scrollIntoView({ block: "nearest" });
  }

  async refresh() {
    const city = this.#city;
    if (!city) return;
    const [start, end] = dayRange(this.#live.now(), this.#shift, city.timezone);
    const title = this.#shift === 0 ? "Today" : this.#shift === -1 ? "Yesterday" : period("day", start, city.timezone);
    byId("day-title").textContent = title;
    pager("day", () => { this.#shift -= 1; this.refresh(); }, this.#shift < 0 && (() => { this.#shift += 1; this.refresh(); }));
    const turn = (this.#turn += 1);
    await captioned("day", () => this.#draw(city, { from: instant(start), to: instant(end) }, () => turn === this.#turn));
  }

  #offer() {
    /** @type {Option[]} */
    const sums = this.#groups.options(this.#sums).map(([name, title, group]) => [KPI + name, `${title}, by hour`, group]);
    const { title, values } = this.#device ?? { title: "", values: [] };
    /** @type {Option[]} */
    const series = values.map((value) => [String(value.series_id), `${title}: ${value.title.toLowerCase()}`, "Device"]);
    fillSelect(byId("day-of", HTMLSelectElement), [...sums, ...series]);
  }

  /**
   * Draws, unless a newer wish has overtaken this one; returns the caption.
   * @param {City} city
   * @param {Range} range
   * @param {() => boolean} isWanted
   */
  async #draw(city, range, isWanted) {
    const chosen = byId("day-of", HTMLSelectElement).value;
    if (!chosen) return "No indicator here has hours; choose a device below to see its day.";
    const drawn = await (chosen.startsWith(KPI) ? this.#hours(city, chosen.slice(KPI.length), range)
      : this.#quarters(city, chosen, range));
    if (!isWanted()) return byId("day-caption").textContent;
    const known = drawn.points.filter((point) => point.value !== null);
    const curve = drawn.isAmount ? bars(known) : line(drawn.points, true);
    await draw(byId("day-plot"), [curve, ...(drawn.bounds ?? [])], drawn.points.length, drawn.ticks);
    return known.length ? drawn.caption : `${drawn.caption}; nothing is known of this day`;
  }

  /** @param {City} city @param {string} kpi @param {Range} range @returns {Promise<Drawing>} */
  async #hours(city, kpi, range) {
    const definition = this.#sums.find(({ name }) => name === kpi);
    if (!definition) throw new Error(`${kpi} has no hours here.`);
    const { unit: symbol } = definition;
    const { items } = await get(`/kpis/${kpi}/hours`, { city: city.name, ...range });
    const zone = city.timezone;
    /** @type {Point[]} */
    const points = items.map((hour, at) => {
      const whole = hour.sum !== null;
      const kind = hour.provisional ? "open" : whole ? "final" : "hollow";
      const meters = whole || hour.provisional ? "" : `, ${count(hour.known)} of ${count(hour.meters)} devices`;
      const text = `${clock(hour.start, zone)} to ${clock(hour.end, zone)}: ${amount(hour.so_far ?? 0, symbol)}${hour.provisional ? " so far" : meters}`;
      return { at, value: hour.so_far, kind, text };
    });
    const partial = points.filter((point) => point.kind === "hollow" && point.value !== null).length;
    const hollow = partial ? `; hollow bars: ${partial} hours in which devices are missing` : "";
    return { points, ticks: ticks(items, zone), isAmount: true, caption: `${unit(symbol) || "number"} per hour${hollow}` };
  }

  /**
   * How long a device was in each of its states.
   * @param {string} series
   * @param {Range} range
   * @returns {Promise<Drawing>}
   */
  async #states(series, range) {
    const day = await whole(series, range);
    const unknown = day.provisional ? "unknown or to come" : "unknown";
    /** @type {[name: string, seconds: number][]} */
    const every = [...Object.entries(day.states ?? {}), [unknown, day.unknown_s ?? 0]];
    const lasted = every.filter(([, seconds]) => seconds > 0);
    /** @type {Point[]} */
    const points = lasted.map(([name, seconds], at) => ({ at, value: seconds / 3600,
      kind: name === unknown ? "hollow" : "final", text: `${name}: ${age(seconds)}` }));
    return { points, ticks: lasted.map(([name], at) => [at, name]), isAmount: true, caption: "h in each state" };
  }

  /** @param {City} city @param {string} series @param {Range} range @returns {Promise<Drawing>} */
  async #quarters(city, series, range) {
    const kind = this.#device?.values.find(({ series_id }) => String(series_id) === series)?.kind;
    if (kind === "state") return this.#states(series, range);
    const [{ items, unit: symbol }, day] = await Promise.all([
      get(`/series/${series}/aggregates`, { interval: "15min", ...range }), whole(series, range)]);
    const isAmount = kind !== "gauge";
    /** @type {Point[]} */
    const points = items.map((bucket, at) => {
      const value = isAmount ? bucket.sum : bucket.mean;
      return { at, value, kind: bucket.provisional && isAmount ? "open" : "final",
        text: value === null ? "" : `${clock(bucket.start, city.timezone)}: ${amount(value, symbol)}${between(bucket, symbol)}` };
    });
    const bounds = band(items.map(({ lower, upper, provisional }, at) => ({ at, lower: provisional ? null : lower, upper })));
    const what = isAmount ? "per quarter hour" : "mean of quarter hours";
    const meaning = bounds.length > 0 ? "; the band is what it may have been" : "";
    return { points, bounds, ticks: ticks(items, city.timezone), isAmount,
      caption: `${[unit(symbol), what].filter(Boolean).join(", ")}; ${tiers(day)}${meaning}` };
  }
}

/**
 * The day of a series as one bucket.
 * @param {string} series
 * @param {Range} range
 */
async function whole(series, range) {
  const { items: [day] } = await get(`/series/${series}/aggregates`, { interval: "day", ...range });
  if (!day) throw new Error("The server says nothing of this day.");
  return day;
}

/**
 * Every sixth hour.
 * @param {{ start: string }[]} items
 * @param {string} zone
 */
function ticks(items, zone) {
  /** @type {Tick[]} */
  const labels = items.map(({ start }, at) => [at, clock(start, zone)]);
  return labels.filter(([, label]) => label.endsWith(":00") && Number(label.slice(0, 2)) % 6 === 0);
}
