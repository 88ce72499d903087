// Which figures were recomputed last, and why.

/** @import { City, Recomputation } from "./types" */
/** @typedef {Recomputation & { subjects: Set<string | null>, groups: boolean, kpis: Set<string> }} Run */

import { get } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { age, period } from "./format.js";
import { locale, t, tn } from "./texts.js";

const ASKED = 400;
const MOST = 1000;
const SHOWN = 8;

/**
 * @param {City} city
 * @param {Map<string, string>} titles of indicators
 * @param {number} now
 * @param {boolean} isWhole
 */
export async function showRecomputed(city, titles, now, isWhole) {
  const { items } = await get("/kpis/recomputations", { city: city.name, limit: isWhole ? MOST : ASKED });
  const every = grouped(items);
  const runs = isWhole ? every : every.slice(0, SHOWN);
  if (!document.getElementById("recomputed")) return; // another page was opened meanwhile
  byId("recomputed-all").hidden = runs.length === every.length;
  replace(byId("recomputed"), runs.length ? runs.map((run) => element("li", {},
    element("time", { datetime: run.computed_at }, t("{age} ago", { age: age((now - new Date(run.computed_at).getTime()) / 1000) })),
    element("span", {}, `${period(run.period, run.period_start, city.timezone)}: ${what(run, titles)}`,
      element("span", { class: "quiet" }, ` ${whom(run)}`)),
    element("span", { class: "cause" }, run.changed ? run.cause : t("{cause}, unchanged", { cause: run.cause }))))
    : element("li", { class: "quiet" }, t("Nothing was recomputed in the last day.")));
}

/**
 * One line per period and run: indicators of a city, its sites and its groups are recomputed together.
 * @param {Recomputation[]} items
 */
function grouped(items) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  for (const item of items) {
    const key = [item.period, item.period_start, item.cause, item.computed_at].join();
    const run = runs.get(key);
    if (run) {
      run.subjects.add(item.site ?? item.group);
      run.groups ||= item.group !== null;
      run.kpis.add(item.kpi);
      run.changed ||= item.changed;
    } else {
      runs.set(key, { ...item, subjects: new Set([item.site ?? item.group]), groups: item.group !== null, kpis: new Set([item.kpi]) });
    }
  }
  return [...runs.values()];
}

/** @param {string[]} names */
const listed = (names) => new Intl.ListFormat(locale).format(names);

/** @param {Run} run @param {Map<string, string>} titles */
function what({ kpis }, titles) {
  const named = [...kpis].map((kpi) => titles.get(kpi) ?? kpi);
  return named.length > 2 ? tn(named.length, "{count} indicator", "{count} indicators") : listed(named);
}

/** @param {Run} run */
function whom({ subjects, groups }) {
  const named = [...subjects].filter((name) => name !== null);
  const some = named.length <= 2 ? listed(named) : groups ? tn(named.length, "{count} site and group", "{count} sites and groups") : tn(named.length, "{count} site", "{count} sites");
  if (named.length === subjects.size) return some;
  return some ? t("the city and {others}", { others: some }) : t("the city");
}
