// Puts the page together: a session, what the role may see, a city, and the stream that keeps it current.

import { get } from "./api.js";
import { Curves } from "./curves.js";
import { Devices } from "./devices.js";
import { byId, fillSelect } from "./dom.js";
import { showLedger } from "./ledger.js";
import { Live } from "./live.js";
import { showRecomputed } from "./recomputed.js";
import { logOut, session } from "./session.js";
import { Things } from "./things.js";
import { Tiles } from "./tiles.js";

const REFRESH = 10_000; // milliseconds between two looks at what the stream does not carry

class Page {
  #sees;
  #cities;
  #definitions;
  #live = new Live();
  #things = {
    devices: new Things("city", "name"),
    kpis: new Things("city", "kpi", "period", "period_start"),
    ledger: new Things("city", "source"),
  };

  constructor(sees, cities, definitions) {
    this.#sees = new Set(sees);
    this.#cities = cities;
    this.#definitions = definitions;
    this.titles = new Map(definitions.map(({ name, title }) => [name, title]));
    this.tiles = new Tiles(definitions);
    this.curves = new Curves(this.#live, definitions);
    this.devices = new Devices(this.#live, (device) => this.curves.choose(device));
  }

  open() {
    for (const part of document.querySelectorAll("[data-needs]")) part.hidden = !this.#sees.has(part.dataset.needs);
    fillSelect(byId("city"), this.#cities.map(({ name, title }) => [name, title]));
    const remembered = decodeURIComponent(location.hash.slice(1));
    if (this.#cities.some(({ name }) => name === remembered)) byId("city").value = remembered;
    byId("city").addEventListener("change", () => this.#turnTo(byId("city").value));
    for (const [name, things] of Object.entries(this.#things)) {
      this.#live.on(name, (news) => { things.take(news); this.#show(name); });
    }
    this.#live.on("connection", (connection) => this.#connection(connection));
    byId("console").hidden = false;
    this.#live.open();
    this.#turnTo(byId("city").value);
    setInterval(() => document.hidden || this.#refresh(), REFRESH);
  }

  get city() {
    return this.#cities.find(({ name }) => name === byId("city").value);
  }

  #turnTo(name) {
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    document.title = `${this.city.title} · Pharos`;
    Object.keys(this.#things).forEach((topic) => this.#show(topic));
    if (this.#sees.has("kpis")) {
      this.curves.show(this.city);
      this.#recomputed();
    }
  }

  #show(topic) {
    const things = this.#things[topic].of(this.city.name);
    if (topic === "devices") {
      this.devices.show(things);
      this.curves.offer(things);
    } else if (topic === "kpis") {
      this.tiles.show(things, this.city.timezone);
    } else {
      showLedger(things);
    }
  }

  #refresh() {
    if (!this.#sees.has("kpis") || !this.#live.connection().ok) return;
    this.curves.refresh();
    this.#recomputed();
  }

  #recomputed() {
    showRecomputed(this.city, this.titles, this.#live.now()).catch(() => null); // the alarm speaks for the connection
  }

  #connection({ ok, reason, seconds }) {
    document.body.classList.toggle("broken", !ok);
    byId("connection").dataset.state = ok ? "connected" : "broken";
    const words = ok ? "Connected" : "Not current";
    if (byId("connection").textContent !== words) byId("connection").textContent = words;
    byId("alarm").hidden = ok;
    const sentence = ok ? "" : `Nothing shown is current: ${reason}.`;
    if (byId("alarm").dataset.sentence !== sentence) {
      byId("alarm").dataset.sentence = sentence;
      byId("alarm").textContent = sentence;
    }
    byId("as-of").textContent = `as of ${new Date(this.#live.now() - seconds * 1000).toLocaleTimeString("en-GB", { timeZone: this.city.timezone })}`;
    this.devices.tick(ok);
  }
}

const found = await session();
byId("account").textContent = `${found.name} (${found.role})`;
byId("log-out").addEventListener("click", logOut);
const [cities, definitions] = await Promise.all([
  get("/cities"),
  found.sees.includes("kpis") ? get("/kpis") : { items: [] },
]);
new Page(found.sees, cities.items, definitions.items).open();
