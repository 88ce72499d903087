// What stands behind one figure: the readings at its edges, rule, factors with their sources, inputs, revisions.

/** @import { Child } from "./dom.js" */
/** @import { Known } from "./known.js" */
/** @import { Boundary, BoundaryReading, Edge, KpiLineage, KpiValue } from "./types" */
/** @import { Opening, View } from "./view" */

import { get, reason } from "./api.js";
import { dayName } from "./calendar.js";
import { byId, element, loading, replace } from "./dom.js";
import { bounds, moment, number, percent, period, unit } from "./format.js";
import { InputTables, words } from "./input_tables.js";
import { localTimes } from "./local_times.js";
import { link } from "./router.js";
import { t, tn, told, tr } from "./texts.js";
import { DUE, STATUS, figureAddress } from "./tiles.js";
import { Turns } from "./turns.js";

/** @param {Opening} opening @returns {View} */
export function openFigure({ known, names, entitle }) {
  const kpi = names["kpi"] ?? "";
  const place = byId("figure");
  const turns = new Turns();
  let shown = "";
  entitle(known.definition(kpi)?.title ?? kpi);

  /** @param {URLSearchParams} choices */
  const ask = (choices) => {
    const [value, day] = [choices.get("value"), choices.get("day")];
    if (value !== null) return get(`/kpis/${kpi}/values/${Number(value)}/lineage`, { boundaries: "true" });
    if (day === null) throw new Error(t("The address names no figure: expected its value, or a day with a site or a group."));
    return get(`/kpis/${kpi}/days/${day}/lineage`, { city: known.city.name, site: choices.get("site"), group: choices.get("group") });
  };
  return {
    async chosen(choices) {
      if (shown === String(choices)) return;
      shown = String(choices);
      const isWanted = turns.take();
      replace(place, loading());
      try {
        const found = await ask(choices);
        if (!isWanted()) return;
        const { value } = found;
        if (value.city !== known.city.name) throw new Error(t("This figure is of another city: {city}.", { city: value.city }));
        entitle(`${known.definition(kpi)?.title ?? kpi}, ${period(value.period, value.period_start, known.zone)}`);
        replace(place, ...content(known, found));
      } catch (error) {
        if (isWanted()) replace(place, element("p", { class: "problem", role: "alert" }, reason(error)));
      }
    },
    left() {
      turns.take();
    },
  };
}

/** What no catalogue has is read out as English. @param {string} [words] */
const inEnglish = (words = "") => element("span", { lang: "en" }, words);

/** @param {Known} known @param {KpiLineage} lineage @returns {Child[]} */
function content(known, lineage) {
  const { value, inputs, left_out: leftOut, revisions, boundaries, inputs_withheld: withheld } = lineage;
  const definition = known.definition(value.kpi);
  const tables = new InputTables(known, value);
  return [
    headline(known, value),
    standing(known, value, revisions),
    ...(boundaries?.length ? [element("h2", {}, t("Readings at its edges")), readings(known, boundaries)] : []),
    element("h2", {}, t("What it is")),
    tables.facts([
      [t("Status"), value.due ? `${STATUS[value.status] ?? value.status}; ${DUE}` : STATUS[value.status] ?? value.status],
      [t("Period"), t("{start} to {end}, times of {zone}", { start: moment(value.period_start, known.zone), end: moment(value.period_end, known.zone), zone: known.zone })],
      [t("Computed up to"), moment(value.through, known.zone)],
      [t("Between"), bounds(value) || (value.value === null ? t("not bounded") : t("exact"))],
      [t("Coverage"), percent(value.coverage)],
      [t("Estimated share"), value.estimated_share === null ? t("none stated") : percent(value.estimated_share)],
      [t("Formula"), inEnglish(definition?.formula)],
      [t("Citation"), inEnglish(definition?.citation)],
      [t("Rule version"), value.rule_version],
      [t("Code version"), value.code_version],
      [t("Revision"), value.computed_at ? t("{number}, computed {time}", { number: value.revision ?? "", time: moment(value.computed_at, known.zone) }) : t("none: not kept")],
      [t("Inputs digest"), element("code", {}, value.inputs_hash)],
    ]),
    element("h2", {}, t("Factors")),
    value.factors.length ? tables.table(value.factors.map(withYear)) : element("p", { class: "quiet" }, t("This figure uses no factor.")),
    withheld && element("p", {}, t("Its inputs are not shown: {reason}.", { reason: withheld })),
    ...Object.entries(inputs).flatMap(([name, input]) => [element("h2", {}, told(words(name))), tables.described(input)]),
    ...(leftOut.length ? [element("h2", {}, t("Readings left out as wrong")), tables.table(leftOut)] : []),
    element("h2", {}, t("Revisions")),
    history(known, tables, value, revisions),
  ];
}

