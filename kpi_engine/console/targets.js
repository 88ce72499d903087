// Where the figures of a city, its sites and groups are to go, and whether they do.

/** @import { City, KpiTarget } from "./types" */

import { get } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { amount } from "./format.js";
import { t } from "./texts.js";

/** Those that need somebody first. @type {Record<string, string>} */
const STATUSES = { off_track: t("off track"), at_risk: t("at risk"), unknown: t("not known"), on_track: t("on track") };
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
    element("span", { class: "quiet" }, target.is_early ? t("by its months so far") : ""));
}

/** @param {KpiTarget} target */
function goal({ year, years, unit, better }) {
  const judged = years.find((one) => one.year === year) ?? years[0];
  if (!judged || judged.goal === null) return "";
  const facts = { goal: amount(judged.goal, unit ?? ""), year: judged.year, found: judged.value === null ? "" : amount(judged.value, unit ?? "") };
  if (judged.value === null) return better === "higher" ? t("at least {goal} in {year}.", facts) : t("at most {goal} in {year}.", facts);
  return better === "higher" ? t("at least {goal} in {year}, {found} found.", facts) : t("at most {goal} in {year}, {found} found.", facts);
}
