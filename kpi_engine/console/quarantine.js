// What was refused and waits: chosen by reason and device, looked at with its payload, and taken once more.

/** @import { City, Page, RefusedMessage } from "./types" */

import { get, reason, request } from "./api.js";
import { byId, element, fillSelect, replace } from "./dom.js";
import { count } from "./format.js";
import { became, finished } from "./replays.js";
import { locale, t, tn, told } from "./texts.js";

const SHOWN = 10; // messages at a time

export class Quarantine {
  #mayReplay;
  /** @type {City | null} */
  #city = null;
  /** @type {RefusedMessage[]} */
  #messages = [];
  /** @type {Set<string>} */
  #reasons = new Set();
  /** @type {string | null} */
  #cursor = null;
  #turns = 0;

  #choose;

  /** @param {boolean} mayReplay @param {(choices: { reason: string, device: string }) => void} choose */
  constructor(mayReplay, choose) {
    this.#mayReplay = mayReplay;
    this.#choose = choose;
    byId("refused-reason").addEventListener("change", () => this.#tell());
    byId("refused-device").addEventListener("change", () => this.#tell());
    byId("refused-more").addEventListener("click", () => this.#load(this.#cursor));
    byId("refused-replay").addEventListener("click", () => this.#replayAll());
  }

  /** @param {City} city @param {{ reason: string | null, device: string | null }} chosen */
  async show(city, { reason: one, device }) {
    this.#city = city;
    if (one) this.#reasons.add(one);
    this.#offer();
    byId("refused-reason", HTMLSelectElement).value = one ?? "";
    byId("refused-device", HTMLInputElement).value = device ?? "";
    await this.#load();
  }

  /** What is still asked for is not shown any more. */
  leave() {
    this.#turns += 1;
  }

  #tell() {
    const { reason: one, device } = this.#chosen;
    this.#choose({ reason: one ?? "", device: device ?? "" });
  }

  #offer() {
    fillSelect(byId("refused-reason", HTMLSelectElement),
      [["", t("Every reason")], ...[...this.#reasons].sort().map((name) => /** @type {[string, string]} */ ([name, words(name)]))]);
  }

  get #chosen() {
    return {
      city: this.#city?.name ?? null,
      reason: byId("refused-reason", HTMLSelectElement).value || null,
      device: byId("refused-device", HTMLInputElement).value.trim() || null,
    };
  }

  /** @param {string | null} [cursor] */
  async #load(cursor = null) {
    const turn = ++this.#turns;
    const chosen = this.#chosen;
    try {
      const found = await get("/quarantine", { ...chosen, limit: SHOWN, cursor });
      if (turn === this.#turns) this.#take(found, cursor !== null);
    } catch (error) {
      if (turn === this.#turns) byId("refused-outcome").textContent = reason(error);
    }
  }

  /** @param {Page<RefusedMessage>} found @param {boolean} isMore */
  #take({ items, next_cursor }, isMore) {
    const { reason: one, device } = this.#chosen;
    this.#messages = isMore ? this.#messages.concat(items) : items;
    this.#cursor = next_cursor;
    for (const message of items) this.#reasons.add(message.reason);
    this.#offer();
    if (this.#messages.length || one || device) byId("refused-part").hidden = false;
    byId("refused-count").textContent = next_cursor ? t("{count} and more refused and kept", { count: count(this.#messages.length) }) : t("{count} refused and kept", { count: count(this.#messages.length) });
    byId("refused-more").hidden = !next_cursor;
    byId("refused-replay").hidden = !this.#mayReplay || !this.#messages.length;
    byId("refused-replay").textContent = one || device ? t("Take all of this choice once more") : t("Take all once more");
    replace(byId("refused"), this.#messages.length ? this.#messages.map((message) => this.#line(message))
      : element("li", { class: "quiet" }, t("Nothing of this choice was refused.")));
  }

  /** @param {RefusedMessage} message */
  #line(message) {
    const times = message.occurrences > 1 ? `, ${tn(message.occurrences, "{count} time", "{count} times")}` : "";
    return element("li", {}, element("details", {},
      element("summary", {}, element("b", {}, words(message.reason)), ` ${message.device ?? message.topic ?? t("nobody")}`,
        element("span", { class: "quiet" }, `${times}, ${t("last {time}", { time: this.#when(message.last_received_at) })}`)),
      element("div", { class: "guess" },
        element("p", {}, message.detail ?? t("What was wrong is not kept any more.")),
        element("p", { class: "quiet" }, this.#about(message)),
        message.payload && element("pre", { tabindex: 0, "aria-label": t("What was sent") }, message.payload),
        this.#mayReplay && !message.is_summary && this.#button(message))));
  }

  /** @param {RefusedMessage} message */
  #about(message) {
    return [
      message.topic && t("sent on {topic}", { topic: message.topic }),
      message.field && t("at fault: {field}", { field: message.field }),
      t("first received {time}", { time: this.#when(message.first_received_at) }),
      tn(message.readings, "stands for {count} reading", "stands for {count} readings"),
      message.is_summary && t("one row for many that were beyond the quota and are not kept"),
    ].filter(Boolean).join("; ");
  }

  /** @param {RefusedMessage} message */
  #button(message) {
    return element("button", { type: "button", class: "plain",
      onclick: (event) => this.#replay(event, `/quarantine/${message.quarantine_id}/replay`) }, t("Take it once more"));
  }

  #replayAll() {
    const { city, reason: one, device } = this.#chosen;
    const named = Object.entries({ city, reason: one, device }).filter(([, value]) => value !== null);
    this.#replay(null, "/quarantine/replay", Object.fromEntries(named));
  }

  /** @param {Event | null} event @param {"/quarantine/replay" | `/quarantine/${number}/replay`} path @param {object} [body] */
  async #replay(event, path, body) {
    const button = event?.currentTarget instanceof HTMLButtonElement ? event.currentTarget : byId("refused-replay", HTMLButtonElement);
    const outcome = byId("refused-outcome");
    button.disabled = true;
    outcome.textContent = t("Being taken once more");
    try {
      outcome.textContent = became(await finished(await request("POST", path, body)));
      await this.#load();
    } catch (error) {
      outcome.textContent = reason(error);
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} instant */
  #when(instant) {
    return new Date(instant).toLocaleString(locale, { timeZone: this.#city?.timezone, dateStyle: "medium", timeStyle: "short" });
  }
}

/** @param {string} name */
const words = (name) => told(name.replaceAll("_", " "));
