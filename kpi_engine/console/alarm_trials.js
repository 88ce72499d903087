// Who is told of alarms of a city, and whether they can be: a trial is sent by every way, and what became of each is shown.

/** @import { NotificationTrial } from "./types" */
/** @import { Known } from "./known.js" */

import { get, reason, request } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { moment } from "./format.js";
import { t } from "./texts.js";

const LOOKS = 1_000; // milliseconds between two looks at a trial
const SLOW = 20_000; // milliseconds after which nobody seems to take it up
/** @type {Record<string, string>} */
const WAYS = { mail: t("by mail"), webhook: t("by webhook"), apprise: t("by Apprise") };

export class AlarmTrials {
  #known;
  #button = byId("trial-send", HTMLButtonElement);
  #told = byId("trial-told");
  #isLeft = false;

  /** @param {Known} known */
  constructor(known) {
    this.#known = known;
    this.#button.addEventListener("click", () => this.#send());
    this.#list();
  }

  left() {
    this.#isLeft = true;
  }

  async #list() {
    try {
      const { items } = await get("/notifications/receivers", { city: this.#known.city.name });
      if (this.#isLeft) return;
      replace(byId("receivers"), items.length
        ? items.map(({ receiver, ways }) => element("li", {}, element("b", {}, receiver), " ", ways.map((way) => WAYS[way] ?? way).join(", ")))
        : element("li", { class: "quiet" }, t("Nobody: no notifier has said whom it tells.")));
      this.#button.hidden = !items.length;
    } catch (error) {
      if (!this.#isLeft) this.#told.textContent = reason(error);
    }
  }

  async #send() {
    this.#button.disabled = true;
    replace(byId("trial-results"));
    this.#told.textContent = t("Waits for the notifier, which looks every 5 seconds.");
    try {
      let trial = await request("POST", "/notifications/trials", { city: this.#known.city.name });
      for (let waited = 0; !this.#isLeft && !trial.finished_at && !trial.lapsed; waited += LOOKS) {
        await new Promise((resolve) => { setTimeout(resolve, LOOKS); });
        if (this.#isLeft) return;
        trial = await get(`/notifications/trials/${trial.trial_id}`);
        this.#show(trial, waited);
      }
    } catch (error) {
      if (!this.#isLeft) this.#told.textContent = reason(error);
    }
    this.#button.disabled = false;
  }

  /** @param {NotificationTrial} trial @param {number} waited in milliseconds */
  #show({ finished_at, lapsed, results }, waited) {
    replace(byId("trial-results"), results.map(({ receiver, way, told_at, trouble }) => element("li", { "data-taken": String(!trouble) },
      element("b", {}, receiver), " ", WAYS[way] ?? way, ": ", trouble ? t("not taken: {why}", { why: trouble }) : t("taken at {time}", { time: moment(told_at, this.#known.zone) }))));
    const failed = results.filter(({ trouble }) => trouble).length;
    if (finished_at) this.#told.textContent = failed ? t("Somebody could not be told.") : t("Everybody was told.");
    else if (lapsed) this.#told.textContent = t("No notifier took it up in time; nothing more is sent.");
    else if (waited > SLOW && !results.length) this.#told.textContent = t("No notifier takes it up. Does pharos notify run?");
  }
}
