// Who sent without being declared: what it most likely is, and the lines for the city file, to be copied.

/** @import { City, FieldFound, Found, Sender } from "./types" */

import { get, reason, request } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { count } from "./format.js";

const SHOWN = 10;

/** @param {City} city */
export async function showInbox(city) {
  const { items } = await get("/inbox", { city: city.name });
  byId("inbox-part").hidden = items.length === 0;
  byId("inbox-count").textContent = items.length ? `${count(items.length)} not declared` : "";
  const hidden = items.length - SHOWN;
  replace(byId("inbox"), [items.slice(0, SHOWN).map((sender) => line(city, sender)),
    hidden > 0 && element("li", { class: "quiet" }, `and ${count(hidden)} more: pharos device unknown list`)]);
}

/** @param {City} city @param {Sender} sender */
function line(city, sender) {
  const dropped = sender.dropped ? `, ${count(sender.dropped)} dropped` : "";
  const details = element("details", {},
    element("summary", {}, element("b", {}, sender.origin),
      element("span", { class: "quiet" }, ` ${count(sender.messages)} messages${dropped}, last ${when(city, sender)}`)));
  details.addEventListener("toggle", () => details.open && details.childElementCount === 1 && open(city, sender, details));
  return element("li", {}, details);
}

/** @param {City} city @param {Sender} sender @param {HTMLElement} details */
async function open(city, sender, details) {
  const place = element("div", { class: "guess" }, element("p", { class: "quiet" }, "Looking at what it sends"));
  details.append(place);
  try {
    replace(place, guess(city, await get("/inbox/sender", { origin: sender.origin, city: city.name })));
  } catch (error) {
    replace(place, element("p", { class: "problem" }, reason(error)));
  }
}

/** @param {City} city @param {Found} found */
function guess(city, found) {
  const often = found.expected_interval ? `, every ${found.expected_interval}` : "";
  return [
    element("p", {}, found.decoder ? `Most likely ${found.decoder}${often}.` : "No format reads it."),
    element("ul", {}, found.fields.map((field) => element("li", {},
      element("code", {}, field.device ? `${field.device} ${field.field}` : field.field), ` ${meaning(field)}`))),
    found.notes.concat(found.faults).map((note) => element("p", { class: "quiet" }, note)),
    found.lines && element("pre", {}, found.lines),
    found.lines && copying(found.lines),
    found.is_declared && claiming(city, found.sender),
  ];
}

/** @param {FieldFound} field */
function meaning({ quantity, is_fixed, unit, kind }) {
  const named = quantity ? `is ${quantity}${is_fixed ? "" : " by its name"}` : "is not known";
  return [named, unit && `in ${unit}`, kind && `and looks like ${kind === "interval" ? "amounts of intervals" : `a ${kind}`}`]
    .filter(Boolean).join(" ");
}

/** @param {string} lines */
function copying(lines) {
  const button = element("button", { type: "button", class: "plain" }, "Copy the lines");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(lines);
    button.textContent = "Copied";
  });
  return button;
}

/** @param {City} city @param {Sender} sender */
function claiming(city, sender) {
  const button = element("button", { type: "button", class: "plain" }, "Claim what it sent");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await request("POST", "/inbox/claim", { origin: sender.origin, city: city.name });
      button.textContent = "Being taken";
    } catch (error) {
      button.disabled = false;
      button.textContent = `${reason(error)} Try again`;
    }
  });
  return button;
}

/** @param {City} city @param {Sender} sender */
function when(city, sender) {
  return new Date(sender.last_received_at).toLocaleString("en-GB", { timeZone: city.timezone, dateStyle: "medium", timeStyle: "short" });
}
