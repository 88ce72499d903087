// Texts in the language of who reads. English stands in the sources; the catalogue of another language is loaded before
// any page is built. What the server says is read back by the sentences that it is made of.

/** @import { Child } from "./dom.js" */
/** @typedef {{ texts: Record<string, string | string[]>, sentences: Record<string, string> }} Catalogue */
/** @typedef {Record<string, string | number>} Facts what stands in the places of a text, by its names */

/** Languages, and by whose customs they write numbers and dates. */
const LOCALES = /** @type {const} */ ({ en: "en-GB", da: "da-DK", de: "de-DE", es: "es-ES", et: "et-EE" });
/** @typedef {keyof typeof LOCALES} Language */
export const LANGUAGES = /** @type {Language[]} */ (Object.keys(LOCALES));

const CHOSEN = "pharos-language";
const CONTEXT = "\u0004"; // parts a context from its text, as in gettext
const JOINED = "; "; // parts sentences that the server tells together
/** What the server says to people, by the names of the fields that carry it. */
const SAID = new Set(["cause", "cause_detail", "detail", "explanation", "inputs_withheld", "missing", "notes", "problem", "reason", "remedy", "stuck",
  "title", "trouble", "why"]);

/** @type {Catalogue} */
const NOTHING = { texts: {}, sentences: {} };

/** The one that the address names, the one chosen last, else what the browser prefers. @returns {Language} */
function wanted() {
  const asked = new URLSearchParams(location.search).get("lang");
  const named = [asked, localStorage.getItem(CHOSEN), ...navigator.languages].map((name) => name?.slice(0, 2).toLowerCase());
  const found = named.map((name) => LANGUAGES.find((one) => one === name)).find(Boolean) ?? "en";
  if (asked !== null && found === asked) localStorage.setItem(CHOSEN, found);
  return found;
}

/** @param {Language} name @returns {Promise<Catalogue | null>} null where it cannot be had */
async function load(name) {
  if (name === "en") return NOTHING;
  const answer = await fetch(`/texts/${name}.json`).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}

const asked = wanted();
const loaded = await load(asked);
export const language = loaded ? asked : "en";
export const locale = LOCALES[language];
const { texts, sentences } = loaded ?? NOTHING;
const plurals = new Intl.PluralRules(locale);
const categories = ["zero", "one", "two", "few", "many", "other"].filter((name) => plurals.resolvedOptions().pluralCategories.some((one) => one === name));
document.documentElement.lang = language;

/** Remembers a language and begins anew in it. @param {string} name */
export function speak(name) {
  localStorage.setItem(CHOSEN, name);
  const url = new URL(location.href);
  url.searchParams.set("lang", name);
  location.assign(url);
}

/** @param {string} text @param {Facts} facts */
const filled = (text, facts) => text.replaceAll(/\{(\w+)\}/g, (place, name) => (name in facts ? String(facts[name]) : place));

/** @param {string} key @param {string} text in English */
function translated(key, text) {
  const found = texts[key];
  return typeof found === "string" ? found : text;
}

/** @param {string} text in English, with its places as {name} @param {Facts} [facts] */
export const t = (text, facts = {}) => filled(translated(text, text), facts);

/** A text that means different things in different places. @param {string} context @param {string} text @param {Facts} [facts] */
export const tp = (context, text, facts = {}) => filled(translated(context + CONTEXT + text, text), facts);

/**
 * A text of a number of things, which stands in the place {count}.
 * @param {number} number
 * @param {string} one
 * @param {string} more
 * @param {Facts} [facts]
 */
export function tn(number, one, more, facts = {}) {
  const forms = texts[one];
  const at = categories.indexOf(plurals.select(number));
  const form = Array.isArray(forms) ? forms[Math.min(at, forms.length - 1)] : undefined;
  return filled(form ?? (number === 1 ? one : more), { count: number.toLocaleString(locale), ...facts });
}

/**
 * A text in whose places elements stand, such as links.
 * @param {string} text
 * @param {Record<string, Child | Child[]>} facts
 * @returns {Child[]}
 */
export function tr(text, facts) {
  return translated(text, text).split(/(\{\w+\})/).flatMap((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined || !(name in facts) ? [part] : [facts[name]].flat();
  });
}

const PLACE = /\{(\w+)\}/g;
const WHOLE = "why"; // the place of a sentence within a sentence, which may be several
const ONE = "((?:(?!; ).)+?)"; // any other place: it goes over no end of a sentence

/**
 * The sentences of the server as patterns, those with most words first; `parts`: of how many sentences each is.
 * @type {{ pattern: RegExp, names: string[], text: string, parts: number, isOpen: boolean }[]}
 */
const patterns = Object.entries(sentences).sort(([one], [other]) => wordsOf(other) - wordsOf(one)).map(([english, text]) => {
  const names = [...english.matchAll(PLACE)].map(([, name]) => name ?? "");
  const fixed = english.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = fixed.slice(1).reduce((before, part, at) => `${before}${names[at] === WHOLE ? "(.+?)" : ONE}${part}`, fixed[0] ?? "");
  return { pattern: new RegExp(`^${pattern}$`, "s"), names, text, parts: english.split(JOINED).length, isOpen: names.includes(WHOLE) };
});

