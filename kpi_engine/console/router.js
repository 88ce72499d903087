// Addresses: which page one names and what is chosen on it. Every choice changes the address, so going back, reloading
// and handing the address on show the same again.

/** @import { Child } from "./dom.js" */

import { element } from "./dom.js";

/** The paths of pages; the server answers these and no others (kpi_engine/api/console.py). */
export const PAGES = /** @type {const} */ ({
  overview: "/cities/{city}",
  vertical: "/cities/{city}/verticals/{vertical}",
  indicators: "/cities/{city}/indicators",
  figure: "/cities/{city}/figures/{kpi}",
  flows: "/cities/{city}/flows",
  wall: "/cities/{city}/wall",
  map: "/cities/{city}/map",
  sites: "/cities/{city}/sites",
  site: "/cities/{city}/sites/{site}",
  devices: "/cities/{city}/devices",
  device: "/cities/{city}/devices/{device}",
  alarms: "/cities/{city}/alarms",
  alarm: "/cities/{city}/alarms/{alarm}",
  inbox: "/cities/{city}/inbox",
  pipeline: "/cities/{city}/pipeline",
});

/** @typedef {keyof typeof PAGES} PageName */
/** @typedef {Record<string, string>} Names what stands in the path, such as the city and the site */
/** @typedef {Record<string, string | number | null | undefined>} Choices what is null, undefined or empty is left out */
/** @typedef {{ page: PageName, names: Names, choices: URLSearchParams }} Place */

/** @param {PageName} page @param {Names} names @param {Choices} [choices] */
export function address(page, names, choices = {}) {
  const path = PAGES[page].replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name] ?? ""));
  return withQuery(path, Object.entries(choices));
}

/** @param {string} path @param {Iterable<[string, unknown]>} choices */
function withQuery(path, choices) {
  const given = [...choices].flatMap(([name, value]) => (value == null || value === "" ? [] : [[name, String(value)]]));
  const query = new URLSearchParams(given).toString();
  return query ? `${path}?${query}` : path;
}

/**
 * The page of an address, or null where it names none.
 * @param {URL | Location} url
 * @returns {Place | null}
 */
export function placeOf(url) {
  for (const page of /** @type {PageName[]} */ (Object.keys(PAGES))) {
    const pattern = PAGES[page].replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const found = new RegExp(`^${pattern}$`).exec(url.pathname);
    if (found) {
      const names = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decoded(value)]);
      return { page, names: Object.fromEntries(names), choices: new URLSearchParams(url.search) };
    }
  }
  return null;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} href @param {(Child | Child[])[]} children */
export const link = (href, ...children) => element("a", { href }, ...children);

export class Router {
  #show;

  /** @param {(place: Place | null) => void} show called for every address that is gone to */
  constructor(show) {
    this.#show = show;
  }

  get place() {
    return placeOf(location);
  }

  start() {
    addEventListener("popstate", () => this.#show(this.place));
    document.addEventListener("click", (event) => this.#follow(event));
    this.#show(this.place);
  }

  /** @param {string} href @param {boolean} [replaces] whether going back leads past the address shown now */
  go(href, replaces = false) {
    if (replaces) history.replaceState(null, "", href);
    else if (href !== location.pathname + location.search) history.pushState(null, "", href);
    this.#show(this.place);
  }

  /**
   * Chooses something on the page that is shown; what is not named stays as it is.
   * @param {Choices} choices
   * @param {boolean} [replaces] for what changes with every key that is pressed
   */
  choose(choices, replaces = false) {
    const chosen = { ...Object.fromEntries(new URLSearchParams(location.search)), ...choices };
    this.go(withQuery(location.pathname, Object.entries(chosen)), replaces);
  }

  /**
   * Links to pages need no request; with a modifier, or to elsewhere, they are the browser's.
   * @param {MouseEvent} event
   */
  #follow(event) {
    const followed = event.target instanceof Element ? event.target.closest("a") : null;
    if (!followed || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(followed.getAttribute("href") ?? "", location.href); // of links in drawings, too
    if (followed.getAttribute("target") || url.origin !== location.origin || url.hash || !placeOf(url)) return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }
}
