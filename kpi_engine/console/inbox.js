// Who sent without being declared: samples, what it most likely is, the lines for the city file to copy, and a claim.

/** @import { City, FieldFound, Found, Sender } from "./types" */

import { get, reason, request } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { count } from "./format.js";
import { became, finished } from "./replays.js";
import { locale, t, tn, tp } from "./texts.js";

const SHOWN = 10; // senders
const SAMPLES = 3; // messages of one, the newest

export class Inbox {
  #mayFollow;
  /** @type {City | null} */
  #city = null;
  #isWhole = false;

  /** @param {boolean} mayFollow whether what became of a claim may be asked for */
  constructor(mayFollow) {
    this.#mayFollow = mayFollow;
    byId("inbox-all").addEventListener("click", () => { this.#isWhole = true; this.#load().catch(() => null); });
    byId("inbox-again").addEventListener("click", () => this.#load().catch((error) => { byId("inbox-outcome").textContent = reason(error); }));
  }

  /** @param {City} city */
  async show(city) {
    this.#city = city;
    byId("inbox-part").hidden = true;
    byId("inbox-outcome").textContent = "";
    await this.#load();
  }

  /** What is still asked for is not shown any more. */
  leave() {
    this.#city = null;
  }

  async #load() {
    const city = this.#city;
    if (!city) return;
    const { items } = await get("/inbox", { city: city.name });
    if (city !== this.#city) return;
    if (items.length) byId("inbox-part").hidden = false;
    byId("inbox-count").textContent = t("{count} not declared", { count: count(items.length) });
    replace(byId("inbox"), items.slice(0, this.#isWhole ? items.length : SHOWN).map((sender) => this.#line(sender)));
    byId("inbox-all").hidden = this.#isWhole || items.length <= SHOWN;
    byId("inbox-all").textContent = t("Show all {count}", { count: count(items.length) });
  }

  /** @param {Sender} sender */
  #line(sender) {
    const parts = [tn(sender.messages, "{count} message", "{count} messages"), sender.dropped && t("{count} dropped", { count: count(sender.dropped) }),
      t("last {time}", { time: this.#when(sender) })];
    const place = element("div", { class: "guess" });
    const details = element("details", {},
      element("summary", {}, element("b", {}, sender.origin),
        element("span", { class: "quiet" }, ` ${parts.filter(Boolean).join(", ")}`)), place);
    details.addEventListener("toggle", () => details.open && !place.childElementCount && this.#look(sender, place));
    return element("li", {}, details);
  }

  /** @param {Sender} sender @param {HTMLElement} place */
  async #look(sender, place) {
    replace(place, element("p", { class: "quiet", role: "status" }, t("Looking at what it sends")));
    try {
      const found = await get("/inbox/sender", { origin: sender.origin, city: this.#city?.name ?? null });
      replace(place, guess(found), this.#next(found, place));
    } catch (error) {
      replace(place, element("p", { class: "problem" }, reason(error)));
    }
  }

  /**
   * What is to be done next: declare it, or claim what it sent.
   * @param {Found} found
   * @param {HTMLElement} place
   */
  #next(found, place) {
    if (found.is_declared) {
      return [element("p", {}, t("The city file declares it by now. What it sent can be taken as if it always had.")),
        element("button", { type: "button", onclick: (event) => this.#claim(event, found.sender) }, t("Claim what it sent"))];
    }
    return [element("p", { class: "quiet" }, found.lines && t("Paste the lines under the lists of the same names in the city file, and apply it. Then look again: what it sent can be claimed.")),
      element("button", { type: "button", class: "plain", onclick: () => this.#look(found.sender, place) }, t("Look again"))];
  }

  /** @param {Event} event @param {Sender} sender */
  async #claim({ currentTarget }, sender) {
    const outcome = byId("inbox-outcome");
    if (currentTarget instanceof HTMLButtonElement) currentTarget.disabled = true;
    outcome.textContent = t("{origin}: being taken", { origin: sender.origin });
    try {
      const asked = await request("POST", "/inbox/claim", { origin: sender.origin, city: this.#city?.name });
      if (!this.#mayFollow) return;
      outcome.textContent = `${sender.origin}: ${became(await finished(asked))}`;
      await this.#load();
    } catch (error) {
      if (currentTarget instanceof HTMLButtonElement) currentTarget.disabled = false;
      outcome.textContent = reason(error);
    }
  }

  /** @param {Sender} sender */
  #when({ last_received_at }) {
    return new Date(last_received_at).toLocaleString(locale, { timeZone: this.#city?.timezone, dateStyle: "medium", timeStyle: "short" });
  }
}

/** @param {Found} found */
function guess(found) {
  return [
    element("p", {}, !found.decoder ? t("No format reads it.")
      : found.expected_interval ? t("Most likely {format}, every {interval}.", { format: found.decoder, interval: found.expected_interval })
        : t("Most likely {format}.", { format: found.decoder })),
    found.refused !== "" && element("p", { class: "problem" }, found.refused),
    found.fields.length > 0 && fields(found.fields),
    element("h3", {}, t("What it sent")),
    distinct(found.samples.map(({ topic, payload }) => `${topic}\n${payload}`)).slice(-SAMPLES).map(sample),
    found.notes.concat(found.faults).map((note) => element("p", { class: "quiet" }, note)),
    found.lines && [element("h3", {}, t("For the city file")),
      element("pre", { tabindex: 0, "aria-label": t("Lines for the city file") }, found.lines), copying(found.lines)],
  ].flat();
}

/** @param {FieldFound[]} found */
function fields(found) {
  const row = (/** @type {FieldFound} */ field) => element("tr", {},
    element("td", {}, element("code", {}, field.device ? `${field.device} ${field.field}` : field.field)),
    element("td", {}, !field.quantity ? t("not known") : field.is_fixed ? field.quantity : t("{quantity} by its name", { quantity: field.quantity })),
    element("td", {}, field.unit ?? ""),
    element("td", {}, field.kind ?? ""),
    element("td", { class: "number" }, between(field)));
  return element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": t("Fields of its messages") }, element("table", {},
    element("thead", {}, element("tr", {}, [t("Field"), t("Quantity"), t("Unit"), t("Kind"), t("First to last")].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, found.map(row))));
}

/** @param {FieldFound} field */
const between = ({ first, last }) => (first === null || last === null ? "" : first === last ? `${first}` : tp("bounds", "{least} to {most}", { least: first, most: last }));

/** @param {string[]} texts */
const distinct = (texts) => [...new Set(texts)];

/** @param {string} sent */
const sample = (sent) => element("pre", { tabindex: 0, "aria-label": t("A message as it came") }, sent);

/** @param {string} lines */
function copying(lines) {
  const button = element("button", { type: "button", class: "plain" }, t("Copy the lines"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(lines);
    button.textContent = t("Copied");
  });
  return button;
}
