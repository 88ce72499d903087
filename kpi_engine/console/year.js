// One year of an indicator of the city, in days or months. What has no figure is marked, and never drawn as zero.

import { get, instant } from "./api.js";
import { civilDate, startsOf, yearRange } from "./calendar.js";
import { bars, draw, gaps, line } from "./charts.js";
import { byId, choice, fillSelect } from "./dom.js";
import { amount, bounds, count, percent, period, unit } from "./format.js";
import { pager, told } from "./pager.js";

const FROM_ANYWHERE = ["degC", "K"]; // units whose zero is no floor: drawn as a line

export class Year {
  #city = null;
  #live;
  #groups;
  #definitions = [];
  #year = null;
  #by = matchMedia("(max-width: 40rem)").matches ? "month" : "day";
  #turn = 0;

  constructor(live, groups) {
    this.#live = live;
    this.#groups = groups;
    byId("year-of").addEventListener("change", () => this.refresh());
  }

  show(city, definitions) {
    this.#city = city;
    this.#year = null;
    this.#definitions = definitions.filter(({ missing }) => !missing);
    const isNew = !this.#definitions.some(({ name }) => name === byId("year-of").value);
    fillSelect(byId("year-of"), this.#groups.options(this.#definitions));
    const [first] = this.#groups.options(this.#definitions.filter(({ has_hours }) => has_hours));
    if (isNew && first) byId("year-of").value = first[0];
    return this.refresh();
  }

  async refresh() {
    if (!this.#city) return;
    const now = civilDate(this.#live.now(), this.#city.timezone).year;
    this.#year ??= now;
    choice(byId("year-by"), [["day", "Days"], ["month", "Months"]], this.#by, (by) => { this.#by = by; this.refresh(); });
    byId("year-title").textContent = String(this.#year);
    pager("year", () => { this.#year -= 1; this.refresh(); }, this.#year < now && (() => { this.#year += 1; this.refresh(); }));
    const turn = (this.#turn += 1);
    await told("year", () => this.#draw(this.#year, () => turn === this.#turn));
  }

  async #draw(year, isWanted) {
    const [start, end] = yearRange(year, this.#city.timezone);
    const definition = this.#definitions.find(({ name }) => name === byId("year-of").value);
    if (!definition) return "No indicator is computed for this city.";
    const { items } = await get(`/kpis/${definition.name}/values`,
      { city: this.#city.name, period: this.#by, from: instant(start), to: instant(end) });
    if (!isWanted()) return byId("year-caption").textContent;
    const byStart = new Map(items.map((value) => [new Date(value.period_start).getTime(), value]));
    const starts = startsOf(this.#by, year, this.#city.timezone);
    const points = starts.map((from, at) => this.#point(byStart.get(from), at));
    const known = points.filter((point) => point.value !== null);
    const missing = points.filter((point) => point.missing);
    const isLine = FROM_ANYWHERE.includes(definition.unit);
    const level = isLine && known.length ? Math.min(...known.map((point) => point.value)) : 0;
    await draw(byId("year-plot"), [isLine ? line(points) : bars(known), gaps(missing, level)], points.length, this.#ticks(starts));
    return this.#caption(definition, known, missing);
  }

  #point(value, at) {
    if (!value) return { at, value: null, kind: "final", text: "" };
    const name = period(value.period, value.period_start, this.#city.timezone);
    const range = bounds(value);
    if (value.value === null) return { at, value: null, missing: true, text: `${name}: no figure${range && `, ${range}`}` };
    const estimated = value.estimated_share ? `, ${percent(value.estimated_share)} estimated` : "";
    return { at, value: value.value, lower: value.lower ?? NaN, upper: value.upper ?? NaN, kind: value.status === "final" ? "final" : "open",
      text: `${name}: ${amount(value.value, value.unit)}${range && ` (${range})`}, ${value.status}, coverage ${percent(value.coverage)}${estimated}` };
  }

  #ticks(starts) {
    const zone = this.#city.timezone;
    const short = (start) => new Date(start).toLocaleDateString("en-GB", { timeZone: zone, month: "short" });
    const firsts = starts.map((start, at) => [at, start]).filter(([, start]) => civilDate(start, zone).day === 1);
    return firsts.map(([at, start]) => [at, short(start)]).filter((_, index) => firsts.length <= 12 && index % (innerWidth < 640 ? 2 : 1) === 0);
  }

  #caption(definition, known, missing) {
    const each = this.#by === "day" ? "days" : "months";
    const provisional = known.filter((point) => point.kind === "open").length;
    const parts = [`${unit(definition.unit) || "number"} per ${this.#by}: ${count(known.length)} ${each} with a figure`];
    if (provisional) parts.push(`${count(provisional)} of them provisional (paler)`);
    if (missing.length) parts.push(`${count(missing.length)} without enough data (crosses)`);
    return parts.join(", ");
  }
}
