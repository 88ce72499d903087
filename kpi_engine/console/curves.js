// The curves: one day in hours or quarter hours, one year in days or months. A gap is drawn as a gap.

import { get, instant } from "./api.js";
import { civilDate, dayRange, startsOf, yearRange } from "./calendar.js";
import { bars, draw, gaps, line, onThemeChange } from "./charts.js";
import { byId, choice, element, fillSelect, replace } from "./dom.js";
import { clock, count, number, percent, period, unit } from "./format.js";

const CITY = "";
const DAY_QUANTITY = ["heat_power", "outdoor_temperature"];

export class Curves {
  #city = null;
  #live;
  #definitions;
  #day = 0; // days from today
  #year = null;
  #by = matchMedia("(max-width: 40rem)").matches ? "month" : "day";
  #series = new Map(); // series of the day, by id
  #turn = 0;

  constructor(live, definitions) {
    this.#live = live;
    this.#definitions = definitions;
    fillSelect(byId("year-of"), definitions.map(({ name, title }) => [name, title]));
    byId("year-of").value = definitions.some(({ name }) => name === "heat_delivered") ? "heat_delivered" : byId("year-of").value;
    byId("year-of").addEventListener("change", () => this.refreshYear());
    byId("day-of").addEventListener("change", () => this.refreshDay());
    onThemeChange(() => this.refresh());
  }

  show(city) {
    this.#city = city;
    this.#day = 0;
    this.#year = null;
    return this.refresh();
  }

  offer(devices) {
    const offered = devices.flatMap((device) => device.values
      .filter((value) => DAY_QUANTITY.includes(value.quantity))
      .map((value) => [String(value.series_id), `${device.title}: ${value.title.toLowerCase()}`, value]));
    this.#series = new Map(offered.map(([id, , value]) => [id, value]));
    fillSelect(byId("day-of"), [[CITY, "Whole city: heat delivered per hour"], ...offered]);
  }

