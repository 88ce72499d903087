// Alarms of a city: one line a cause, found by state, severity, vertical, site, kind and words; what is marked is handled at once.

/** @import { Alarm } from "./types" */
/** @import { Option } from "./dom.js" */
/** @import { Opening, View } from "./view" */

import { AlarmActions } from "./alarm_actions.js";
import { AlarmTrials } from "./alarm_trials.js";
import { MOST_URGENT_FIRST, SEVERITIES, alarmLine, byCause, devicesOf, lasted, urgentFirst } from "./alarms.js";
import { get, reason } from "./api.js";
import { byId, choice, element, fillSelect, replace } from "./dom.js";
import { count } from "./format.js";
import { groupedBy } from "./grouped.js";
import { link } from "./router.js";
import { t, tn, tp } from "./texts.js";
import { Turns } from "./turns.js";

const PART = 1000; // alarms of one answer
const PAST = 200; // alarms of the past that are asked for at a time
/** @type {[state: string, label: string][]} */
const STATES = [["standing", tp("alarms", "Open")], ["shelved", tp("alarms", "Shelved")], ["cleared", tp("alarms", "Past")], ["all", tp("alarms", "All")]];
const ASKED = /** @type {const} */ (["which", "severity", "vertical", "site", "rule"]);

/** @param {Opening} opening @returns {View} */
export function openAlarms({ known, choose, entitle }) {
  const turns = new Turns();
  const [which, search] = [byId("alarms-which"), byId("search", HTMLInputElement)];
  const selects = { severity: byId("alarms-severity", HTMLSelectElement), vertical: byId("vertical", HTMLSelectElement),
    site: byId("alarms-site", HTMLSelectElement), rule: byId("alarms-rule", HTMLSelectElement) };
  const [place, told, more, every] = [byId("alarms"), byId("alarms-count"), byId("alarms-more"), byId("alarms-every", HTMLInputElement)];
  /** @type {Map<string, string>} */
  const rules = new Map();
  /** @type {Set<number>} */
  const marked = new Set();
  let choices = new URLSearchParams();
  /** @type {Alarm[]} */
  let found = [];
  let wanted = PAST;
  let asked = "";
  let drawn = "";
  entitle(t("Alarms"));
  const acts = known.sees("acknowledgements");
  byId("alarms-acting").hidden = !acts;
  const actions = new AlarmActions(byId("alarms-actions"), { handles: known.sees("alarm_handling"), now: () => known.live.now(),
    done: () => { marked.clear(); load(); } });
  const trials = known.sees("notifications") ? new AlarmTrials(known) : null;
  for (const [name, select] of Object.entries(selects)) select.addEventListener("change", () => choose({ [name]: select.value }));
  search.addEventListener("input", () => choose({ search: search.value }, true));
  more.addEventListener("click", () => { wanted += PAST; load(); });
  every.addEventListener("change", () => { matching().forEach((alarm) => mark([alarm], every.checked)); show(true); });

  const state = () => choices.get("which") ?? "standing";
  const load = async () => {
    const isWanted = turns.take();
    const [of, least] = [state(), wanted];
    const isPast = of === "cleared" || of === "all";
    const chosen = Object.fromEntries(ASKED.slice(1).map((name) => [name, choices.get(name)]));
    try {
      /** @type {Alarm[]} */
      const loaded = [];
      /** @type {string | null} */
      let cursor = null;
      do {
        /** @type {{ items: Alarm[], next_cursor: string | null }} */
        const part = await get("/alarms", { city: known.city.name, state: of === "all" ? null : of, ...chosen, limit: isPast ? PAST : PART, cursor });
        loaded.push(...part.items);
        cursor = part.next_cursor;
      } while (cursor && (!isPast || loaded.length < least));
      if (!isWanted()) return;
      found = loaded;
      more.hidden = cursor === null;
      show();
    } catch (error) {
      if (isWanted()) told.textContent = reason(error);
    }
  };
  const showFilters = () => {
    for (const alarm of found) rules.set(alarm.rule, alarm.title);
    const rule = choices.get("rule");
    if (rule && !rules.has(rule)) rules.set(rule, rule.replaceAll("_", " "));
    /** @type {Option[]} */
    const kinds = [...rules].sort(([, one], [, other]) => one.localeCompare(other));
    /** @type {Option[]} */
    const verticals = [...groupedBy(known.sites, ({ vertical }) => vertical).keys()].map((name) => [name, known.groups.title(name)]);
    /** @type {Option[]} */
    const sites = known.sites.map(({ name, title }) => [name, title]);
    fillSelect(selects.severity, [["", t("Every severity")], ...MOST_URGENT_FIRST.map((name) => /** @type {Option} */ ([name, SEVERITIES[name]]))]);
    fillSelect(selects.vertical, [["", t("All verticals")], ...verticals]);
    fillSelect(selects.site, [["", t("All sites")], ...sites.sort(([, one], [, other]) => one.localeCompare(other))]);
    fillSelect(selects.rule, [["", t("Every kind")], ...kinds]);
    for (const [name, select] of Object.entries(selects)) select.value = choices.get(name) ?? "";
    choice(which, STATES, state(), (one) => choose({ which: one === "standing" ? null : one }));
  };
  const matching = () => {
    const words = search.value.trim().toLowerCase();
    return found.filter((alarm) => `${alarm.title} ${alarm.device_title} ${alarm.device} ${alarm.site} ${alarm.detail}`.toLowerCase().includes(words));
  };
  /** @param {boolean} [again] though nothing else came */
  const show = (again = false) => {
    showFilters();
    for (const number of marked) if (!found.some(({ alarm_id }) => alarm_id === number)) marked.delete(number);
    const shown = matching();
    const now = JSON.stringify([shown, String(choices)]);
    if (now === drawn && !again) return; // so that what is focused stays
    drawn = now;
    const unseen = shown.filter(({ acknowledged_at, cleared_at }) => !acknowledged_at && !cleared_at).length;
    const devices = shown.reduce((sum, alarm) => sum + devicesOf(alarm), 0);
    const parts = [more.hidden ? tn(shown.length, "{count} alarm", "{count} alarms") : tn(shown.length, "{count} alarm and more", "{count} alarms and more"),
      devices > shown.length && tn(devices, "of {count} device", "of {count} devices"),
      state() !== "cleared" && t("{count} not acknowledged", { count: count(unseen) })];
    told.textContent = shown.length ? parts.filter(Boolean).join(", ") : "";
    const isFlat = choices.get("rule") || search.value.trim() || state() === "cleared" || state() === "all";
    const lines = isFlat ? (state() === "standing" ? urgentFirst(shown) : shown).map((alarm) => alarmLine(known, alarm, box([alarm], alarm.title)))
      : byCause(shown).map(causeLine);
    replace(place, lines.length ? lines : element("li", { class: "quiet" }, nothing()));
    showMarks();
  };
  /** @param {[Alarm, ...Alarm[]]} cause */
  const causeLine = (cause) => {
    const [first, ...others] = cause;
    if (!others.length) return alarmLine(known, first, box(cause, first.title));
    const sites = new Set(cause.map(({ site }) => site));
    const at = sites.size === 1 ? t("at {site}", { site: known.site(first.site)?.title ?? first.site }) : tn(sites.size, "at {count} site", "at {count} sites");
    const unseen = cause.filter(({ acknowledged_at }) => !acknowledged_at).length;
    const rest = known.address("alarms", {}, { ...Object.fromEntries(choices), rule: first.rule });
    return element("li", { "data-severity": first.severity },
      element("span", { class: "severity" }, box(cause, first.title), SEVERITIES[first.severity]),
      element("span", {}, element("b", {}, link(rest, tn(cause.length, "{title}: {count} alarm", "{title}: {count} alarms", { title: first.title }))), ` ${at}`,
        element("span", { class: "quiet" }, t("; the first {when}", { when: lasted(known, first) }))),
      element("span", { class: "quiet" }, unseen ? t("{count} not acknowledged", { count: count(unseen) }) : t("acknowledged")));
  };
  const nothing = () => {
    if (ASKED.slice(1).some((name) => choices.get(name)) || found.length) return t("No alarm matches.");
    return { standing: t("No alarm is open."), shelved: t("No alarm is shelved.") }[state()] ?? t("No alarm was ever raised.");
  };
  /** A box that marks alarms, so that something is done about them. @param {Alarm[]} alarms @param {string} title */
  const box = (alarms, title) => acts && element("input", { type: "checkbox", "aria-label": alarms.length > 1
    ? tn(alarms.length, "Mark {title}, {count} alarm", "Mark {title}, {count} alarms", { title }) : t("Mark {title} of {device}", { title, device: alarms[0]?.device_title ?? "" }),
    checked: alarms.every(({ alarm_id }) => marked.has(alarm_id)),
    onchange: ({ target }) => { mark(alarms, target instanceof HTMLInputElement && target.checked); showMarks(); } });
  /** @param {Alarm[]} alarms @param {boolean} isMarked */
  const mark = (alarms, isMarked) => { for (const { alarm_id } of alarms) if (isMarked) marked.add(alarm_id); else marked.delete(alarm_id); };
  const showMarks = () => {
    const shown = matching();
    every.checked = shown.length > 0 && shown.every(({ alarm_id }) => marked.has(alarm_id));
    byId("alarms-marked").textContent = marked.size ? tn(marked.size, "{count} marked", "{count} marked") : t("Mark all");
    actions.of(found.filter(({ alarm_id }) => marked.has(alarm_id)));
  };
  return {
    chosen(now) {
      choices = now;
      if (search.value !== (choices.get("search") ?? "")) search.value = choices.get("search") ?? "";
      const ask = ASKED.map((name) => choices.get(name)).join("\u0000");
      if (ask === asked) show();
      else {
        showFilters();
        wanted = PAST;
        marked.clear();
        load();
      }
      asked = ask;
    },
    changed(topic) {
      if (topic === "alarms") load();
    },
    left() {
      turns.take();
      trials?.left();
    },
  };
}
