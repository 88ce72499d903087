// Any indicator of the city, its sites and groups: a year of it beside another, as known now or then, and its days.

/** @import { Option } from "./dom.js" */
/** @import { Group, Kpi, KpiDifference, KpiValue } from "./types" */
/** @import { Opening, View } from "./view" */
/** @import { By } from "./year_plot.js" */

import { get, instant, reason } from "./api.js";
import { civilDate, dayName, isDay, yearRange } from "./calendar.js";
import { DayFigure, dayOf, hoursOfDay } from "./day.js";
import { byId, choice, element, fillSelect, replace } from "./dom.js";
import { amount, bounds, number, percent, period, unit } from "./format.js";
import { fillTable } from "./listed.js";
import { link } from "./router.js";
import { t, tn, tp } from "./texts.js";
import { STATUS, figureAddress, periodOf } from "./tiles.js";
import { Turns } from "./turns.js";
import { drawYear, placed } from "./year_plot.js";

const BACK = 10; // years to compare with

/** @param {Opening} opening @returns {View} */
export function openIndicators({ known, choose, entitle }) {
  const parts = built();
  const day = new DayFigure(known, parts.day, choose);
  const turns = new Turns();
  const zone = known.zone;
  let choices = new URLSearchParams();
  /** @type {Group[]} */
  let groups = [];
  entitle(t("Indicators"));
  parts.kpi.addEventListener("change", () => choose({ kpi: parts.kpi.value }));
  parts.subject.addEventListener("change", () => {
    const [kind, name] = parts.subject.value.split(":");
    choose({ site: kind === "site" ? name : null, group: kind === "group" ? name : null });
  });
  parts.beside.addEventListener("change", () => choose({ with: parts.beside.value }));
  parts.known.addEventListener("change", () => choose({ as_of: parts.known.value }));

  const thisYear = () => civilDate(known.live.now(), zone).year;
  const subject = () => ({ site: choices.get("site"), group: choices.get("group") });
  /** Without a choice months, or days while there is no month. @returns {By} */
  const by = () => {
    const chosen = choices.get("by");
    const kpi = definition()?.name;
    return chosen === "day" || (chosen !== "month" && periodOf(new URLSearchParams(), known.kpis.all().filter((one) => one.kpi === kpi)) === "day") ? "day" : "month";
  };
  const year = () => (/^\d{4}$/.test(choices.get("year") ?? "") ? Number(choices.get("year")) : thisYear());
  const other = () => (/^\d{4}$/.test(choices.get("with") ?? "") ? Number(choices.get("with")) : null);
  const asOf = () => { const text = choices.get("as_of"); return isDay(text) ? text : null; };
  const definition = () => {
    const asked = known.present.find(({ name }) => name === choices.get("kpi"));
    const [first] = known.groups.options(known.present.filter(({ has_hours }) => has_hours));
    return asked ?? known.present.find(({ name }) => name === first?.[0]) ?? known.present[0];
  };

  /** @param {Kpi} kpi @param {By} each */
  const showControls = (kpi, each) => {
    fillSelect(parts.kpi, known.groups.options(known.present));
    parts.kpi.value = kpi.name;
    /** @type {Option[]} */
    const subjects = [["", known.city.title], ...groups.map(({ name, title }) => /** @type {Option} */ ([`group:${name}`, title, t("Groups")])),
      ...known.sites.map(({ name, title }) => /** @type {Option} */ ([`site:${name}`, title, t("Sites")]))];
    fillSelect(parts.subject, subjects);
    const { site, group } = subject();
    parts.subject.value = site ? `site:${site}` : group ? `group:${group}` : "";
    choice(parts.by, [["day", t("Days")], ["month", t("Months")]], each, (one) => choose({ by: one }));
    /** @type {Option[]} */
    const years = Array.from({ length: BACK }, (_, back) => [String(year() - 1 - back), String(year() - 1 - back)]);
    fillSelect(parts.beside, [["", t("no other year")], ...years]);
    parts.beside.value = String(other() ?? "");
    parts.known.value = asOf() ?? "";
    const now = thisYear();
    /** @param {string} label @param {string} name @param {number} to */
    const step = (label, name, to) => element("button", { type: "button", "aria-label": name, disabled: to > now,
      onclick: () => choose({ year: to }) }, label);
    if (parts.pager.dataset["year"] !== String(year())) {
      const focused = document.activeElement?.getAttribute("aria-label");
      parts.pager.dataset["year"] = String(year());
      replace(parts.pager, step("‹", t("Earlier year"), year() - 1), step("›", t("Later year"), year() + 1));
      const again = [...parts.pager.children].find((one) => one.getAttribute("aria-label") === focused);
      if (again instanceof HTMLElement) again.focus();
    }
    parts.title.textContent = String(year());
    parts.legend.hidden = !other() && !asOf();
    parts.legend.textContent = other() && asOf() ? t("Strokes: {other}, and {year} as known at the start of {day}.", { other: other() ?? "", year: year(), day: asOf() ?? "" })
      : other() ? t("Strokes: {year}.", { year: other() ?? "" }) : t("Strokes: as known at the start of {day}.", { day: asOf() ?? "" });
  };

  /** @param {Kpi} kpi @param {By} each @param {number} of @param {string | null} [then] */
  const ask = async (kpi, each, of, then = null) => {
    const [start, end] = yearRange(of, zone);
    const { items } = await get(`/kpis/${kpi.name}/values`,
      { city: known.city.name, ...subject(), period: each, from: instant(start), to: instant(end), as_of: then });
    return placed(each, of, items, zone);
  };
  const showYear = async () => {
    const kpi = definition();
    if (!kpi) {
      parts.caption.textContent = t("No indicator is computed for this city.");
      return;
    }
    const each = by(); // once for all that is drawn: figures that arrive meanwhile may change it
    showControls(kpi, each);
    const isWanted = turns.take();
    const [compared, then, start] = [other(), asOf(), yearRange(year(), zone)];
    try {
      const [now, before, former, moved] = await Promise.all([ask(kpi, each, year()), compared === null ? [] : ask(kpi, each, compared),
        then === null ? [] : ask(kpi, each, year(), then), then === null ? null : differences(kpi, each, then, start)]);
      if (!isWanted()) return;
      const [earlier, formerly] = [beside(before), beside(former)];
      const rows = now.map(({ start: one, value }) => ({ value, other: earlier(one), former: formerly(one) }));
      const others = [...(compared === null ? [] : [{ name: String(compared), values: rows.map((row) => row.other) }]),
        ...(then === null ? [] : [{ name: t("as known at {day}", { day: then }), values: rows.map((row) => row.former) }])];
      showTable(kpi, each, rows);
      showMoved(each, moved);
      const drawn = await drawYear(parts.plot, kpi.unit, now, others, zone);
      if (isWanted()) parts.caption.textContent = caption(kpi, each, drawn);
    } catch (error) {
      if (isWanted()) parts.caption.textContent = reason(error);
    }
  };
  /** Finds the figure of the same days of another year. @param {{ start: number, value: KpiValue | undefined }[]} periods */
  const beside = (periods) => {
    /** @param {number} start */
    const date = (start) => dayName(start, 0, zone).slice("2026-".length);
    const byDate = new Map(periods.map(({ start, value }) => [date(start), value]));
    return (/** @type {number} */ start) => byDate.get(date(start));
  };
  /** @param {Kpi} kpi @param {By} each @param {string} then @param {[number, number]} range @returns {Promise<KpiDifference[]>} */
  const differences = async (kpi, each, then, [start, end]) => (await get(`/kpis/${kpi.name}/differences`, { city: known.city.name,
    ...subject(), period: each, from: instant(start), to: instant(end), before: then })).items;

  /** @param {Kpi} kpi @param {By} each @param {{ value?: KpiValue | undefined, other?: KpiValue | undefined, former?: KpiValue | undefined }[]} rows */
  const showTable = (kpi, each, rows) => {
    const [compared, then] = [other(), asOf()];
    const columns = [each === "day" ? t("Day") : t("Month"), kpi.title, t("Between"), t("Status"), t("Coverage"), ...(compared === null ? [] : [String(compared), t("Change")]),
      ...(then === null ? [] : [t("As known at {day}", { day: then })])];
    const present = rows.filter(({ value, other: one, former }) => value || one || former);
    fillTable(parts.table, columns, present.map(({ value, other: one, former }) => [
      value ? link(figureAddress(known, value), period(value.period, value.period_start, zone)) : one ? `(${period(one.period, one.period_start, zone)})` : "",
      shown(value), value ? bounds(value) : "", value ? STATUS[value.status] ?? value.status : "", value ? percent(value.coverage) : "",
      ...(compared === null ? [] : [shown(one), change(value, one)]),
      ...(then === null ? [] : [former ? shown(former) : t("not known")])]));
    parts.rows.textContent = tn(present.length, "{count} figure as a table, each with the way to its inputs and revisions",
      "{count} figures as a table, each with the way to its inputs and revisions");
  };
  /** @param {By} each @param {KpiDifference[] | null} moved */
  const showMoved = (each, moved) => {
    parts.moved.hidden = moved === null;
    if (!moved) return;
    replace(parts.movedList, moved.length ? moved.map(({ period_start, before, after, why }) => element("li", {},
      element("b", {}, period(each, period_start, zone)), ` ${shown(before ?? undefined) || t("not known")} → `,
      after ? link(figureAddress(known, after), shown(after)) : t("not known"), element("span", { class: "quiet" }, ` ${why.join("; ")}`)))
      : element("li", { class: "quiet" }, t("Every figure of this year is what it was then.")));
  };
  const showDay = () => {
    const kpi = definition();
    parts.day.hidden = !kpi?.has_hours;
    if (kpi?.has_hours) day.show(dayOf(known, choices.get("day")), (range) => hoursOfDay(known, kpi, subject(), range));
  };
  const show = () => {
    showYear();
    showDay();
  };
  get(`/cities/${encodeURIComponent(known.city.name)}/groups`).then(({ items }) => {
    groups = items;
    const kpi = definition();
    if (kpi) showControls(kpi, by());
  }).catch(() => null); // without groups there are the city and its sites
  return {
    chosen(now) {
      choices = now;
      show();
    },
    refresh() {
      if (!asOf() && year() === thisYear()) showYear(); // what was known then stays as it was
      showDay();
    },
    redraw: show,
    left() {
      turns.take();
    },
  };
}

