// What a map shows of each site: its worst state, its load of now, or a figure of a month.

/** @import { Known } from "./known.js" */
/** @import { Device, KpiValue, Site, State } from "./types" */
/** @typedef {{ told: string, state: State | null, value: number | null, href: string | null }} SiteValue */

import { get, instant } from "./api.js";
import { STATES, amount, count, percent, period } from "./format.js";
import { WORST_FIRST } from "./freshness.js";
import { t, tn } from "./texts.js";
import { STATUS, figureAddress } from "./tiles.js";

const MONTHS = 400 * 86_400_000; // milliseconds: a year and the running month
/** What flows now, by what is measured. @type {Record<string, string>} */
export const LOADS = { heat_power: t("Heat now"), electricity_power: t("Electricity now") };

/** @param {Known} known @param {Device[]} devices @returns {SiteValue} */
export function stateOf(known, devices) {
  const counts = known.freshness.counts(devices);
  const present = WORST_FIRST.filter((state) => counts[state]);
  const told = present.map((state) => `${count(counts[state])} ${STATES[state][0]}`).join(", ") || t("no devices");
  return { told, state: present[0] ?? null, value: null, href: null };
}

/**
 * The sum of what live devices say that they take or give now; what is not live is no load of now.
 * @param {Known} known @param {Device[]} devices @param {string} quantity
 * @returns {SiteValue}
 */
export function loadOf(known, devices, quantity) {
  const measuring = devices.flatMap((device) => device.values.filter((value) => value.quantity === quantity).map((value) => ({ device, value })));
  const live = measuring.filter(({ device, value }) => known.freshness.state(device) === "live" && value.value !== null);
  const [first] = measuring;
  if (!first) return { told: t("nothing here measures it"), state: null, value: null, href: null };
  const of = tn(measuring.length, "{live} of {count} device live", "{live} of {count} devices live", { live: count(live.length) });
  if (live.length < measuring.length) return { told: t("not known: {why}", { why: of }), state: null, value: null, href: null };
  const sum = live.reduce((total, { value }) => total + (value.value ?? 0), 0);
  return { told: `${amount(sum, first.value.unit)} (${of})`, state: null, value: sum, href: null };
}

/**
 * Figures of a year of months, of every site.
 * @param {Known} known
 * @param {string} kpi
 */
export async function monthsOf(known, kpi) {
  const now = known.live.now();
  /** @type {KpiValue[]} */
  const found = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {{ items: KpiValue[], next_cursor: string | null }} */
    const part = await get(`/kpis/${kpi}/values`, { city: known.city.name, site: "*", period: "month", from: instant(now - MONTHS), to: instant(now), limit: 5000, cursor });
    found.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor);
  return found;
}

/** @param {Known} known @param {Site} site @param {KpiValue[]} figures of one month @returns {SiteValue} */
export function figureOf(known, site, figures) {
  const figure = figures.find((one) => one.site === site.name);
  if (!figure) return { told: t("no figure of this month"), state: null, value: null, href: null };
  const status = STATUS[figure.status] ?? figure.status;
  const told = figure.value === null ? status : t("{amount}, {status}, coverage {share}", { amount: amount(figure.value, figure.unit), status, share: percent(figure.coverage) });
  return { told, state: null, value: figure.value, href: figureAddress(known, figure) };
}

/** @param {Known} known @param {string} start */
export const monthName = (known, start) => period("month", start, known.zone);
