// Alarms of a city: those that are open, or all of the past as well; found by kind and by words.

/** @import { Alarm } from "./types" */
/** @import { Option } from "./dom.js" */
/** @import { Opening, View } from "./view" */

import { alarmLine, urgentFirst } from "./alarms.js";
import { get, reason } from "./api.js";
import { byId, choice, element, fillSelect, replace } from "./dom.js";
import { count } from "./format.js";
import { Turns } from "./turns.js";

const PART = 200; // alarms of one answer

/** @param {Opening} opening @returns {View} */
export function openAlarms({ known, choose, entitle }) {
  const turns = new Turns();
  const [which, rule, search] = [byId("alarms-which"), byId("alarms-rule", HTMLSelectElement), byId("search", HTMLInputElement)];
  const [place, told, more] = [byId("alarms"), byId("alarms-count"), byId("alarms-more")];
  /** @type {Map<string, string>} */
  const rules = new Map();
  let choices = new URLSearchParams();
  /** @type {Alarm[]} */
  let found = [];
  let wanted = PART;
  let asked = "";
  entitle("Alarms");
  rule.addEventListener("change", () => choose({ rule: rule.value }));
  search.addEventListener("input", () => choose({ search: search.value }, true));
  more.addEventListener("click", () => { wanted += PART; load(); });

  const load = async () => {
    const isWanted = turns.take();
    const chosen = { city: known.city.name, open: choices.get("which") === "all" ? null : "true", rule: choices.get("rule") };
    try {
      /** @type {Alarm[]} */
      const loaded = [];
      /** @type {string | null} */
      let cursor = null;
      do {
        /** @type {{ items: Alarm[], next_cursor: string | null }} */
        const part = await get("/alarms", { ...chosen, limit: PART, cursor });
        loaded.push(...part.items);
        cursor = part.next_cursor;
      } while (cursor && loaded.length < wanted);
      if (!isWanted()) return;
      found = loaded;
      more.hidden = cursor === null;
      show();
    } catch (error) {
      if (isWanted()) told.textContent = reason(error);
    }
  };
  const show = () => {
    const isPast = choices.get("which") === "all";
    for (const alarm of found) rules.set(alarm.rule, alarm.title);
    const chosen = choices.get("rule") ?? "";
    if (chosen && !rules.has(chosen)) rules.set(chosen, chosen.replaceAll("_", " "));
    /** @type {Option[]} */
    const options = [...rules].sort(([, one], [, other]) => one.localeCompare(other));
    fillSelect(rule, [["", "Every kind"], ...options]);
    rule.value = chosen;
    choice(which, [["open", "Open"], ["all", "Past, too"]], isPast ? "all" : "open", (one) => choose({ which: one === "all" ? one : null }));
    const words = search.value.trim().toLowerCase();
    const shown = found.filter((alarm) => `${alarm.title} ${alarm.device_title} ${alarm.device} ${alarm.site} ${alarm.detail}`.toLowerCase().includes(words));
    const unseen = shown.filter(({ acknowledged_at, cleared_at }) => !acknowledged_at && !cleared_at).length;
    told.textContent = shown.length ? `${count(shown.length)}${more.hidden ? "" : " and more"} ${isPast ? "found" : "open"}, ${count(unseen)} not acknowledged` : "";
    replace(place, shown.length ? (isPast ? shown : urgentFirst(shown)).map((alarm) => alarmLine(known, alarm))
      : element("li", { class: "quiet" }, found.length || chosen ? "No alarm matches." : isPast ? "No alarm was ever raised." : "No alarm is open."));
  };
  return {
    chosen(now) {
      choices = now;
      if (search.value !== (choices.get("search") ?? "")) search.value = choices.get("search") ?? "";
      const ask = `${choices.get("which")} ${choices.get("rule")}`;
      if (ask === asked) show();
      else load();
      asked = ask;
    },
    changed(topic) {
      if (topic === "alarms") load();
    },
    left() {
      turns.take();
    },
  };
}
