// Alarms as lines: what is wrong where, since when, who has seen it, and the button that says it is seen.

/** @import { Known } from "./known.js" */
/** @import { Alarm } from "./types" */

import { reason, request } from "./api.js";
import { element } from "./dom.js";
import { age, moment } from "./format.js";
import { link } from "./router.js";

export const MOST_URGENT_FIRST = ["critical", "major", "minor", "warning"];

/**
 * Those that nobody has seen first, the most urgent first.
 * @param {Alarm[]} alarms
 */
export function urgentFirst(alarms) {
  return alarms.toSorted((one, other) => order(one) - order(other) || other.alarm_id - one.alarm_id);
}

/** @param {Known} known @param {Alarm} alarm */
export function alarmLine(known, alarm) {
  const since = (known.live.now() - new Date(alarm.raised_at).getTime()) / 1000;
  const lasted = alarm.cleared_at ? ` from ${moment(alarm.raised_at, known.zone)} to ${moment(alarm.cleared_at, known.zone)}`
    : `; open for ${age(since)}, since ${moment(alarm.raised_at, known.zone)}`;
  return element("li", { "data-severity": alarm.severity },
    element("span", { class: "severity" }, alarm.severity),
    element("span", {}, element("b", {}, `${alarm.title}: `, link(known.address("device", { device: alarm.device }), alarm.device_title)),
      ` ${alarm.detail}`, element("span", { class: "quiet" }, lasted, " at ", siteOf(known, alarm))),
    alarm.acknowledged_at
      ? element("span", { class: "quiet" }, `seen by ${alarm.acknowledged_by}`)
      : !alarm.cleared_at && known.sees("acknowledgements") && acknowledgement(alarm));
}

/** @param {Known} known @param {Alarm} alarm */
const siteOf = (known, { site }) => link(known.address("site", { site }), known.site(site)?.title ?? site);

/** @param {Alarm} alarm */
function acknowledgement(alarm) {
  const button = element("button", { type: "button", class: "plain",
    "aria-label": `Acknowledge ${alarm.title} of ${alarm.device_title}` }, "Acknowledge");
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
    button.textContent = "Acknowledged";
  } catch (error) {
    button.disabled = false;
    button.textContent = `${reason(error)} Try again`;
  }
}

/** @param {Alarm} alarm */
function order({ acknowledged_at, severity }) {
  return (acknowledged_at ? MOST_URGENT_FIRST.length : 0) + MOST_URGENT_FIRST.indexOf(severity);
}