/** @param {Known} known @param {KpiValue} value */
function headline(known, value) {
  const shown = value.value === null ? t("no figure") : `${number(value.value, value.unit)} ${unit(value.unit)}`;
  const site = value.site && link(known.address("site", { site: value.site }), known.site(value.site)?.title ?? value.site);
  const day = dayName(new Date(value.period_start).getTime(), 0, known.zone);
  const around = { kpi: value.kpi, site: value.site, group: value.group, by: value.period === "day" ? "day" : "month", year: day.slice(0, 4) };
  return element("div", {},
    element("p", { class: "headline" }, shown, bounds(value) && element("small", {}, ` (${bounds(value)})`)),
    element("p", {}, tr("of {subject}", { subject: site || (value.group ? t("the group {group}", { group: value.group }) : t("the city as a whole")) }), " · ",
      element("b", { class: value.status }, STATUS[value.status] ?? value.status), " · ", link(known.address("indicators", {}, around), t("its year"))),
    value.reason && element("p", { class: "quiet" }, localTimes(value.reason, known.zone)));
}

/** Whether a later revision says otherwise. @param {Known} known @param {KpiValue} value @param {KpiValue[]} revisions */
function standing(known, value, revisions) {
  const current = revisions.find(({ superseded_at }) => superseded_at === null);
  if (!value.superseded_at || !current) return null;
  return element("p", { class: "problem" }, `${t("This is revision {number}, superseded on {time}.", { number: value.revision ?? "", time: moment(value.superseded_at, known.zone) })} `,
    link(figureAddress(known, current), t("See revision {number}, which holds now", { number: current.revision ?? "" })));
}

/**
 * The readings around both edges of each register: what was counted lies between them.
 * @param {Known} known
 * @param {Boundary[]} boundaries
 */
function readings(known, boundaries) {
  /** @param {Boundary} boundary @param {BoundaryReading | null} one */
  const reading = (boundary, one) => {
    if (!one) return t("none");
    const symbol = known.device(boundary.device)?.values.find(({ series_id }) => series_id === boundary.series_id)?.unit ?? "";
    const day = dayName(new Date(one.time).getTime(), 0, known.zone);
    const to = known.address("device", { device: boundary.device }, { series: boundary.series_id, day, at: one.time });
    return link(to, t("{value} on {time}", { value: `${number(one.value, symbol)} ${unit(symbol)}`, time: moment(one.time, known.zone) }));
  };
  /** @param {Boundary} boundary @param {Edge} edge */
  const around = (boundary, edge) => {
    const isOne = edge.before && edge.after && edge.before.time === edge.after.time;
    return isOne ? [reading(boundary, edge.before)] : [reading(boundary, edge.before), element("br"), reading(boundary, edge.after)];
  };
  const body = element("tbody", {}, boundaries.map((boundary) => element("tr", {},
    element("td", {}, link(known.address("device", { device: boundary.device }, { series: boundary.series_id }),
      known.device(boundary.device)?.title ?? boundary.device), " ", told(words(boundary.quantity))),
    element("td", {}, around(boundary, boundary.start)), element("td", {}, around(boundary, boundary.end)))));
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("Readings at the edges") }, element("table", { class: "listed" },
    element("caption", { class: "quiet" }, tn(boundaries.length, "{count} register, as known now; two readings where none lies on the edge itself",
      "{count} registers, as known now; two readings where none lies on the edge itself")),
    element("thead", {}, element("tr", {}, [t("Register"), t("Around the start"), t("Around the end")].map((name) => element("th", { scope: "col" }, name)))), body));
}

/** @param {Known} known @param {InputTables} tables @param {KpiValue} value @param {KpiValue[]} revisions */
function history(known, tables, value, revisions) {
  return tables.table(revisions.map((revision) => ({
    revision: revision.value_id === value.value_id ? t("{number}, shown here", { number: revision.revision ?? "" })
      : link(figureAddress(known, revision), String(revision.revision)),
    value: revision.value === null ? t("no figure") : `${number(revision.value, revision.unit)} ${unit(revision.unit)}`,
    between: bounds(revision),
    status: STATUS[revision.status] ?? revision.status,
    computed: revision.computed_at ? moment(revision.computed_at, known.zone) : t("now"),
    superseded: revision.superseded_at ? moment(revision.superseded_at, known.zone) : t("current"),
    cause: revision.cause,
    what_moved: revision.cause_detail,
  })));
}

/** A year is no amount: without thousands. @param {Record<string, unknown>} factor @returns {Record<string, unknown>} */
const withYear = (factor) => (factor["year"] ? { ...factor, year: String(factor["year"]) } : factor);
