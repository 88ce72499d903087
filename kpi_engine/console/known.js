// What is known of the city that is shown: its devices, sites and indicators, asked for once, and what the stream told.

/** @import { Groups } from "./groups.js" */
/** @import { Live } from "./live.js" */
/** @import { Choices, PageName } from "./router.js" */
/** @import { Alarm, City, DeviceNews, Kpi, KpiValue, LedgerEntry, News, Site } from "./types" */

import { get } from "./api.js";
import { Fleet } from "./fleet.js";
import { Freshness } from "./freshness.js";
import { KeyedRows } from "./keyed_rows.js";
import { address } from "./router.js";

export class Known {
  #sees;
  #fleet = new Fleet();
  /** @type {Kpi[]} */
  definitions = [];
  /** @type {Site[]} */
  sites = [];
  hasLoaded = false; // whether everything was asked for
  isWhole = false; // whether all of it has come
  /** @type {KeyedRows<KpiValue>} */
  kpis = new KeyedRows("kpi", "period", "period_start");
  /** @type {KeyedRows<Alarm>} */
  alarms = new KeyedRows("alarm_id");
  /** @type {KeyedRows<LedgerEntry>} */
  ledger = new KeyedRows("source");

  /** @param {City} city @param {Set<string>} sees @param {Live} live @param {Groups} groups */
  constructor(city, sees, live, groups) {
    this.city = city;
    this.#sees = sees;
    this.live = live;
    this.groups = groups;
    this.freshness = new Freshness(live);
  }

  get zone() {
    return this.city.timezone;
  }

  /** @param {string} resource */
  sees(resource) {
    return this.#sees.has(resource);
  }

  get devices() {
    return this.#fleet.all();
  }

  /** @param {string} name */
  device(name) {
    return this.devices.find((device) => device.name === name);
  }

  /** @param {string} name */
  site(name) {
    return this.sites.find((site) => site.name === name);
  }

  /** @param {string} name */
  definition(name) {
    return this.definitions.find((kpi) => kpi.name === name);
  }

  /** Indicators that the city has. */
  get present() {
    return this.definitions.filter(({ missing }) => !missing);
  }

  /**
   * An address inside the city.
   * @param {PageName} page
   * @param {Record<string, string>} [names]
   * @param {Choices} [choices]
   */
  address(page, names, choices) {
    return address(page, { ...names, city: this.city.name }, choices);
  }

  /** Asks for what a page needs; what fails is asked for again by whoever finds that not everything is there. */
  async load() {
    const asked = await Promise.allSettled([this.#loadDevices(), this.#loadDefinitions(), this.#loadSites()]);
    this.hasLoaded = true;
    this.isWhole = asked.every(({ status }) => status === "fulfilled");
  }

  async #loadDevices() {
    if (this.sees("devices")) await this.#fleet.load(this.city.name, () => true);
  }

  async #loadDefinitions() {
    if (this.sees("kpis")) this.definitions = (await get("/kpis", { city: this.city.name })).items;
  }

  /** Returns whether sites were registered, renamed or taken away since they were asked for. */
  async renewSites() {
    const before = JSON.stringify(this.sites.map(({ name, title }) => [name, title]));
    await this.#loadSites();
    return before !== JSON.stringify(this.sites.map(({ name, title }) => [name, title]));
  }

  async #loadSites() {
    this.sites = (await get(`/cities/${encodeURIComponent(this.city.name)}/sites`)).items;
  }

  /**
   * Returns whether every device is known that is told of; a city file that was applied may bring others.
   * @param {News<DeviceNews>} news
   */
  takeDevices(news) {
    return this.#fleet.take(news);
  }
}
