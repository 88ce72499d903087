// Keys that lead to pages, and `?`, which shows them. Single keys can be switched off, for who speaks to the machine.

/** @import { PageName } from "./router.js" */

import { byId, element, replace } from "./dom.js";
import { t } from "./texts.js";

const OFF = "pharos-keys-off";
/** After g. @type {Record<string, [page: PageName, title: string]>} */
const PAGES = { o: ["overview", t("Overview")], i: ["indicators", t("Indicators")], f: ["flows", t("Flows")], m: ["map", t("Map")], s: ["sites", t("Sites")],
  d: ["devices", t("Devices")], a: ["alarms", t("Alarms")], n: ["inbox", t("Inbox")], p: ["pipeline", t("Pipeline")], w: ["wall", t("Wall")] };
const TEXTS = {
  help: t("Show these keys"),
  search: t("Find something on this page"),
  close: t("Close this; leave the wall"),
  wall: t("On the wall: stop turning, or go on"),
  turn: t("On the wall: the next, the one before"),
  map: t("On the map: nearer, farther, the whole city"),
};
const PATIENCE = 1500; // milliseconds between g and the letter

export class Keyboard {
  #maySee;
  #go;
  #begun = 0; // when g was pressed

  /** @param {(page: PageName) => boolean} maySee @param {(page: PageName) => void} go */
  constructor(maySee, go) {
    this.#maySee = maySee;
    this.#go = go;
  }

  listen() {
    const isOn = byId("keys-on", HTMLInputElement);
    isOn.checked = localStorage.getItem(OFF) === null;
    isOn.addEventListener("change", () => (isOn.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const on = event.target instanceof HTMLElement ? event.target : null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (on?.matches("input, select, textarea") && on.getAttribute("type") !== "checkbox")) return;
    if (event.key === "?") this.#show();
    else if (localStorage.getItem(OFF) !== null || byId("keys", HTMLDialogElement).open) return;
    else if (event.key === "g") {
      this.#begun = Date.now();
      return;
    } else if (event.key === "/") {
      const search = byId("content").querySelector("input[type=search]");
      if (!(search instanceof HTMLElement)) return;
      search.focus();
    } else {
      const page = Date.now() - this.#begun < PATIENCE ? PAGES[event.key]?.[0] : undefined;
      this.#begun = 0;
      if (!page || !this.#maySee(page)) return;
      this.#go(page);
    }
    event.preventDefault();
  }

  #show() {
    const pages = Object.entries(PAGES).filter(([, [page]]) => this.#maySee(page)).map(([key, [, title]]) => /** @type {[string[], string]} */ ([["g", key], title]));
    /** @type {[string[], string][]} */
    const every = [[["?"], TEXTS.help], ...pages, [["/"], TEXTS.search], [["+", "−", "0"], TEXTS.map], [[t("Space")], TEXTS.wall], [["→", "←"], TEXTS.turn], [[t("Esc")], TEXTS.close]];
    replace(byId("keys-list"), every.map(([keys, title]) => element("div", {}, element("dt", {}, keys.map((key) => element("kbd", {}, key))), element("dd", {}, title))));
    const dialog = byId("keys", HTMLDialogElement);
    if (!dialog.open) dialog.showModal();
  }
}
