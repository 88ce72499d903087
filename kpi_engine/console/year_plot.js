// One year of an indicator in days or months, beside another year or what was known before. What has no figure is
// marked, and never drawn as zero; what each figure may have been is a band.

/** @import { Point, Tick } from "./charts.js" */
/** @import { KpiValue } from "./types" */
/** @typedef {"day" | "month"} By */
/** @typedef {{ starts: number[], values: KpiValue[] }} Figures periods by their starts, and what is known of them */

import { civilDate, startsOf } from "./calendar.js";
import { band, bars, draw, gaps, line, marks } from "./charts.js";
import { amount, bounds, converted, percent, period } from "./format.js";
import { locale, t } from "./texts.js";
import { STATUS } from "./tiles.js";

const FROM_ANYWHERE = ["degC", "K"]; // units whose zero is no floor: drawn as a line

/**
 * The figures of a year, one for each period that has one.
 * @param {By} by
 * @param {number} year
 * @param {KpiValue[]} values
 * @param {string} zone
 * @returns {{ start: number, value: KpiValue | undefined }[]}
 */
export function placed(by, year, values, zone) {
  const byStart = new Map(values.map((value) => [new Date(value.period_start).getTime(), value]));
  return startsOf(by, year, zone).map((start) => ({ start, value: byStart.get(start) }));
}

/**
 * @param {HTMLElement} plot
 * @param {string} symbol of the unit
 * @param {{ start: number, value: KpiValue | undefined }[]} periods
 * @param {{ name: string, values: (KpiValue | undefined)[] }[]} others drawn as marks at the same places
 * @param {string} zone
 */
export async function drawYear(plot, symbol, periods, others, zone) {
  const points = periods.map(({ value }, at) => point(value, at, zone));
  const known = points.filter(({ value }) => value !== null);
  const missing = points.filter(({ isMissing }) => isMissing);
  const isLine = FROM_ANYWHERE.includes(symbol);
  const level = isLine && known.length ? Math.min(...known.map(({ value }) => value ?? Infinity)) : 0;
  const between = band(periods.map(({ value }, at) => ({ at, lower: value?.value == null || value.lower === null ? null : converted(value.lower, symbol),
    upper: value?.value == null || value.upper === null ? null : converted(value.upper, symbol) })));
  const beside = others.map(({ name, values }) => marks(values.flatMap((value, at) =>
    (value?.value == null ? [] : [{ at, value: converted(value.value, symbol), text: `${name}, ${point(value, at, zone).text}` }]))));
  await draw(plot, [isLine ? line(points) : bars(known), ...between, ...beside, gaps(missing, level)], points.length,
    ticks(periods.map(({ start }) => start), zone));
  return { known: known.length, open: known.filter(({ kind }) => kind === "open").length, missing: missing.length, isBanded: between.length > 0 };
}

/** @param {KpiValue | undefined} value @param {number} at @param {string} zone @returns {Point & { isMissing?: boolean }} */
function point(value, at, zone) {
  if (!value) return { at, value: null, kind: "final", text: "" };
  const name = period(value.period, value.period_start, zone);
  const range = bounds(value);
  if (value.value === null) {
    return { at, value: null, isMissing: true, kind: "final", text: `${name}: ${t("no figure")}${range && `, ${range}`}` };
  }
  const estimated = value.estimated_share ? `, ${t("estimated {share}", { share: percent(value.estimated_share) })}` : "";
  const text = `${name}: ${amount(value.value, value.unit)}${range && ` (${range})`}`;
  return { at, value: converted(value.value, value.unit), kind: value.status === "final" ? "final" : "open",
    text: `${text}, ${STATUS[value.status] ?? value.status}, ${t("coverage {share}", { share: percent(value.coverage) })}${estimated}` };
}

/**
 * The first days of months.
 * @param {number[]} starts
 * @param {string} zone
 */
function ticks(starts, zone) {
  /** @param {number} start */
  const short = (start) => new Date(start).toLocaleDateString(locale, { timeZone: zone, month: "short" });
  /** @type {Tick[]} */
  const firsts = starts.flatMap((start, at) => (civilDate(start, zone).day === 1 ? [[at, short(start)]] : []));
  return firsts.filter((_, index) => firsts.length <= 12 && index % (innerWidth < 640 ? 2 : 1) === 0);
}
