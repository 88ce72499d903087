// Where the figures of a city, its sites and groups are to go, and whether they do.

/** @import { City, KpiTarget } from "./types" */

import { get } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { amount } from "./format.js";

/** Those that need somebody first. @type {Record<string, string>} */
const STATUSES = { off_track: "off track", at_risk: "at risk", unknown: "not known", on_track: "on track" };
const ORDER = Object.keys(STATUSES);

/** @param {City} city */
export async function showTargets(city) {
  const { items } = await get("/targets", { city: city.name });
  const ordered = items.toSorted((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  if (!document.getElementById("targets")) return; // another page was opened meanwhile
  byId("targets-part").hidden = items.length === 0;
  replace(byId("targets"), ordered.map(line));
}

/** @param {KpiTarget} target */
function line(target) {
  return element("li", { "data-status": target.status },
    element("span", { class: "status" }, STATUSES[target.status] ?? target.status),
    element("span", {}, element("b", {}, target.site ?? target.group ? `${target.title}: ${target.site ?? target.group}` : target.title), ` ${goal(target)}`,
      target.reason && element("span", { class: "quiet" }, ` ${target.reason}`)),
    element("span", { class: "quiet" }, target.is_early ? "by its months so far" : ""));
}

/** @param {KpiTarget} target */
function goal({ year, years, unit, better }) {
  const judged = years.find((one) => one.year === year) ?? years[0];
  if (!judged || judged.goal === null) return "";
  const most = better === "higher" ? "at least" : "at most";
  const found = judged.value === null ? "" : `, ${amount(judged.value, unit ?? "")} found`;
  return `${most} ${amount(judged.goal, unit ?? "")} in ${judged.year}${found}.`;
}
