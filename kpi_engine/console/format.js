// Numbers, units, ages and periods as people read them.

/** @import { Bucket, State } from "./types" */

import { shownIn } from "./settings.js";
import { locale, t, tp } from "./texts.js";

/** @type {Record<string, string>} */
const UNITS = { 1: "", percent: "%", degC: "°C", m3: "m³", "m3/h": "m³/h", "m3.degC": "m³·°C", m2: "m²", "W/m2": "W/m²",
  "kWh/m2": "kWh/m²", "kg/m2": "kg/m²", "EUR/m2": "EUR/m²", "K.d": "K·d", "K.h": "K·h", "W/(lx.m2)": "W/(lx·m²)" };

/** @param {string} symbol */
export function unit(symbol) {
  const { unit: chosen } = shownIn(symbol);
  return UNITS[chosen] ?? chosen;
}

/** A value in the unit that it is shown in. @param {number} value @param {string} symbol of the unit it is kept in */
export const converted = (value, symbol) => value * shownIn(symbol).factor;

/** @param {number} value @param {string} [symbol] of its unit */
export function number(value, symbol) {
  if (symbol === "1" && Number.isInteger(value)) return count(value);
  const shown = symbol === undefined ? value : converted(value, symbol);
  const size = Math.abs(shown);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return shown.toLocaleString(locale, { minimumFractionDigits: shown === 0 ? 0 : digits, maximumFractionDigits: digits });
}

/** @param {number} value @param {string} symbol */
export const amount = (value, symbol) => `${number(value, symbol)} ${unit(symbol)}`.trim();

/**
 * Between what a value lies, as "5,320 to 5,390 kWh"; nothing where that is the value itself, or nothing bounds it.
 * @param {{ value: number | null, lower: number | null, upper: number | null, unit: string }} figure
 */
export function bounds({ value, lower, upper, unit: symbol }) {
  const least = lower === null ? null : number(lower, symbol);
  const most = upper === null ? null : number(upper, symbol);
  if (least === null && most === null) return "";
  if (value !== null && least === most) return "";
  if (most === null) return t("{amount} or more", { amount: `${least} ${unit(symbol)}` });
  return least === null ? t("{amount} or less", { amount: `${most} ${unit(symbol)}` }) : tp("bounds", "{least} to {most}", { least, most: `${most} ${unit(symbol)}` });
}

/** @param {number} value */
export const count = (value) => value.toLocaleString(locale);

/**
 * Never rounds up to a whole: 99.96 % is not 100 %.
 * @param {number} share
 */
export function percent(share) {
  const value = Math.floor(share * 1000 + 1e-6) / 10;
  return `${value.toLocaleString(locale, { maximumFractionDigits: 1 })} %`;
}

/** @typedef {"measured" | "interpolated" | "estimated" | "unknown"} Tier */
const TIERS = /** @type {Tier[]} */ (["measured", "interpolated", "estimated", "unknown"]);

/** @param {Tier} tier @param {string} share */
function tierOf(tier, share) {
  if (tier === "measured") return t("measured {share}", { share });
  if (tier === "interpolated") return t("interpolated {share}", { share });
  return tier === "estimated" ? t("estimated {share}", { share }) : t("unknown {share}", { share });
}

/**
 * How well the time of a bucket is known, and how long nobody heard of it. What is to come of an open one is no gap.
 * @param {Bucket} bucket
 */
export function tiers(bucket) {
  const shares = TIERS.map((tier) => ({ tier, share: bucket[`${tier}_share`] ?? 0 }));
  const shown = shares.filter(({ tier, share }) => tier === "measured" || (share >= 0.0005 && !(tier === "unknown" && bucket.provisional)));
  const gap = bucket.longest_gap_s === null ? [] : [t("longest gap {age}", { age: age(bucket.longest_gap_s) })];
  const leftOut = bucket.rejected ? [t("readings left out as wrong: {count}", { count: count(bucket.rejected) })] : [];
  return [...shown.map(({ tier, share }) => tierOf(tier, percent(share))), ...gap, ...leftOut].join(", ");
}

/** @param {number} seconds */
export function age(seconds) {
  if (seconds < 60) return t("{seconds} s", { seconds: Math.max(0, Math.floor(seconds)) });
  if (seconds < 3600) return t("{minutes} min", { minutes: Math.floor(seconds / 60) });
  if (seconds < 86400) return t("{hours} h {minutes} min", { hours: Math.floor(seconds / 3600), minutes: Math.floor((seconds % 3600) / 60) });
  return t("{days} d", { days: count(Math.floor(seconds / 86400)) });
}

/** @typedef {string | number} Time ISO 8601, or milliseconds since 1970 UTC */

/** @param {Time} time @param {string} zone */
export function clock(time, zone) {
  return new Date(time).toLocaleTimeString(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit" });
}

/** @param {Time} time @param {string} zone */
export function moment(time, zone) {
  return new Date(time).toLocaleString(locale, { timeZone: zone, day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit" });
}

/** To the second. @param {Time} time @param {string} zone */
export function precise(time, zone) {
  return new Date(time).toLocaleString(locale, { timeZone: zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const PERIODS = { day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" }, year: { year: "numeric" } };

/** @param {string} kind @param {Time} start @param {string} zone */
export function period(kind, start, zone) {
  return new Date(start).toLocaleDateString(locale, { timeZone: zone, ...PERIODS[kind] });
}

/** @type {Record<State, [name: string, meaning: string]>} */
export const STATES = {
  live: [t("live"), t("current by its own promise")],
  late: [t("late"), t("sends, but what it sends is old")],
  stale: [t("stale"), t("has missed its time")],
  silent: [t("silent"), t("has missed it by far, or never sent")],
  clock_wrong: [t("clock wrong"), t("sends times that cannot be true")],
};
