// Builds elements; text is always text, never markup.

/** @typedef {Node | string | false | null | undefined} Child what is false, null or undefined is left out */
/** @typedef {string | number | boolean | null | undefined | ((event: Event) => void)} Attribute functions listen */
/** @typedef {[value: string, label: string, group?: string]} Option */

import { t } from "./texts.js";

/**
 * Returns the element with this id; of the kind that is asked for, else any.
 * @template {HTMLElement} Kind
 * @overload
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
/**
 * @overload
 * @param {string} id
 * @returns {HTMLElement}
 */
/** @param {string} id @param {new () => HTMLElement} kind */
export function byId(id, kind = HTMLElement) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} with the id ${id}.`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute>} attributes
 * @param {(Child | Child[])[]} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice("on".length), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.flat().filter(isShown));
  return made;
}

/**
 * Puts children in place of those that are there; what had the focus has it again if it is still there.
 * @param {Element} parent
 * @param {(Child | (Child | Child[])[])[]} children
 */
export function replace(parent, ...children) {
  const focused = document.activeElement;
  const known = focused && parent.contains(focused) && focused !== parent && identity(focused);
  parent.replaceChildren(...children.flat(2).filter(isShown));
  if (!known) return;
  const again = [...parent.querySelectorAll(focused.tagName)].filter((one) => identity(one) === known);
  // Of several that read alike none is taken: the next key would press another one's button.
  if (again.length === 1 && (again[0] instanceof HTMLElement || again[0] instanceof SVGElement)) again[0].focus({ preventScroll: true });
}

/** What an element is to who reads it. @param {Element} one */
const identity = (one) => one.getAttribute("data-kpi") ?? (one.id || (one.getAttribute("href") ?? one.getAttribute("aria-label") ?? one.textContent));

export const loading = () => element("p", { class: "quiet", role: "status" }, t("Loading"));

/** @param {Child} child @returns {child is Node | string} */
const isShown = (child) => child != null && child !== false;

/**
 * A row of buttons of which one is pressed.
 * @template {string} Value
 * @param {Element} parent
 * @param {[value: Value, label: string][]} options
 * @param {Value} chosen
 * @param {(value: Value) => void} choose
 */
export function choice(parent, options, chosen, choose) {
  replace(parent, options.map(([value, label]) =>
    element("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => choose(value) }, label)));
}

/**
 * Fills a select without losing what is chosen; without a group, no heading.
 * @param {HTMLSelectElement} select
 * @param {Option[]} options
 */
export function fillSelect(select, options) {
  const known = JSON.stringify(options.map(([value, label, group]) => [value, label, group]));
  if (select.dataset.options === known) return;
  select.dataset.options = known;
  const chosen = select.value;
  const groups = [...new Set(options.map(([, , group]) => group))];
  replace(select, groups.map((group) => {
    const members = options.filter(([, , of]) => of === group).map(([value, label]) => element("option", { value }, label));
    return group === undefined ? members : element("optgroup", { label: group }, members);
  }));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}
