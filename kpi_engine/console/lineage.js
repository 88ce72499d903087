// What stands behind one figure: rule, factors with their sources, inputs, revisions.

/** @import { Child } from "./dom.js" */
/** @import { Kpi, KpiLineage, KpiValue } from "./types" */
/** @typedef {Record<string, unknown>} Row */

import { get, reason } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { bounds, count, moment, number, percent, period, unit } from "./format.js";

const ROWS = 60;

export const DUE = "due: what it was computed from has changed, or may have, and it is computed again soon";

/** @param {Kpi} definition @param {KpiValue} value @param {string} zone */
export async function showLineage(definition, value, zone) {
  const dialog = byId("lineage", HTMLDialogElement);
  replace(dialog, heading(definition, value, zone), element("p", { class: "quiet" }, "Loading"));
  if (!dialog.open) dialog.showModal();
  try {
    if (value.value_id === null) throw new Error("This figure is not kept, so it has no lineage here.");
    const found = await get(`/kpis/${definition.name}/values/${value.value_id}/lineage`);
    replace(dialog, heading(definition, found.value, zone), ...content(definition, found, zone));
  } catch (error) {
    replace(dialog, heading(definition, value, zone), element("p", { class: "problem" }, reason(error)));
  }
}

/** @param {Kpi} definition @param {KpiValue} value @param {string} zone */
function heading(definition, value, zone) {
  const close = element("button", { type: "button", class: "close", onclick: () => byId("lineage", HTMLDialogElement).close() }, "Close");
  const shown = value.value === null ? "no figure" : `${number(value.value)} ${unit(value.unit)}`;
  const range = bounds(value) && element("small", {}, ` (${bounds(value)})`);
  return element("div", {}, close,
    element("h2", { id: "lineage-title" }, `${definition.title}, ${period(value.period, value.period_start, zone)}`),
    element("p", { class: "headline" }, shown, range),
    element("p", { class: "quiet" }, value.reason ?? ""));
}

/** @param {Kpi} definition @param {KpiLineage} lineage @param {string} zone @returns {Child[]} */
function content(definition, { value, inputs, left_out: leftOut, revisions }, zone) {
  return [
    facts([
      ["Status", value.due ? `${value.status}; ${DUE}` : value.status],
      ["Period", `${moment(value.period_start, zone)} to ${moment(value.period_end, zone)}`],
      ["Computed up to", moment(value.through, zone)],
      ["Between", bounds(value) || (value.value === null ? "not bounded" : "exact")],
      ["Coverage", percent(value.coverage)],
      ["Estimated share", value.estimated_share === null ? "none stated" : percent(value.estimated_share)],
      ["Formula", definition.formula],
      ["Citation", definition.citation],
      ["Rule version", value.rule_version],
      ["Code version", value.code_version],
      ["Revision", value.computed_at ? `${value.revision}, computed ${moment(value.computed_at, zone)}` : "none: not kept"],
      ["Inputs digest", element("code", {}, value.inputs_hash)],
    ]),
    element("h3", {}, "Factors"),
    value.factors.length ? table(value.factors.map(withYear)) : element("p", { class: "quiet" }, "This figure uses no factor."),
    ...Object.entries(inputs).flatMap(([name, input]) => [element("h3", {}, words(name)), described(input)]),
    ...(leftOut.length ? [element("h3", {}, "Readings left out as wrong"), table(leftOut)] : []),
    element("h3", {}, "Revisions"),
    table(revisions.map((revision) => ({
      revision: revision.revision,
      value: revision.value === null ? "no figure" : `${number(revision.value)} ${unit(revision.unit)}`,
      between: bounds(revision),
      status: revision.status,
      computed: revision.computed_at ? moment(revision.computed_at, zone) : "now",
      superseded: revision.superseded_at ? moment(revision.superseded_at, zone) : "current",
      cause: revision.cause,
      what_moved: revision.cause_detail,
    }))),
  ];
}

/** @param {unknown} input */
function described(input) {
  if (isRows(input)) return table(input);
  if (Array.isArray(input) && !input.length) return element("p", { class: "quiet" }, "none");
  if (input && typeof input === "object" && !Array.isArray(input)) {
    return facts(Object.entries(input).map(([name, value]) => [words(name), text(value)]));
  }
  return element("p", {}, Array.isArray(input) ? input.map(text).join("; ") : text(input));
}

/** @param {Row[]} rows @returns {HTMLElement} */
function table(rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))].filter((name) => rows.some((row) => row[name] != null && row[name] !== ""));
  /** @param {string} name */
  const numeric = (name) => (rows.every((row) => row[name] == null || typeof row[name] === "number") ? "number" : "");
  const rest = rows.length - ROWS;
  return element("div", { class: "scroll", tabindex: "0" },
    element("table", {},
      element("thead", {}, element("tr", {}, columns.map((name) => element("th", { scope: "col", class: numeric(name) }, words(name))))),
      element("tbody", {}, rows.slice(0, ROWS).map((row) => element("tr", {}, columns.map((name) =>
        element("td", { class: numeric(name) }, cell(row[name]))))))),
    rest > 0 && element("p", { class: "quiet" }, `and ${rest} more`));
}

/** A year is no amount: without thousands. @param {Row} factor @returns {Row} */
const withYear = (factor) => (factor["year"] ? { ...factor, year: String(factor["year"]) } : factor);

/** @param {[name: string, value: string | Element][]} entries */
function facts(entries) {
  return element("dl", {}, entries.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

/** @param {unknown} value @returns {value is Row[]} */
const isRows = (value) => Array.isArray(value) && value.length > 0 && value.every((row) => row && typeof row === "object");

/** @param {unknown} value @returns {Child} */
function cell(value) {
  return isRows(value) ? element("details", {}, element("summary", {}, `${count(value.length)} entries`), table(value)) : text(value);
}

/** @param {string} name */
const words = (name) => name.replaceAll("_", " ");

/** @param {unknown} value @returns {string} */
function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : number(value);
  if (Array.isArray(value)) return listed(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {unknown[]} values */
function listed(values) {
  const rest = values.length - ROWS;
  return [...values.slice(0, ROWS).map(text), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}