/** How much of a sentence is not its places. @param {string} english */
function wordsOf(english) {
  return english.replaceAll(PLACE, "").length;
}

/** @type {Map<string, string>} what was said, in the language of who reads */
const known = new Map();

/** What the server said in English. @param {string} english @returns {string} */
export function told(english) {
  if (language === "en" || !english) return english;
  let found = known.get(english);
  if (found === undefined) {
    found = asWritten(english);
    if (known.size > 5000) known.clear();
    known.set(english, found);
  }
  return found;
}

/** A sentence may begin with a capital and end in a full stop. @param {string} english */
function asWritten(english) {
  const bare = english.replace(/\.$/, "");
  const small = bare.charAt(0).toLowerCase() + bare.slice(1);
  for (const [text, isCapital] of /** @type {[string, boolean][]} */ ([[english, false], [bare, false], [small, true]])) {
    const found = readBack(text);
    if (found === text) continue;
    const begun = isCapital ? found.charAt(0).toLocaleUpperCase(locale) + found.slice(1) : found;
    return text !== english && bare !== english ? `${begun}.` : begun;
  }
  return english;
}

/** @param {string} english @returns {string} */
function readBack(english) {
  const whole = exact(english);
  if (whole !== undefined) return whole;
  const parts = english.split(JOINED);
  /** @type {string[]} */
  const said = [];
  for (let at = 0; at < parts.length;) {
    const found = beginning(parts.slice(at));
    said.push(found?.text ?? exact(parts[at] ?? "") ?? localized(parts[at] ?? ""));
    at += found?.parts ?? 1;
  }
  return said.join(JOINED);
}

/** What is a text as it stands, or as one that begins or ends a line. @param {string} english */
function exact(english) {
  const found = sentences[english] ?? texts[english];
  return typeof found === "string" ? found : undefined;
}

/** The sentence that parts begin with, and how many of them it is. @param {string[]} parts */
function beginning(parts) {
  for (const { pattern, names, text, parts: size, isOpen } of patterns) {
    if (!names.length) continue;
    for (let taken = isOpen ? parts.length : size; taken >= size && taken <= parts.length; taken -= 1) {
      const match = pattern.exec(parts.slice(0, taken).join(JOINED));
      if (match) return { text: filled(text, Object.fromEntries(names.map((name, at) => [name, told(match[at + 1] ?? "")]))), parts: taken };
    }
  }
  return null;
}

/** A number or an instant of the server's, such as 1,234.5, 12 % or 2026-11-30T23:00:00Z, as people here write it. @param {string} text */
function localized(text) {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) {
    return `${new Date(text).toLocaleString(locale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" })} UTC`;
  }
  const found = /^(-?\d{1,3}(?:,\d{3})*|-?\d+)(\.\d+)?( ?%)?$/.exec(text);
  if (!found) return text.replaceAll(/(\d{4}-\d\d) to (?=\d{4}-\d\d)/g, "$1–"); // months of a year
  const digits = Math.max(0, (found[2] ?? "").length - 1);
  const value = Number(`${(found[1] ?? "").replaceAll(",", "")}${found[2] ?? ""}`);
  const useGrouping = (found[1] ?? "").includes(","); // 2025 may be a year
  return `${value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping })}${found[3] ? " %" : ""}`;
}

/**
 * An answer of the server with what it says to people in their language; what a city file calls its own stays.
 * @template Answer
 * @param {Answer} answer
 * @returns {Answer}
 */
export function toldAll(answer) {
  if (language !== "en") walk(answer);
  return answer;
}

/** @param {unknown} answer */
function walk(answer) {
  if (Array.isArray(answer)) answer.forEach(walk);
  else if (answer && typeof answer === "object") {
    const fields = /** @type {Record<string, unknown>} */ (answer);
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === "string") { if (SAID.has(name)) fields[name] = told(value); }
      else if (SAID.has(name) && Array.isArray(value)) fields[name] = value.map((one) => (typeof one === "string" ? told(one) : one));
      else walk(value);
    }
  }
}

/** A title within a sentence: without its capital, where the language allows that. @param {string} title */
export const within = (title) => (language === "de" ? title : title.toLocaleLowerCase(locale));

const SHOWN = ["aria-label", "placeholder", "title"];

/** Puts the texts of a document, which are English, into the language of who reads. @param {Document | DocumentFragment} root */
export function translateDocument(root = document) {
  if (language === "en") return;
  const walker = document.createTreeWalker(root instanceof Document ? root.body : root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.nodeValue ?? "").trim().replaceAll(/\s+/g, " ");
    if (text in texts) node.nodeValue = (node.nodeValue ?? "").replace(/\S[\s\S]*\S|\S/, () => t(text));
  }
  for (const one of root.querySelectorAll("*")) {
    for (const name of SHOWN) {
      const text = one.getAttribute(name);
      if (text) one.setAttribute(name, t(text));
    }
    if (one instanceof HTMLTemplateElement) translateDocument(one.content);
  }
}
