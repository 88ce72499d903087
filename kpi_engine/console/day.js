// One day: the hours of an indicator, or the quarter hours of a device's series. A gap is drawn as a gap.

/** @import { Point, Tick } from "./charts.js" */
/** @import { Known } from "./known.js" */
/** @import { Trace } from "./plotly" */
/** @import { Choices } from "./router.js" */
/** @import { Kpi, Series } from "./types" */
/** @typedef {{ points: Point[], bounds?: Trace[], ticks: Tick[], isAmount: boolean, caption: string }} Drawing */
/** @typedef {{ from: string, to: string }} Range */
/** @typedef {{ site?: string | null, group?: string | null }} Subject the city where neither is given */

import { get, instant, reason } from "./api.js";
import { dayName, dayRange, daysLater, isDay, timeOfDay } from "./calendar.js";
import { band, bars, draw, line } from "./charts.js";
import { element, replace } from "./dom.js";
import { age, amount, clock, converted, count, period, tiers, unit } from "./format.js";
import { t, tn, told } from "./texts.js";
import { Turns } from "./turns.js";

/**
 * What a bucket lies between, in words; nothing where it is exact or nothing bounds it.
 * @param {{ lower: number | null, upper: number | null }} bucket
 * @param {string} symbol
 */
const between = ({ lower, upper }, symbol) =>
  (lower !== null && upper !== null && upper > lower ? t(", between {lower} and {upper}", { lower: amount(lower, symbol), upper: amount(upper, symbol) }) : "");

/** The day of an address, or today. @param {Known} known @param {string | null} asked */
export function dayOf(known, asked) {
  return isDay(asked) ? asked : dayName(known.live.now(), 0, known.zone);
}

/** A curve of one day, with steps to the days beside it. */
export class DayFigure {
  #known;
  #choose;
  #turns = new Turns();
  #title = element("h2", { id: "day-title" });
  #pager = element("div", { class: "pager" });
  #plot = element("div", { class: "plot", id: "day-plot" });
  #caption = element("figcaption", { id: "day-caption" });

