// What waits for somebody: who sent without being declared, and what was refused.

/** @import { Opening, View } from "./view" */

import { byId } from "./dom.js";
import { Inbox } from "./inbox.js";
import { Quarantine } from "./quarantine.js";
import { t } from "./texts.js";

/** @param {Opening} opening @returns {View} */
export function openInbox({ known, choose, entitle }) {
  const quarantine = known.sees("payloads") ? new Quarantine(known.sees("replays"), choose) : null;
  entitle(t("Inbox"));
  const inbox = known.sees("inbox") ? new Inbox(known.sees("replays")) : null;
  const senders = inbox?.show(known.city).catch(() => null); // the alarm speaks for the connection
  return {
    async chosen(choices) {
      const chosen = { reason: choices.get("reason"), device: choices.get("device") };
      await Promise.all([senders, quarantine?.show(known.city, chosen)]);
      const empty = document.getElementById("inbox-empty");
      if (empty) empty.hidden = !(byId("inbox-part").hidden && byId("refused-part").hidden);
    },
    left() {
      inbox?.leave();
      quarantine?.leave();
    },
  };
}