/** Builds the page, and returns its parts. */
function built() {
  const parts = {
    kpi: element("select", { id: "year-of" }), subject: element("select", { id: "subject" }), beside: element("select", { id: "beside" }),
    known: element("input", { id: "known-at", type: "date" }), by: element("div", { id: "year-by", class: "switch", role: "group", "aria-label": t("Bars of the year") }),
    pager: element("div", { class: "pager" }), title: element("h2", { id: "year-title" }), legend: element("p", { class: "quiet legend" }),
    plot: element("div", { class: "plot", id: "year-plot" }), caption: element("figcaption", { id: "year-caption" }),
    rows: element("summary", {}, t("Loading")), table: element("tbody", { id: "figures" }), moved: element("section", { id: "moved", hidden: true }),
    movedList: element("ol", { class: "moved" }), day: element("div", { id: "day-part" }),
  };
  replace(parts.moved, element("h2", {}, t("What was known otherwise, and why")), parts.movedList);
  replace(byId("explorer"),
    element("div", { class: "filters" }, labelled(t("Indicator"), parts.kpi), labelled(tp("subject", "Of"), parts.subject), labelled(t("Beside"), parts.beside),
      labelled(t("As known at the start of"), parts.known)),
    element("figure", { id: "year", "aria-labelledby": "year-title" }, element("div", { class: "section-head" }, parts.title, parts.by, parts.pager),
      parts.plot, parts.legend, parts.caption),
    element("details", { class: "scroll" }, parts.rows, element("table", { class: "listed" }, element("thead"), parts.table)),
    parts.moved, parts.day);
  return parts;
}