  /** @param {Known} known @param {HTMLElement} place @param {(choices: Choices) => void} choose */
  constructor(known, place, choose) {
    this.#known = known;
    this.#choose = choose;
    replace(place, element("figure", { id: "day", "aria-labelledby": "day-title" },
      element("div", { class: "section-head" }, this.#title, this.#pager), this.#plot, this.#caption));
  }

  /** @param {string} day @param {(range: Range) => Promise<Drawing>} ask */
  async show(day, ask) {
    const today = dayName(this.#known.live.now(), 0, this.#known.zone);
    const [start, end] = dayRange(day, this.#known.zone);
    this.#title.textContent = day === today ? t("Today") : day === daysLater(today, -1) ? t("Yesterday") : period("day", start, this.#known.zone);
    this.#step(day, today);
    const isWanted = this.#turns.take();
    try {
      const drawn = await ask({ from: instant(start), to: instant(end) });
      if (!isWanted()) return;
      const known = drawn.points.filter((point) => point.value !== null);
      await draw(this.#plot, [drawn.isAmount ? bars(known) : line(drawn.points, true), ...(drawn.bounds ?? [])], drawn.points.length, drawn.ticks);
      if (isWanted()) this.#caption.textContent = known.length ? drawn.caption : t("{caption}; nothing is known of this day", { caption: drawn.caption });
    } catch (error) {
      if (isWanted()) this.#caption.textContent = reason(error);
    }
  }

  /** @param {string} day @param {string} today */
  #step(day, today) {
    if (this.#pager.dataset["day"] === `${day} ${today}`) return; // what is focused stays
    this.#pager.dataset["day"] = `${day} ${today}`;
    /** @param {string} label @param {string} name @param {number} days */
    const step = (label, name, days) => element("button", { type: "button", "aria-label": name, disabled: daysLater(day, days) > today,
      onclick: () => { this.#choose({ day: daysLater(day, days) }); this.#focus(name); } }, label);
    const date = element("input", { type: "date", "aria-label": t("Day"), value: day, max: today });
    date.addEventListener("change", () => isDay(date.value) && this.#choose({ day: date.value }));
    replace(this.#pager, step("‹", t("Earlier day"), -1), date, step("›", t("Later day"), 1));
  }

  /** @param {string} name */
  #focus(name) {
    const button = this.#pager.querySelector(`[aria-label="${name}"]`);
    if (button instanceof HTMLElement) button.focus();
  }
}

/** The hours of an amount. @param {Known} known @param {Kpi} definition @param {Subject} subject @param {Range} range @returns {Promise<Drawing>} */
export async function hoursOfDay(known, definition, subject, range) {
  const { unit: symbol } = definition;
  const { items } = await get(`/kpis/${definition.name}/hours`, { city: known.city.name, ...subject, ...range });
  const zone = known.zone;
  /** @type {Point[]} */
  const points = items.map((hour, at) => {
    const whole = hour.sum !== null;
    const kind = hour.provisional ? "open" : whole ? "final" : "hollow";
    const facts = { start: clock(hour.start, zone), end: clock(hour.end, zone), amount: amount(hour.so_far ?? 0, symbol), known: count(hour.known), all: count(hour.meters) };
    const text = hour.provisional ? t("{start} to {end}: {amount} so far", facts) : whole ? t("{start} to {end}: {amount}", facts)
      : t("{start} to {end}: {amount}, {known} of {all} devices", facts);
    return { at, value: hour.so_far === null ? null : converted(hour.so_far, symbol), kind, text };
  });
  const partial = points.filter((point) => point.kind === "hollow" && point.value !== null).length;
  const hollow = partial ? tn(partial, "; hollow bars: {count} hour in which devices are missing", "; hollow bars: {count} hours in which devices are missing") : "";
  return { points, ticks: ticks(items, zone), isAmount: true, caption: t("{unit} per hour", { unit: unit(symbol) || t("number") }) + hollow };
}

/** The quarter hours of a series; of states how long each lasted. @param {Known} known @param {Series} series @param {Range} range */
export function seriesOfDay(known, series, range) {
  return series.kind === "state" ? states(series, range) : quarters(known, series, range);
}

/** @param {Series} series @param {Range} range @returns {Promise<Drawing>} */
async function states({ series_id }, range) {
  const day = await whole(series_id, range);
  const unknown = day.provisional ? t("unknown or to come") : t("unknown");
  /** @type {[name: string, seconds: number][]} */
  const every = [...Object.entries(day.states ?? {}).map(([name, seconds]) => /** @type {[string, number]} */ ([told(name), seconds])), [unknown, day.unknown_s ?? 0]];
  const lasted = every.filter(([, seconds]) => seconds > 0);
  /** @type {Point[]} */
  const points = lasted.map(([name, seconds], at) => ({ at, value: seconds / 3600,
    kind: name === unknown ? "hollow" : "final", text: `${name}: ${age(seconds)}` }));
  return { points, ticks: lasted.map(([name], at) => [at, name]), isAmount: true, caption: t("h in each state") };
}

/** @param {Known} known @param {Series} series @param {Range} range @returns {Promise<Drawing>} */
async function quarters(known, { series_id, kind }, range) {
  const [{ items, unit: symbol }, day] = await Promise.all([
    get(`/series/${series_id}/aggregates`, { interval: "15min", ...range }), whole(series_id, range)]);
  const isAmount = kind !== "gauge";
  /** @type {Point[]} */
  const points = items.map((bucket, at) => {
    const value = isAmount ? bucket.sum : bucket.mean;
    return { at, value: value === null ? null : converted(value, symbol), kind: bucket.provisional && isAmount ? "open" : "final",
      text: value === null ? "" : `${clock(bucket.start, known.zone)}: ${amount(value, symbol)}${between(bucket, symbol)}` };
  });
  const bounds = band(items.map(({ lower, upper, provisional }, at) => ({ at, lower: provisional || lower === null ? null : converted(lower, symbol),
    upper: upper === null ? null : converted(upper, symbol) })));
  const what = isAmount ? t("per quarter hour") : t("mean of quarter hours");
  const meaning = bounds.length > 0 ? t("; the band is what it may have been") : "";
  return { points, bounds, ticks: ticks(items, known.zone), isAmount,
    caption: `${[unit(symbol), what].filter(Boolean).join(", ")}; ${tiers(day)}${meaning}` };
}

/**
 * The day of a series as one bucket.
 * @param {number} series
 * @param {Range} range
 */
async function whole(series, range) {
  const { items: [day] } = await get(`/series/${series}/aggregates`, { interval: "day", ...range });
  if (!day) throw new Error(t("The server says nothing of this day."));
  return day;
}

/**
 * Every sixth hour.
 * @param {{ start: string }[]} items
 * @param {string} zone
 */
function ticks(items, zone) {
  return items.flatMap(({ start }, at) => {
    const { hour, minute } = timeOfDay(new Date(start).getTime(), zone);
    return minute === 0 && hour % 6 === 0 ? [/** @type {Tick} */ ([at, clock(start, zone)])] : [];
  });
}
