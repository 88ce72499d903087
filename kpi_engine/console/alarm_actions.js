// What is done about several alarms at once: acknowledged, commented, shelved until a time with a reason, taken back.

/** @import { Alarm } from "./types" */
/** @typedef {"acknowledge" | "comment" | "shelve" | "unshelve"} Action */

import { instant, reason, request } from "./api.js";
import { element, replace } from "./dom.js";
import { t, tn, tp } from "./texts.js";

const MOST = 1000; // alarms of one request
const HOUR = 3_600_000;
/** @type {[hours: number, label: string][]} */
const SHELVES = [[1, t("for 1 hour")], [8, t("for 8 hours")], [24, t("for 1 day")], [72, t("for 3 days")], [168, t("for 1 week")],
  [720, t("for 30 days")]];
/** @type {Record<Action, [label: string, done: (number: number) => string, words: string | null]>} */
const ACTIONS = {
  acknowledge: [t("Acknowledge"), (number) => tn(number, "{count} acknowledged.", "{count} acknowledged."), null],
  comment: [tp("to do", "Comment"), (number) => tn(number, "{count} commented.", "{count} commented."), tp("words", "Comment")],
  shelve: [t("Shelve"), (number) => tn(number, "{count} shelved.", "{count} shelved."), t("Reason")],
  unshelve: [t("Take off the shelf"), (number) => tn(number, "{count} taken off the shelf.", "{count} taken off the shelf."), null],
};

export class AlarmActions {
  #place;
  #now;
  #done;
  /** @type {Alarm[]} */
  #alarms = [];
  #buttons = element("span", { class: "actions" });
  #form = element("form", { class: "action-form", hidden: true });
  #told = element("span", { class: "quiet", role: "status" });

  /**
   * @param {HTMLElement} place
   * @param {{ handles: boolean, now: () => number, done: () => void }} options whether more than acknowledging is allowed,
   *   the server's time, and what is called when something was done
   */
  constructor(place, { handles, now, done }) {
    this.#place = place;
    this.#now = now;
    this.#done = done;
    /** @type {Action[]} */
    const offered = handles ? ["acknowledge", "comment", "shelve", "unshelve"] : ["acknowledge"];
    replace(this.#buttons, offered.map((action) => element("button", { type: "button", "data-action": action, onclick: () => this.#begin(action) },
      ACTIONS[action][0])));
    replace(this.#place, this.#buttons, this.#form, this.#told);
    this.of([]);
  }

  /** Those that the buttons are about now. @param {Alarm[]} alarms */
  of(alarms) {
    this.#alarms = alarms;
    for (const button of this.#buttons.querySelectorAll("button")) {
      button.disabled = !this.#meant(button.dataset["action"]).length;
      button.hidden = button.disabled && button.dataset["action"] === "unshelve";
    }
    if (!alarms.length) this.#form.hidden = true;
  }

  /** Those that an action makes sense for. @param {string | undefined} action */
  #meant(action) {
    return this.#alarms.filter((alarm) => {
      if (action === "acknowledge") return !alarm.acknowledged_at;
      if (action === "shelve") return !alarm.cleared_at;
      return action === "comment" || alarm.shelved_until;
    });
  }

  /** @param {Action} action */
  #begin(action) {
    const words = ACTIONS[action][2];
    if (words === null) {
      this.#send(action, {});
      return;
    }
    const text = element("input", { type: "text", required: true, maxlength: 2000, "aria-label": words, placeholder: words });
    const until = element("select", { "aria-label": t("For how long") }, SHELVES.map(([hours, label]) => element("option", { value: hours }, label)));
    replace(this.#form, text, action === "shelve" && until, element("button", { type: "submit" }, ACTIONS[action][0]),
      element("button", { type: "button", class: "plain", onclick: () => { this.#form.hidden = true; } }, t("Cancel")));
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const shelved = { reason: text.value, until: instant(this.#now() + Number(until.value) * HOUR) };
      this.#send(action, action === "shelve" ? shelved : { text: text.value });
    };
    this.#form.hidden = false;
    text.focus();
  }

  /** @param {Action} action @param {object} facts */
  async #send(action, facts) {
    const numbers = this.#meant(action).map(({ alarm_id }) => alarm_id);
    this.#told.textContent = "";
    try {
      for (let at = 0; at < numbers.length; at += MOST) {
        await request("POST", `/alarms/${action}`, { alarms: numbers.slice(at, at + MOST), ...facts });
      }
      this.#form.hidden = true;
      this.#told.textContent = ACTIONS[action][1](numbers.length);
    } catch (error) {
      this.#told.textContent = reason(error);
    }
    this.#done();
  }
}
