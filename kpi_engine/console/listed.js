// A plain table of links and figures, which never cuts without a way to all of it.

/** @import { Child } from "./dom.js" */

import { element, replace } from "./dom.js";
import { count } from "./format.js";
import { t } from "./texts.js";

const AT_FIRST = 60; // rows

/**
 * @param {HTMLElement} body the body of a table, of which the head is filled too
 * @param {string[]} columns
 * @param {(Child | Child[])[][]} rows the first cell of each names it
 */
export function fillTable(body, columns, rows) {
  const head = body.closest("table")?.tHead;
  if (head) replace(head, element("tr", {}, columns.map((name) => element("th", { scope: "col" }, name))));
  replace(body, rows.map((cells) => element("tr", {}, cells.map((cell, at) =>
    element("td", { "data-label": columns[at] ?? "" }, ...[cell].flat())))));
}

/**
 * The rows to show at first, or all of them; the place below says how many, with a button for the rest.
 * @template Row
 * @param {Row[]} rows
 * @param {boolean} isWhole
 * @param {HTMLElement} more
 * @param {() => void} showAll
 * @param {number} [atFirst] how many
 */
export function begun(rows, isWhole, more, showAll, atFirst = AT_FIRST) {
  const shown = isWhole ? rows : rows.slice(0, atFirst);
  const rest = rows.length - shown.length;
  replace(more, rest > 0 && [element("span", { class: "quiet" }, t("{shown} of {all} shown", { shown: count(shown.length), all: count(rows.length) })),
    element("button", { type: "button", onclick: showAll }, t("Show all {count}", { count: count(rows.length) }))]);
  return shown;
}