/** @param {string} words @param {HTMLElement} control */
const labelled = (words, control) => element("label", { class: "labelled" }, element("span", { class: "quiet" }, words), control);

/** @param {KpiValue | undefined} value */
const shown = (value) => (!value ? "" : value.value === null ? t("no figure") : amount(value.value, value.unit));

/** @param {KpiValue | undefined} value @param {KpiValue | undefined} other */
function change(value, other) {
  if (value?.value == null || other?.value == null) return "";
  const difference = value.value - other.value;
  const share = other.value === 0 ? "" : ` (${difference < 0 ? "−" : "+"}${number(Math.abs(difference / other.value) * 100)} %)`;
  return `${difference < 0 ? "−" : "+"}${amount(Math.abs(difference), value.unit)}${share}`;
}

/** @param {Kpi} kpi @param {By} by @param {{ known: number, open: number, missing: number, isBanded: boolean }} drawn */
function caption(kpi, by, { known, open, missing, isBanded }) {
  const facts = { unit: unit(kpi.unit) || t("number") };
  const parts = [by === "day" ? tn(known, "{unit} per day: {count} day with a figure", "{unit} per day: {count} days with a figure", facts)
    : tn(known, "{unit} per month: {count} month with a figure", "{unit} per month: {count} months with a figure", facts)];
  if (open) parts.push(tn(open, "{count} of them provisional (paler)", "{count} of them provisional (paler)"));
  if (missing) parts.push(tn(missing, "{count} without enough data (crosses)", "{count} without enough data (crosses)"));
  if (isBanded) parts.push(t("the band is what they may have been"));
  return parts.join(", ");
}
