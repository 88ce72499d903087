// What became of every reading, and which figures were computed again.

/** @import { Opening, View } from "./view" */

import { byId } from "./dom.js";
import { showLedger } from "./ledger.js";
import { showRecomputed } from "./recomputed.js";
import { t } from "./texts.js";

/** @param {Opening} opening @returns {View} */
export function openPipeline({ known, choose, entitle }) {
  let isWhole = false;
  entitle(t("Pipeline"));
  byId("recomputed-all").addEventListener("click", () => choose({ all: "yes" }));
  const recomputed = () => {
    if (!known.sees("kpis")) return;
    const titles = new Map(known.definitions.map(({ name, title }) => [name, title]));
    showRecomputed(known.city, titles, known.live.now(), isWhole).catch(() => null); // the alarm speaks for the connection
  };
  return {
    chosen(choices) {
      isWhole = choices.has("all");
      showLedger(known.ledger);
      recomputed();
    },
    changed(topic) {
      if (topic === "ledger") showLedger(known.ledger);
    },
    refresh: recomputed,
  };
}
