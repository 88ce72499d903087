// Indicators as tiles: the figure, what it covers, and how far it can be relied on. No figure is never shown as zero, and
// an indicator that the city cannot have says why.

/** @import { Child } from "./dom.js" */
/** @import { Known } from "./known.js" */
/** @import { Choices } from "./router.js" */
/** @import { Kpi, KpiValue } from "./types" */
/** @typedef {"day" | "month" | "year"} Period */
/** @typedef {{ title: string, members: Kpi[], rest?: Child }} TileGroup with a way to those that it leaves out */

import { dayName } from "./calendar.js";
import { byId, choice, element, loading, replace } from "./dom.js";
import { amount, bounds, clock, number, percent, period as periodName, unit } from "./format.js";
import { localTimes } from "./local_times.js";
import { t, tp } from "./texts.js";

/** @type {[Period, string][]} */
const PERIODS = [["day", t("Day")], ["month", t("Month")], ["year", t("Year")]];
/** @type {Record<string, string>} */
export const STATUS = { final: tp("figure", "final"), provisional: tp("figure", "provisional"), insufficient: t("not enough data") };
export const DUE = t("due: what it was computed from has changed, or may have, and it is computed again soon");

/**
 * The period that is chosen; without a choice the month, or the day while far more indicators have a figure of that.
 * @param {URLSearchParams} choices
 * @param {KpiValue[]} values
 * @returns {Period}
 */
export function periodOf(choices, values) {
  const named = PERIODS.map(([name]) => name);
  const chosen = named.find((name) => name === choices.get("period"));
  /** @param {Period} period how many indicators have a figure of it */
  const known = (period) => new Set(values.filter((one) => one.period === period && one.value !== null).map(({ kpi }) => kpi)).size;
  const [days, months] = [known("day"), known("month")];
  return chosen ?? (days > 2 * months ? "day" : months || !known("year") ? "month" : "year");
}

/**
 * Where everything behind a figure is shown.
 * @param {Known} known
 * @param {KpiValue} value
 */
export function figureAddress(known, value) {
  if (value.value_id !== null) return known.address("figure", { kpi: value.kpi }, { value: value.value_id });
  const day = dayName(new Date(value.period_start).getTime(), 0, known.zone);
  return known.address("figure", { kpi: value.kpi }, { site: value.site, group: value.group, day });
}

export class Tiles {
  #known;
  #choose;

  /** @param {Known} known @param {(choices: Choices) => void} choose */
  constructor(known, choose) {
    this.#known = known;
    this.#choose = choose;
  }

  /** @param {Period} period @param {TileGroup[]} groups @param {KpiValue[]} values @param {Child} [note] */
  show(period, groups, values, note = null) {
    choice(byId("period"), PERIODS, period, (chosen) => this.#choose({ period: chosen }));
    if (!this.#known.kpis.isTold) {
      replace(byId("tiles"), loading());
      return;
    }
    const ofPeriod = values.filter((value) => value.period === period);
    replace(byId("tiles"), groups.map((group) => this.#group(group, ofPeriod, groups.length > 1)), note);
  }

  /** @param {TileGroup} group @param {KpiValue[]} values @param {boolean} isTitled */
  #group({ title, members, rest }, values, isTitled) {
    const absent = members.filter(({ missing }) => missing);
    const tiles = members.filter(({ missing }) => !missing).map((one) => this.#tile(one, values));
    return element("section", { class: "tile-group", "data-size": Math.min(tiles.length, 3) },
      isTitled && element("h3", {}, title),
      element("div", { class: "tiles" }, tiles),
      rest && element("p", { class: "tile-rest" }, rest),
      absent.map((one) => element("p", { class: "quiet", "data-kpi": one.name },
        element("b", {}, `${t("{title}: no figure here.", { title: one.title })} `), one.missing)));
  }

  /** @param {Kpi} definition @param {KpiValue[]} values of the period */
  #tile(definition, values) {
    const [newest, before] = values.filter(({ kpi }) => kpi === definition.name)
      .sort((one, other) => other.period_start.localeCompare(one.period_start));
    const content = [figure(newest), element("span", { class: "tile-title" }, definition.title),
      element("span", { class: "tile-period" }, newest ? this.#when(newest) : t("Nothing was computed for this period yet.")),
      newest && this.#facts(newest, before)];
    if (!newest) return element("div", { class: "tile", "data-kpi": definition.name }, content);
    return element("a", { class: "tile", "data-kpi": definition.name, href: figureAddress(this.#known, newest),
      title: t("Show what stands behind it") }, content);
  }

  /** @param {KpiValue} value @returns {Child[]} */
  #when(value) {
    const name = periodName(value.period, value.period_start, this.#known.zone);
    const open = new Date(value.through) < new Date(value.period_end);
    const until = open && (value.period === "day" ? t(" until {time}", { time: clock(value.through, this.#known.zone) }) : t(", so far"));
    return [name, until || "", " · ", element("b", { class: value.status }, STATUS[value.status] ?? value.status),
      value.due && element("span", { class: "due", title: DUE }, ` · ${t("being computed again")}`)];
  }

  /** @param {KpiValue} value @param {KpiValue} [before] */
  #facts(value, before) {
    const bar = element("span");
    bar.style.width = `${Math.min(1, value.coverage) * 100}%`;
    const estimated = value.estimated_share === null ? "" : ` · ${t("estimated {share}", { share: percent(value.estimated_share) })}`;
    const earlier = before && before.value !== null
      && `${periodName(before.period, before.period_start, this.#known.zone)}: ${amount(before.value, before.unit)}`;
    return element("span", { class: "tile-facts" },
      element("span", { class: "meter", role: "presentation" }, bar),
      t("coverage {share}", { share: percent(value.coverage) }) + estimated,
      bounds(value) && element("span", { class: "tile-bounds" }, element("br"), bounds(value)),
      value.reason && element("span", { class: "tile-reason" }, localTimes(value.reason, this.#known.zone)),
      earlier && element("span", {}, element("br"), earlier));
  }
}

/** @param {KpiValue} [value] */
function figure(value) {
  if (!value || value.value === null) return element("span", { class: "tile-figure none" }, t("no figure"));
  return element("span", { class: "tile-figure" }, number(value.value, value.unit), " ", element("small", {}, unit(value.unit)));
}
