// One day: the hours of a city's sums, or the quarter hours of a device's series. A gap is drawn as a gap.

import { get, instant } from "./api.js";
import { dayRange } from "./calendar.js";
import { band, bars, draw, line } from "./charts.js";
import { byId, fillSelect } from "./dom.js";
import { age, amount, clock, count, period, tiers, unit } from "./format.js";
import { pager, told } from "./pager.js";

const KPI = "kpi:";

// What a bucket lies between, in words; nothing where it is exact or nothing bounds it.
const between = ({ lower, upper }, symbol) =>
  (lower !== null && upper !== null && upper > lower ? `, between ${amount(lower, symbol)} and ${amount(upper, symbol)}` : "");

export class Day {
  #city = null;
  #live;
  #groups;
  #sums = [];
  #device = null;
  #shift = 0; // days from today
  #turn = 0;

  constructor(live, groups) {
    this.#live = live;
    this.#groups = groups;
    byId("day-of").addEventListener("change", () => this.refresh());
  }

  show(city, definitions) {
    this.#city = city;
    this.#shift = 0;
    this.#device = null;
    this.#sums = definitions.filter(({ has_hours, missing }) => has_hours && !missing);
    this.#offer();
    return this.refresh();
  }

  // Offers every series of a device, and draws what it measures now.
  choose(device) {
    this.#device = device;
    this.#offer();
    const first = device.values.find(({ kind }) => kind === "gauge") ?? device.values[0];
    if (!first) return;
    byId("day-of").value = String(first.series_id);
    this.refresh();
    byId("day").scrollIntoView({ block: "nearest" });
  }

  async refresh() {
    if (!this.#city) return;
    const [start, end] = dayRange(this.#live.now(), this.#shift, this.#city.timezone);
    const title = this.#shift === 0 ? "Today" : this.#shift === -1 ? "Yesterday" : period("day", start, this.#city.timezone);
    byId("day-title").textContent = title;
    pager("day", () => { this.#shift -= 1; this.refresh(); }, this.#shift < 0 && (() => { this.#shift += 1; this.refresh(); }));
    const turn = (this.#turn += 1);
    await told("day", () => this.#draw(start, end, () => turn === this.#turn));
  }

  #offer() {
    const sums = this.#groups.options(this.#sums).map(([name, title, group]) => [KPI + name, `${title}, by hour`, group]);
    const { title, values } = this.#device ?? { values: [] };
    const series = values.map((value) => [String(value.series_id), `${title}: ${value.title.toLowerCase()}`, "Device"]);
    fillSelect(byId("day-of"), [...sums, ...series]);
  }

  // Draws, unless a newer wish has overtaken this one; returns the caption.
  async #draw(start, end, isWanted) {
    const chosen = byId("day-of").value;
    if (!chosen) return "No indicator here has hours; choose a device below to see its day.";
    const range = { from: instant(start), to: instant(end) };
    const drawn = chosen.startsWith(KPI) ? await this.#hours(chosen.slice(KPI.length), range) : await this.#quarters(chosen, range);
    if (!isWanted()) return byId("day-caption").textContent;
    const known = drawn.points.filter((point) => point.value !== null);
    const curve = drawn.isAmount ? bars(known) : line(drawn.points, true);
    await draw(byId("day-plot"), [curve, ...(drawn.bounds ?? [])], drawn.points.length, drawn.ticks);
    return known.length ? drawn.caption : `${drawn.caption}; nothing is known of this day`;
  }

  async #hours(kpi, range) {
    const symbol = this.#sums.find(({ name }) => name === kpi).unit;
    const { items } = await get(`/kpis/${kpi}/hours`, { city: this.#city.name, ...range });
    const zone = this.#city.timezone;
    const points = items.map((hour, at) => {
      const whole = hour.sum !== null;
      const kind = hour.provisional ? "open" : whole ? "final" : "hollow";
      const meters = whole || hour.provisional ? "" : `, ${count(hour.known)} of ${count(hour.meters)} devices`;
      const text = `${clock(hour.start, zone)} to ${clock(hour.end, zone)}: ${amount(hour.so_far ?? 0, symbol)}${hour.provisional ? " so far" : meters}`;
      return { at, value: hour.so_far, kind, text };
    });
    const partial = points.filter((point) => point.kind === "hollow" && point.value !== null).length;
    const hollow = partial ? `; hollow bars: ${partial} hours in which devices are missing` : "";
    return { points, ticks: this.#ticks(items), isAmount: true, caption: `${unit(symbol) || "number"} per hour${hollow}` };
  }

  // How long a device was in each of its states.
  async #states(series, range) {
    const { items: [day] } = await get(`/series/${series}/aggregates`, { interval: "day", ...range });
    const unknown = [day.provisional ? "unknown or to come" : "unknown", day.unknown_s];
    const lasted = [...Object.entries(day.states), unknown].filter(([, seconds]) => seconds > 0);
    const points = lasted.map(([name, seconds], at) => ({ at, value: seconds / 3600,
      kind: name === unknown[0] ? "hollow" : "final", text: `${name}: ${age(seconds)}` }));
    return { points, ticks: lasted.map(([name], at) => [at, name]), isAmount: true, caption: "h in each state" };
  }

  async #quarters(series, range) {
    const { kind } = this.#device.values.find(({ series_id }) => String(series_id) === series);
    if (kind === "state") return this.#states(series, range);
    const [{ items, unit: symbol }, { items: [day] }] = await Promise.all(["15min", "day"].map((interval) =>
      get(`/series/${series}/aggregates`, { interval, ...range })));
    const isAmount = kind !== "gauge";
    const points = items.map((bucket, at) => {
      const value = isAmount ? bucket.sum : bucket.mean;
      return { at, value, kind: bucket.provisional && isAmount ? "open" : "final",
        text: value === null ? "" : `${clock(bucket.start, this.#city.timezone)}: ${amount(value, symbol)}${between(bucket, symbol)}` };
    });
    const bounds = band(items.map(({ lower, upper, provisional }, at) => ({ at, lower: provisional ? null : lower, upper })));
    const what = isAmount ? "per quarter hour" : "mean of quarter hours";
    const said = bounds.length > 0 ? "; the band is what it may have been" : "";
    return { points, bounds, ticks: this.#ticks(items), isAmount,
      caption: `${[unit(symbol), what].filter(Boolean).join(", ")}; ${tiers(day)}${said}` };
  }

  #ticks(items) {
    const labels = items.map(({ start }, at) => [at, clock(start, this.#city.timezone)]);
    return labels.filter(([, label]) => label.endsWith(":00") && Number(label.slice(0, 2)) % 6 === 0);
  }
}
