// The ledger: received = stored + duplicate + conflict + quarantined, per source, and whether it adds up.

/** @import { KeyedRows } from "./keyed_rows.js" */
/** @import { LedgerEntry } from "./types" */

import { byId, element, loading, replace } from "./dom.js";
import { count } from "./format.js";
import { t, tp } from "./texts.js";

/** @type {["stored" | "duplicate" | "conflict" | "quarantined", string][]} */
const OUTCOMES = [["stored", tp("readings", "stored")], ["duplicate", tp("readings", "duplicate")], ["conflict", tp("readings", "in conflict")], ["quarantined", tp("readings", "quarantined")]];

/** @param {KeyedRows<LedgerEntry>} entries */
export function showLedger(entries) {
  const lines = entries.all().map((entry) => {
    const sum = OUTCOMES.reduce((total, [name]) => total + entry[name], 0);
    return element("p", { class: "ledger-line" },
      element("span", { class: "source" }, t("Readings by {source}", { source: entry.source })),
      element("span", {}, element("b", {}, count(entry.received)), ` ${tp("readings", "received")}`), element("span", {}, sum === entry.received ? "=" : "≠"),
      OUTCOMES.map(([name, label], index) =>
        element("span", {}, index ? "+ " : "", element("b", {}, count(entry[name])), ` ${label}`)));
  });
  replace(byId("ledger"), lines.length ? lines : entries.isTold ? element("p", { class: "quiet" }, t("Nothing was received yet.")) : loading());
}
