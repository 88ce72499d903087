// How a reader wants things shown: the language, and units of energy and mass. What an address names is remembered.

import { element } from "./dom.js";
import { LANGUAGES, language, speak, t, tp } from "./texts.js";

/** Units of one kind as multiples of the first. */
const KINDS = /** @type {const} */ ({ energy: { Wh: 0.001, kWh: 1, MWh: 1000, GJ: 1000 / 3.6 }, mass: { kg: 1, t: 1000 } });
/** @typedef {keyof typeof KINDS} Kind */
/** What may be chosen. @type {Record<Kind, string[]>} */
const OFFERED = { energy: ["kWh", "MWh", "GJ"], mass: ["kg", "t"] };

/** @param {Kind} kind */
const key = (kind) => `pharos-${kind}`;

/** @param {Kind} kind @returns {string | null} null: each figure in the unit that it is kept in */
function chosen(kind) {
  const asked = new URLSearchParams(location.search).get(kind);
  const found = asked ?? localStorage.getItem(key(kind)) ?? "";
  const unit = OFFERED[kind].includes(found) ? found : null;
  if (asked !== null) localStorage.setItem(key(kind), unit ?? "");
  return unit;
}

/** @type {Map<string, { unit: string, factor: number }>} */
const conversions = new Map();
for (const kind of /** @type {Kind[]} */ (Object.keys(KINDS))) {
  const unit = chosen(kind);
  const units = new Map(Object.entries(KINDS[kind]));
  const size = unit && units.get(unit);
  if (size) for (const [symbol, own] of units) conversions.set(symbol, { unit, factor: own / size });
}

/** The unit that a figure is shown in, and what its value is multiplied by. @param {string} symbol of the unit it is kept in */
export const shownIn = (symbol) => chosenIn(symbol) ?? { unit: symbol, factor: 1 };

/** The same, or null where the reader chose no unit. @param {string} symbol */
export const chosenIn = (symbol) => conversions.get(symbol) ?? null;

/** @param {Kind} kind @param {string} unit empty for the one that each figure is kept in */
function choose(kind, unit) {
  localStorage.setItem(key(kind), unit);
  const url = new URL(location.href);
  if (unit) url.searchParams.set(kind, unit);
  else url.searchParams.delete(kind);
  location.assign(url);
}

/** A language by its own name, which does not depend on who reads. @param {string} name */
function ownName(name) {
  const found = new Intl.DisplayNames(name, { type: "language" }).of(name) ?? name;
  return found.charAt(0).toLocaleUpperCase(name) + found.slice(1);
}

/** A select of languages. */
export function languages() {
  const select = element("select", { "aria-label": tp("to choose", "Language"), name: "language" },
    LANGUAGES.map((name) => element("option", { value: name, lang: name, selected: name === language }, ownName(name))));
  select.addEventListener("change", () => speak(select.value));
  return select;
}

/** All of it, each with its label. */
export function languageAndUnits() {
  /** @param {Kind} kind @param {string} label */
  const select = (kind, label) => {
    const made = element("select", { "aria-label": label, name: kind }, element("option", { value: "" }, t("as kept")),
      OFFERED[kind].map((unit) => element("option", { value: unit, selected: unit === chosen(kind) }, unit)));
    made.addEventListener("change", () => choose(kind, made.value));
    return element("label", {}, element("span", {}, label), made);
  };
  return [element("label", {}, element("span", {}, tp("to choose", "Language")), languages()), select("energy", tp("unit of", "Energy")), select("mass", tp("unit of", "Mass"))];
}
