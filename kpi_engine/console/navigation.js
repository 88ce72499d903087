// The links between pages of a city, and which of them is here.

/** @import { PageName, Place } from "./router.js" */

import { byId, element, replace } from "./dom.js";
import { address } from "./router.js";
import { t } from "./texts.js";

/** @type {[PageName, string][]} */
const LINKS = [["overview", t("Overview")], ["indicators", t("Indicators")], ["flows", t("Flows")], ["map", t("Map")], ["sites", t("Sites")], ["devices", t("Devices")], ["alarms", t("Alarms")],
  ["inbox", t("Inbox")], ["pipeline", t("Pipeline")]];
/** Where pages that are reached from others belong. @type {Partial<Record<PageName, PageName>>} */
const WITHIN = { vertical: "overview", figure: "indicators", site: "sites", device: "devices", alarm: "alarms", wall: "overview" };

export class Navigation {
  #maySee;
  /** @type {PageName} */
  #here = "overview";

  /** @param {(page: PageName) => boolean} maySee */
  constructor(maySee) {
    this.#maySee = maySee;
  }

  /** @param {Place} place @param {string} city */
  show({ page }, city) {
    this.#here = WITHIN[page] ?? page;
    replace(byId("pages"), LINKS.filter(([name]) => this.#maySee(name)).map(([name, title]) => element("li", {},
      element("a", { href: address(name, { city }), "aria-current": name === page ? "page" : name === this.#here && "true" }, title))));
  }

  /** The same page of another city. @param {string} city */
  elsewhere(city) {
    return address(this.#here, { city });
  }
}
