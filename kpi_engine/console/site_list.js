// Sites in a table: what each is, and how many of its devices are live.

/** @import { Known } from "./known.js" */
/** @import { Choices } from "./router.js" */
/** @import { Device, Site } from "./types" */

import { byId } from "./dom.js";
import { STATES, count } from "./format.js";
import { EVERY_STATE } from "./freshness.js";
import { groupedBy } from "./grouped.js";
import { begun, fillTable } from "./listed.js";
import { link } from "./router.js";
import { t } from "./texts.js";

export class SiteList {
  #known;
  #choose;
  #shown = "";

  /** @param {Known} known @param {(choices: Choices) => void} choose */
  constructor(known, choose) {
    this.#known = known;
    this.#choose = choose;
  }

  /** @param {Site[]} sites @param {boolean} isWhole */
  show(sites, isWhole) {
    const shown = begun(sites, isWhole, byId("sites-more"), () => this.#choose({ all: "yes" }));
    const devices = groupedBy(this.#known.devices, ({ site }) => site);
    const rows = shown.map((site) => ({ site, states: this.#states(devices.get(site.name) ?? []) }));
    const now = JSON.stringify(rows.map(({ site, states }) => [site.name, states]));
    if (now === this.#shown) return; // so that what is focused stays
    this.#shown = now;
    const columns = [t("Site"), t("Vertical"), ...(this.#known.sees("devices") ? [t("Devices")] : [])];
    fillTable(byId("sites"), columns, rows.map(({ site, states }) => [
      link(this.#known.address("site", { site: site.name }), site.title), this.#known.groups.title(site.vertical),
      ...(this.#known.sees("devices") ? [states] : [])]));
  }

  /** @param {Device[]} devices */
  #states(devices) {
    const counts = this.#known.freshness.counts(devices);
    const present = EVERY_STATE.filter((state) => counts[state]);
    return present.map((state) => `${count(counts[state])} ${STATES[state][0]}`).join(", ") || t("none");
  }
}
