// What stands behind one figure: the readings at its edges, rule, factors with their sources, inputs, revisions.

/** @import { Child } from "./dom.js" */
/** @import { Known } from "./known.js" */
/** @import { Boundary, BoundaryReading, Edge, KpiLineage, KpiValue } from "./types" */
/** @import { Opening, View } from "./view" */

import { get, reason } from "./api.js";
import { dayName } from "./calendar.js";
import { byId, element, loading, replace } from "./dom.js";
import { bounds, count, moment, number, percent, period, unit } from "./format.js";
import { InputTables, words } from "./input_tables.js";
import { localTimes } from "./local_times.js";
import { link } from "./router.js";
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
    if (day === null) throw new Error("The address names no figure: expected its value, or a day with a site or a group.");
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
        if (value.city !== known.city.name) throw new Error(`This figure is of another city: ${value.city}.`);
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

/** @param {Known} known @param {KpiLineage} lineage @returns {Child[]} */
function content(known, lineage) {
  const { value, inputs, left_out: leftOut, revisions, boundaries, inputs_withheld: withheld } = lineage;
  const definition = known.definition(value.kpi);
  const tables = new InputTables(known, value);
  return [
    headline(known, value),
    standing(known, value, revisions),
    ...(boundaries?.length ? [element("h2", {}, "Readings at its edges"), readings(known, boundaries)] : []),
    element("h2", {}, "What it is"),
    tables.facts([
      ["Status", value.due ? `${value.status}; ${DUE}` : value.status],
      ["Period", `${moment(value.period_start, known.zone)} to ${moment(value.period_end, known.zone)}, times of ${known.zone}`],
      ["Computed up to", moment(value.through, known.zone)],
      ["Between", bounds(value) || (value.value === null ? "not bounded" : "exact")],
      ["Coverage", percent(value.coverage)],
      ["Estimated share", value.estimated_share === null ? "none stated" : percent(value.estimated_share)],
      ["Formula", definition?.formula ?? ""],
      ["Citation", definition?.citation ?? ""],
      ["Rule version", value.rule_version],
      ["Code version", value.code_version],
      ["Revision", value.computed_at ? `${value.revision}, computed ${moment(value.computed_at, known.zone)}` : "none: not kept"],
      ["Inputs digest", element("code", {}, value.inputs_hash)],
    ]),
    element("h2", {}, "Factors"),
    value.factors.length ? tables.table(value.factors.map(withYear)) : element("p", { class: "quiet" }, "This figure uses no factor."),
    withheld && element("p", {}, `Its inputs are not shown: ${withheld}.`),
    ...Object.entries(inputs).flatMap(([name, input]) => [element("h2", {}, words(name)), tables.described(input)]),
    ...(leftOut.length ? [element("h2", {}, "Readings left out as wrong"), tables.table(leftOut)] : []),
    element("h2", {}, "Revisions"),
    history(known, tables, value, revisions),
  ];
}

/** @param {Known} known @param {KpiValue} value */
function headline(known, value) {
  const shown = value.value === null ? "no figure" : `${number(value.value, value.unit)} ${unit(value.unit)}`;
  const site = value.site && link(known.address("site", { site: value.site }), known.site(value.site)?.title ?? value.site);
  const day = dayName(new Date(value.period_start).getTime(), 0, known.zone);
  const around = { kpi: value.kpi, site: value.site, group: value.group, by: value.period === "day" ? "day" : "month", year: day.slice(0, 4) };
  return element("div", {},
    element("p", { class: "headline" }, shown, bounds(value) && element("small", {}, ` (${bounds(value)})`)),
    element("p", {}, "of ", site || (value.group ? `the group ${value.group}` : "the city as a whole"), " · ",
      element("b", { class: value.status }, STATUS[value.status] ?? value.status), " · ", link(known.address("indicators", {}, around), "its year")),
    value.reason && element("p", { class: "quiet" }, localTimes(value.reason, known.zone)));
}

/** Whether a later revision says otherwise. @param {Known} known @param {KpiValue} value @param {KpiValue[]} revisions */
function standing(known, value, revisions) {
  const current = revisions.find(({ superseded_at }) => superseded_at === null);
  if (!value.superseded_at || !current) return null;
  return element("p", { class: "problem" }, `This is revision ${value.revision}, superseded on ${moment(value.superseded_at, known.zone)}. `,
    link(figureAddress(known, current), `See revision ${current.revision}, which holds now`));
}

/**
 * The readings around both edges of each register: what was counted lies between them.
 * @param {Known} known
 * @param {Boundary[]} boundaries
 */
function readings(known, boundaries) {
  /** @param {Boundary} boundary @param {BoundaryReading | null} one */
  const reading = (boundary, one) => {
    if (!one) return "none";
    const symbol = known.device(boundary.device)?.values.find(({ series_id }) => series_id === boundary.series_id)?.unit ?? "";
    const day = dayName(new Date(one.time).getTime(), 0, known.zone);
    const to = known.address("device", { device: boundary.device }, { series: boundary.series_id, day, at: one.time });
    return link(to, `${number(one.value)} ${unit(symbol)} on ${moment(one.time, known.zone)}`);
  };
  /** @param {Boundary} boundary @param {Edge} edge */
  const around = (boundary, edge) => {
    const isOne = edge.before && edge.after && edge.before.time === edge.after.time;
    return isOne ? [reading(boundary, edge.before)] : [reading(boundary, edge.before), element("br"), reading(boundary, edge.after)];
  };
  const body = element("tbody", {}, boundaries.map((boundary) => element("tr", {},
    element("td", {}, link(known.address("device", { device: boundary.device }, { series: boundary.series_id }),
      known.device(boundary.device)?.title ?? boundary.device), " ", words(boundary.quantity)),
    element("td", {}, around(boundary, boundary.start)), element("td", {}, around(boundary, boundary.end)))));
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Readings at the edges" }, element("table", { class: "listed" },
    element("caption", { class: "quiet" }, `${count(boundaries.length)} registers, as known now; two readings where none lies on the edge itself`),
    element("thead", {}, element("tr", {}, ["Register", "Around the start", "Around the end"].map((name) => element("th", { scope: "col" }, name)))), body));
}

/** @param {Known} known @param {InputTables} tables @param {KpiValue} value @param {KpiValue[]} revisions */
function history(known, tables, value, revisions) {
  return tables.table(revisions.map((revision) => ({
    revision: revision.value_id === value.value_id ? `${revision.revision}, shown here`
      : link(figureAddress(known, revision), String(revision.revision)),
    value: revision.value === null ? "no figure" : `${number(revision.value, revision.unit)} ${unit(revision.unit)}`,
    between: bounds(revision),
    status: revision.status,
    computed: revision.computed_at ? moment(revision.computed_at, known.zone) : "now",
    superseded: revision.superseded_at ? moment(revision.superseded_at, known.zone) : "current",
    cause: revision.cause,
    what_moved: revision.cause_detail,
  })));
}

/** A year is no amount: without thousands. @param {Record<string, unknown>} factor @returns {Record<string, unknown>} */
const withYear = (factor) => (factor["year"] ? { ...factor, year: String(factor["year"]) } : factor);
