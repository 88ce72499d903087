// The open alarms of the city, those that nobody has seen first, and the button that says they are seen.

/** @import { Live } from "./live.js" */
/** @import { Alarm } from "./types" */

import { reason, request } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { age, count } from "./format.js";

const SHOWN = 8;
const MOST_URGENT_FIRST = ["critical", "major", "minor", "warning"];

export class Alarms {
  #live;
  #mayAcknowledge;

  /** @param {Live} live @param {boolean} mayAcknowledge */
  constructor(live, mayAcknowledge) {
    this.#live = live;
    this.#mayAcknowledge = mayAcknowledge;
  }

  /** @param {Alarm[]} alarms */
  show(alarms) {
    const ordered = alarms.toSorted((one, other) => order(one) - order(other) || other.alarm_id - one.alarm_id);
    const unseen = alarms.filter((alarm) => !alarm.acknowledged_at).length;
    byId("alarms-count").textContent = alarms.length ? `${count(alarms.length)} open, ${count(unseen)} not acknowledged` : "";
    const hidden = ordered.length - SHOWN;
    replace(byId("alarms"), ordered.length
      ? [ordered.slice(0, SHOWN).map((alarm) => this.#line(alarm)),
        hidden > 0 && element("li", { class: "quiet" }, `and ${count(hidden)} more: pharos alarms list`)]
      : element("li", { class: "quiet" }, "No alarm is open."));
  }

  /** @param {Alarm} alarm */
  #line(alarm) {
    const since = (this.#live.now() - new Date(alarm.raised_at).getTime()) / 1000;
    return element("li", { "data-severity": alarm.severity },
      element("span", { class: "severity" }, alarm.severity),
      element("span", {}, element("b", {}, `${alarm.title}: ${alarm.device_title}`), ` ${alarm.detail}`,
        element("span", { class: "quiet" }, ` for ${age(since)}`)),
      alarm.acknowledged_at
        ? element("span", { class: "quiet" }, `seen by ${alarm.acknowledged_by}`)
        : this.#mayAcknowledge && acknowledgement(alarm));
  }
}

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
