// One alarm: what is wrong, whom it stands for, which figures of today it touches, what to do, and what people did.

/** @import { AlarmMember, AlarmNote, AlarmWithRemedy, Page, TouchedFigure } from "./types" */
/** @import { Opening, View } from "./view" */

import { AlarmActions } from "./alarm_actions.js";
import { SEVERITIES, lasted, shelf, siteOf, titleOf } from "./alarms.js";
import { get, reason } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { amount, count, moment, percent, period } from "./format.js";
import { begun, fillTable } from "./listed.js";
import { link } from "./router.js";
import { label } from "./rows.js";
import { t, tn, told, tp, tr } from "./texts.js";
import { STATUS } from "./tiles.js";
import { Turns } from "./turns.js";

const PART = 1000;
const FIGURES = 8; // at first; those of the city come first

/** @param {Opening} opening @returns {View} */
export function openAlarm({ known, names, choose, entitle }) {
  const number = Number(names["alarm"]);
  const turns = new Turns();
  let choices = new URLSearchParams();
  let connected = true;
  let shown = "";
  /** @type {AlarmMember[]} */
  let members = [];
  entitle(t("Alarm"));
  const actions = new AlarmActions(byId("alarm-actions"), { handles: known.sees("alarm_handling"), now: () => known.live.now(), done: () => load() });

  const load = async () => {
    const isWanted = turns.take();
    try {
      const [alarm, notes, of] = await Promise.all([get(`/alarms/${number}`),
        every((page) => get(`/alarms/${number}/notes`, page)), every((page) => get(`/alarms/${number}/members`, page))]);
      if (!isWanted()) return;
      if (alarm.city !== known.city.name) throw new Error(t("This alarm is of another city: {city}.", { city: alarm.city }));
      members = of;
      showAlarm(alarm, notes);
      showMembers();
      actions.of([alarm]);
      if (known.sees("alarm_effects")) await loadFigures(alarm, isWanted);
    } catch (error) {
      if (isWanted()) replace(byId("alarm-about"), reason(error));
    }
  };
  /** @param {AlarmWithRemedy} alarm @param {() => boolean} isWanted */
  const loadFigures = async (alarm, isWanted) => {
    const figures = await every((page) => get(`/alarms/${number}/figures`, page));
    if (isWanted()) showFigures(figures, alarm);
  };
  /** @param {AlarmWithRemedy} alarm @param {AlarmNote[]} notes */
  const showAlarm = (alarm, notes) => {
    entitle(alarm.members ? titleOf(alarm) : `${alarm.title}: ${alarm.device_title}`);
    const seen = alarm.acknowledged_at ? t("seen by {who}", { who: alarm.acknowledged_by ?? "" }) : alarm.cleared_at ? t("never acknowledged") : t("not acknowledged");
    const of = { when: lasted(known, alarm), site: siteOf(known, alarm), device: link(known.address("device", { device: alarm.device }), alarm.device_title), seen };
    replace(byId("alarm-about"), element("b", { class: "severity", "data-severity": alarm.severity }, SEVERITIES[alarm.severity]), `: ${alarm.detail}. `,
      element("span", { class: "quiet" }, alarm.cleared_at ? tr("It was open {when}, at {site} ({device}), {seen}", of) : tr("It is {when}, at {site} ({device}), {seen}", of),
      shelf(known, alarm), "."));
    for (const part of ["remedy-part", "notes-part"]) byId(`alarm-${part}`).hidden = false;
    byId("alarm-actions").hidden = !known.sees("acknowledgements");
    byId("alarm-remedy").textContent = alarm.remedy || t("This kind of alarm was given up; nothing is known of what to do.");
    const cleared = alarm.cleared_at && line(alarm.cleared_at, t("cleared by the readings, or no longer watched"));
    replace(byId("alarm-notes"), line(alarm.raised_at, t("raised by the readings")),
      notes.map((note) => line(note.at, note.until ? t("{action} by {who} until {time}", { action: told(note.action), who: note.by, time: moment(note.until, known.zone) })
        : t("{action} by {who}", { action: told(note.action), who: note.by }), note.text)), cleared);
  };
  /** @param {string} at @param {string} what @param {string | null} [text] */
  const line = (at, what, text) => element("li", {}, element("time", { datetime: at }, moment(at, known.zone)),
    element("span", {}, what, text && element("span", {}, ": ", text)));
  const showMembers = () => {
    byId("alarm-members-part").hidden = !members.length;
    const rows = begun(members, choices.has("all"), byId("alarm-members-more"), () => choose({ all: "yes" })).map((member) => {
      const device = known.device(member.device);
      return { member, state: device ? known.freshness.state(device) : null, heard: device?.last_observed_at ?? null };
    });
    const now = JSON.stringify([rows, connected]);
    if (now === shown) return; // so that what is focused stays
    shown = now;
    byId("alarm-members-title").textContent = tn(members.length, "The {count} device it stands for", "The {count} devices it stands for");
    fillTable(byId("alarm-members"), [t("Device"), t("Site"), t("Now"), t("Last heard")], rows.map(({ member, state, heard }) => [
      link(known.address("device", { device: member.device }), member.device_title),
      link(known.address("site", { site: member.site }), known.site(member.site)?.title ?? member.site),
      state ? label(state, connected) : "", heard ? moment(heard, known.zone) : t("never")]));
  };
  /** @param {TouchedFigure[]} figures @param {AlarmWithRemedy} alarm */
  const showFigures = (figures, alarm) => {
    byId("alarm-figures-none").textContent = figures.length ? "" : t("No figure of this day or month reads it.");
    byId("alarm-figures-part").hidden = false;
    const rows = begun(figures, choices.has("figures"), byId("alarm-figures-more"), () => choose({ figures: "yes" }), FIGURES);
    fillTable(byId("alarm-figures"), [t("Figure"), tp("subject", "Of"), t("Period"), t("Value"), t("Known of it"), ...(alarm.members ? [t("Devices")] : [])], rows.map((figure) => [
      link(known.address("figure", { kpi: figure.kpi }, { value: figure.value_id }), figure.title),
      figure.site ? known.site(figure.site)?.title ?? figure.site : figure.group ?? known.city.title,
      period(figure.period, figure.period_start, known.zone),
      figure.value === null ? STATUS[figure.status] ?? figure.status : `${amount(figure.value, figure.unit)}, ${STATUS[figure.status] ?? figure.status}`,
      percent(figure.coverage), ...(alarm.members ? [count(figure.devices)] : [])]));
  };
  return {
    chosen(now) {
      choices = now;
      load();
    },
    changed(topic) {
      if (topic === "alarms") load();
      if (topic === "devices") showMembers();
    },
    tick(isConnected) {
      if (connected === isConnected) return;
      connected = isConnected;
      showMembers();
    },
    left() {
      turns.take();
    },
  };
}

/**
 * All of a list, part by part.
 * @template Item
 * @param {(page: { limit: number, cursor: string | null }) => Promise<Page<Item>>} ask
 */
async function every(ask) {
  /** @type {Item[]} */
  const items = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {Page<Item>} */
    const part = await ask({ limit: PART, cursor });
    items.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor);
  return items;
}
