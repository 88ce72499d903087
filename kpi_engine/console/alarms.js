// Alarms as lines: what is wrong where, since when, who has seen it, and the button that says it is seen.

/** @import { Child } from "./dom.js" */
/** @import { Known } from "./known.js" */
/** @import { Alarm, Severity } from "./types" */

import { reason, request } from "./api.js";
import { element } from "./dom.js";
import { age, moment } from "./format.js";
import { link } from "./router.js";
import { t, tn, tr } from "./texts.js";

/** @type {Record<Severity, string>} */
export const SEVERITIES = { critical: t("critical"), major: t("major"), minor: t("minor"), warning: t("warning") };
export const MOST_URGENT_FIRST = /** @type {Severity[]} */ (Object.keys(SEVERITIES));

/**
 * Those that nobody has seen first, the most urgent first.
 * @param {Alarm[]} alarms
 */
export function urgentFirst(alarms) {
  return alarms.toSorted((one, other) => order(one) - order(other) || other.alarm_id - one.alarm_id);
}

/**
 * Alarms of one kind are one cause until somebody looks closer: the most urgent first, of each the oldest first.
 * @param {Alarm[]} alarms
 * @returns {[Alarm, ...Alarm[]][]}
 */
export function byCause(alarms) {
  /** @type {Map<string, [Alarm, ...Alarm[]]>} */
  const causes = new Map();
  for (const alarm of alarms.toSorted((one, other) => one.raised_at.localeCompare(other.raised_at))) {
    const cause = causes.get(alarm.rule);
    if (cause) cause.push(alarm);
    else causes.set(alarm.rule, [alarm]);
  }
  return [...causes.values()].sort(([one, ...its], [other, ...others]) => order(one) - order(other) || others.length - its.length);
}

/** @param {Alarm} alarm */
export const devicesOf = (alarm) => alarm.members || 1;

/** @param {Known} known @param {Alarm} alarm */
export const alarmAddress = (known, { alarm_id }) => known.address("alarm", { alarm: String(alarm_id) });

/** How long it has been open, or from when to when it was. @param {Known} known @param {Alarm} alarm */
export function lasted(known, { raised_at, cleared_at }) {
  if (cleared_at) return t("from {start} to {end}", { start: moment(raised_at, known.zone), end: moment(cleared_at, known.zone) });
  return t("open for {age}, since {start}", { age: age((known.live.now() - new Date(raised_at).getTime()) / 1000), start: moment(raised_at, known.zone) });
}

/** @param {Known} known @param {Alarm} alarm @param {Child} [mark] what stands before it, to mark it */
export function alarmLine(known, alarm, mark) {
  const title = link(alarmAddress(known, alarm), titleOf(alarm));
  const of = !alarm.members && [": ", link(known.address("device", { device: alarm.device }), alarm.device_title)];
  return element("li", { "data-severity": alarm.severity },
    element("span", { class: "severity" }, mark, SEVERITIES[alarm.severity]),
    element("span", {}, element("b", {}, title, ...[of || []].flat()),
      ` ${alarm.detail}`, element("span", { class: "quiet" }, tr("; {when} at {site}", { when: lasted(known, alarm), site: siteOf(known, alarm) }), shelf(known, alarm))),
    alarm.acknowledged_at
      ? element("span", { class: "quiet" }, t("seen by {who}", { who: alarm.acknowledged_by ?? "" }))
      : !alarm.cleared_at && known.sees("acknowledgements") && acknowledgement(alarm));
}

/** What is wrong, and of how many. @param {{ title: string, members: number }} alarm */
export const titleOf = ({ title, members }) => members ? tn(members, "{title}, {count} device", "{title}, {count} devices", { title }) : title;

/** @param {Known} known @param {Alarm} alarm */
export const siteOf = (known, { site }) => link(known.address("site", { site }), known.site(site)?.title ?? site);

/** @param {Known} known @param {Alarm} alarm */
export const shelf = (known, { shelved_until, shelved_by, shelf_reason }) =>
  shelved_until && t("; shelved until {time} by {who}: {reason}", { time: moment(shelved_until, known.zone), who: shelved_by ?? "", reason: shelf_reason ?? "" });

/** @param {Alarm} alarm */
function acknowledgement(alarm) {
  const button = element("button", { type: "button", class: "plain",
    "aria-label": t("Acknowledge {title} of {device}", { title: alarm.title, device: alarm.device_title }) }, t("Acknowledge"));
  button.addEventListener("click", () => acknowledge(alarm, button));
  return button;
}

/**
 * What came of it is told by the stream, as every change is.
 * @param {Alarm} alarm
 * @param {HTMLButtonElement} button
 */
async function acknowledge(alarm, button) {
  button.disabled = true;
  try {
    await request("POST", `/alarms/${alarm.alarm_id}/acknowledge`);
    button.textContent = t("Acknowledged");
  } catch (error) {
    button.disabled = false;
    button.textContent = `${reason(error)} ${t("Try again")}`;
  }
}

/** @param {Alarm} alarm */
function order({ acknowledged_at, severity }) {
  return (acknowledged_at ? MOST_URGENT_FIRST.length : 0) + MOST_URGENT_FIRST.indexOf(severity);
}
