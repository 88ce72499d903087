// The inputs of a figure, whatever they are, as tables and lists; devices and sites that they name are links.

/** @import { Child } from "./dom.js" */
/** @import { Known } from "./known.js" */
/** @import { KpiValue } from "./types" */
/** @typedef {Record<string, unknown>} Row */

import { dayName } from "./calendar.js";
import { element } from "./dom.js";
import { age, count, number } from "./format.js";
import { link } from "./router.js";
import { t, tn, told } from "./texts.js";

const AT_FIRST = 60; // rows or entries

export class InputTables {
  #known;
  #value;

  /** @param {Known} known @param {KpiValue} value */
  constructor(known, value) {
    this.#known = known;
    this.#value = value;
  }

  /** @param {unknown} input @returns {HTMLElement} */
  described(input) {
    if (isRows(input)) return this.table(input);
    if (Array.isArray(input)) return input.length ? this.#list(input) : element("p", { class: "quiet" }, t("none"));
    if (input && typeof input === "object") return this.facts(Object.entries(input).map(([name, value]) => [told(words(name)), this.#cell(name, value)]));
    return element("p", {}, this.#cell("", input));
  }

  /** @param {[name: string, value: Child][]} entries */
  facts(entries) {
    return element("dl", {}, entries.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  /** @param {Row[]} rows @returns {HTMLElement} */
  table(rows) {
    const columns = [...new Set(rows.flatMap(Object.keys))].filter((name) => rows.some((row) => row[name] != null && row[name] !== ""));
    /** @param {string} name */
    const numeric = (name) => (rows.every((row) => row[name] == null || typeof row[name] === "number") ? "number" : "");
    const body = element("tbody");
    /** @param {Row[]} some */
    const add = (some) => body.append(...some.map((row) => element("tr", {}, columns.map((name) =>
      element("td", { class: numeric(name) }, this.#cell(name, row[name]))))));
    add(rows.slice(0, AT_FIRST));
    return element("div", {}, element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("Table") }, element("table", {},
      element("thead", {}, element("tr", {}, columns.map((name) => element("th", { scope: "col", class: numeric(name) }, told(words(name)))))), body)),
    rows.length > AT_FIRST && rest(rows.length, () => add(rows.slice(AT_FIRST))));
  }

  /** @param {unknown[]} values */
  #list(values) {
    const place = element("p", {}, values.slice(0, AT_FIRST).map(text).join("; "));
    return element("div", {}, place,
      values.length > AT_FIRST && rest(values.length, () => { place.textContent = values.map(text).join("; "); }));
  }

  /** @param {string} name @param {unknown} value @returns {Child} */
  #cell(name, value) {
    if (value instanceof Node) return value;
    if (isRows(value)) return element("details", {}, element("summary", {}, entries(value)), this.table(value));
    if (Array.isArray(value) && value.length > AT_FIRST) return element("details", {}, element("summary", {}, entries(value)), value.map(text).join(", "));
    if (typeof value === "string" && ["device", "meter"].includes(name)) return this.#device(value);
    if (typeof value === "string" && name === "site" && this.#known.site(value)) return link(this.#known.address("site", { site: value }), value);
    if (typeof value === "number" && /(^|_)seconds$|_s$/.test(name)) return age(value);
    return text(value);
  }

  /** @param {string} device */
  #device(device) {
    const day = dayName(new Date(this.#value.period_start).getTime(), 0, this.#known.zone);
    return link(this.#known.address("device", { device }, { day }), device);
  }
}

/** @param {number} size @param {() => void} showAll */
function rest(size, showAll) {
  const more = element("p", { class: "more" }, element("span", { class: "quiet" }, t("{shown} of {all} shown", { shown: count(AT_FIRST), all: count(size) })),
    element("button", { type: "button", onclick: () => { showAll(); more.remove(); } }, t("Show all {count}", { count: count(size) })));
  return more;
}

/** @param {unknown[]} values */
const entries = (values) => tn(values.length, "{count} entry", "{count} entries");

/** @param {unknown} value @returns {value is Row[]} */
const isRows = (value) => Array.isArray(value) && value.length > 0 && value.every((row) => row && typeof row === "object" && !Array.isArray(row));

/** @param {string} name */
export const words = (name) => name.replaceAll("_", " ");

/** @param {unknown} value @returns {string} */
function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : number(value);
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : told(String(value));
}