  choose(device) {
    const found = device.values.find((value) => this.#series.has(String(value.series_id)));
    if (!found) return;
    byId("day-of").value = String(found.series_id);
    this.refreshDay();
    byId("day").scrollIntoView({ block: "nearest" });
  }

  async refresh() {
    await Promise.all([this.refreshDay(), this.refreshYear()]);
  }

  async refreshDay() {
    if (!this.#city) return;
    const [start, end] = dayRange(this.#live.now(), this.#day, this.#city.timezone);
    const title = this.#day === 0 ? "Today" : this.#day === -1 ? "Yesterday" : period("day", start, this.#city.timezone);
    this.#pager("day", title, () => { this.#day -= 1; this.refreshDay(); }, this.#day < 0 && (() => { this.#day += 1; this.refreshDay(); }));
    await this.#drawn("day", () => this.#drawDay(start, end));
  }

  async refreshYear() {
    if (!this.#city) return;
    const now = civilDate(this.#live.now(), this.#city.timezone).year;
    this.#year ??= now;
    choice(byId("year-by"), [["day", "Days"], ["month", "Months"]], this.#by, (by) => { this.#by = by; this.refreshYear(); });
    this.#pager("year", String(this.#year), () => { this.#year -= 1; this.refreshYear(); },
      this.#year < now && (() => { this.#year += 1; this.refreshYear(); }));
    await this.#drawn("year", () => this.#drawYear(this.#year));
  }

  #pager(figure, title, back, forth) {
    byId(`${figure}-title`).textContent = title;
    const step = (label, name, go) => element("button", { type: "button", "aria-label": name, disabled: !go, onclick: go || null }, label);
    replace(byId(`${figure}-pager`), step("‹", `Earlier ${figure}`, back), step("›", `Later ${figure}`, forth));
  }

  // Draws, unless a newer wish has overtaken this one; what goes wrong is said below the curve.
  async #drawn(figure, drawing) {
    try {
      byId(`${figure}-caption`).textContent = await drawing();
    } catch (error) {
      byId(`${figure}-caption`).textContent = error.message;
    }
  }

  async #drawDay(start, end) {
    const chosen = byId("day-of").value;
    const range = { from: instant(start), to: instant(end) };
    const { points, ticks, caption } = chosen === CITY ? await this.#cityHours(range) : await this.#quarters(chosen, range);
    if (byId("day-of").value !== chosen) return "";
    const known = points.filter((point) => point.value !== null);
    await draw(byId("day-plot"), [chosen === CITY ? bars(known) : line(points, true)], points.length, ticks);
    return caption;
  }

  async #cityHours(range) {
    const { items } = await get("/kpis/heat_delivered/hours", { city: this.#city.name, ...range });
    const zone = this.#city.timezone;
    const points = items.map((hour, at) => {
      const whole = hour.sum !== null;
      const kind = hour.provisional ? "open" : whole ? "final" : "hollow";
      const meters = whole || hour.provisional ? "" : `, ${count(hour.known)} of ${count(hour.meters)} meters`;
      const text = `${clock(hour.start, zone)} to ${clock(hour.end, zone)}: ${number(hour.so_far ?? 0)} kWh${hour.provisional ? " so far" : meters}`;
      return { at, value: hour.so_far, kind, text };
    });
    const partial = points.filter((point) => point.kind === "hollow" && point.value !== null).length;
    const caption = `kWh per hour${partial ? `; hollow bars: ${partial} hours in which meters are missing` : ""}`;
    return { points, ticks: this.#hourTicks(items), caption };
  }

  async #quarters(series, range) {
    const { items, unit: symbol } = await get(`/series/${series}/aggregates`, { interval: "15min", ...range });
    const zone = this.#city.timezone;
    const points = items.map((bucket, at) => ({ at, value: bucket.mean, kind: "final",
      text: bucket.mean === null ? "" : `${clock(bucket.start, zone)}: ${number(bucket.mean)} ${unit(symbol)}` }));
    return { points, ticks: this.#hourTicks(items), caption: `${unit(symbol)}, mean of quarter hours` };
  }

  #hourTicks(items) {
    const labels = items.map(({ start }, at) => [at, clock(start, this.#city.timezone)]);
    return labels.filter(([, label]) => label.endsWith(":00") && Number(label.slice(0, 2)) % 6 === 0);
  }

  async #drawYear(year) {
    const turn = (this.#turn += 1);
    const [start, end] = yearRange(year, this.#city.timezone);
    const definition = this.#definitions.find(({ name }) => name === byId("year-of").value);
    const { items } = await get(`/kpis/${definition.name}/values`,
      { city: this.#city.name, period: this.#by, from: instant(start), to: instant(end) });
    if (turn !== this.#turn) return byId("year-caption").textContent;
    const byStart = new Map(items.map((value) => [new Date(value.period_start).getTime(), value]));
    const starts = startsOf(this.#by, year, this.#city.timezone);
    const points = starts.map((from, at) => this.#point(byStart.get(from), at));
    const known = points.filter((point) => point.value !== null);
    const missing = points.filter((point) => point.missing);
    const isAmount = /Wh$|^k?g$|^t$/.test(definition.unit);
    const level = isAmount || !known.length ? 0 : Math.min(...known.map((point) => point.value));
    await draw(byId("year-plot"), [isAmount ? bars(known) : line(points), gaps(missing, level)], points.length, this.#yearTicks(starts));
    return this.#yearCaption(definition, known, missing);
  }

  #point(value, at) {
    if (!value) return { at, value: null, kind: "final", text: "" };
    const name = period(value.period, value.period_start, this.#city.timezone);
    if (value.value === null) return { at, value: null, missing: true, text: `${name}: no figure` };
    const estimated = value.estimated_share ? `, ${percent(value.estimated_share)} estimated` : "";
    return { at, value: value.value, kind: value.status === "final" ? "final" : "open",
      text: `${name}: ${number(value.value)} ${unit(value.unit)}, ${value.status}, coverage ${percent(value.coverage)}${estimated}` };
  }

  #yearTicks(starts) {
    const zone = this.#city.timezone;
    const short = (start) => new Date(start).toLocaleDateString("en-GB", { timeZone: zone, month: "short" });
    const firsts = starts.map((start, at) => [at, start]).filter(([, start]) => civilDate(start, zone).day === 1);
    return firsts.map(([at, start]) => [at, short(start)]).filter((_, index) => firsts.length <= 12 && index % (innerWidth < 640 ? 2 : 1) === 0);
  }

  #yearCaption(definition, known, missing) {
    const each = this.#by === "day" ? "days" : "months";
    const provisional = known.filter((point) => point.kind === "open").length;
    const parts = [`${unit(definition.unit)} per ${this.#by}: ${count(known.length)} ${each} with a figure`];
    if (provisional) parts.push(`${count(provisional)} of them provisional (paler)`);
    if (missing.length) parts.push(`${count(missing.length)} without enough data (crosses)`);
    return parts.join(", ");
  }
}
