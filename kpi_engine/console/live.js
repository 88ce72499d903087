// The event stream of one city, and whether it can be believed: what is shown is current only while heartbeats arrive.

/** @import { Events, Heartbeat } from "./types" */
/** @typedef {{ ok: boolean, reason: string | null, seconds: number, stuck: string[], notes: string[] }} Connection */
/** @typedef {Events & { connection: Connection }} Messages */

import { t, toldAll } from "./texts.js";

const SILENCE = 15_000; // milliseconds without a heartbeat before nothing counts as current
const PATIENCE = 4_000; // a stream that comes back within this was never gone
const RETRY = 2_000;
/** @type {(keyof Events)[]} */
const TOPICS = ["devices", "alarms", "kpis", "ledger"];

export class Live {
  #city = ""; // none yet
  /** @type {EventSource | null} */
  #source = null;
  #offset = 0;
  #received = Date.now();
  /** @type {number | null} when the connection was */
  #lost = null;
  /** @type {string | null} */
  #problem = null;
  /** @type {string | null} */
  #refusal = null; // why the server would not begin to stream
  /** @type {string[]} */
  #stuck = [];
  /** @type {string[]} */
  #notes = [];
  /** @type {{ [Name in keyof Messages]: ((news: Messages[Name]) => void)[] }} */
  #listeners = { devices: [], alarms: [], kpis: [], ledger: [], connection: [] };

  constructor() {
    setInterval(() => this.#city && this.#tell("connection", this.connection()), 1000);
  }

  /** @template {keyof Messages} Name @param {Name} name @param {(news: Messages[Name]) => void} listener */
  on(name, listener) {
    this.#listeners[name].push(listener);
  }

  leave() {
    this.#source?.close();
  }

  /** @param {string} city */
  watch(city) {
    this.#city = city;
    this.#received = Date.now();
    this.#connect();
  }

  // The server's clock, in milliseconds.
  now() {
    return Date.now() + this.#offset;
  }

  /** @returns {Connection} */
  connection() {
    const silent = Date.now() - this.#received;
    const lost = this.#lost !== null && Date.now() - this.#lost > PATIENCE;
    const reason = this.#problem
      ?? (lost ? this.#refusal ?? t("the connection to the server is lost") : silent > SILENCE ? t("the server has stopped sending") : null);
    return { ok: reason === null, reason, seconds: silent / 1000, stuck: this.#stuck, notes: this.#notes };
  }

  #connect() {
    this.leave();
    const source = new EventSource(`/api/v1/live?city=${encodeURIComponent(this.#city)}`);
    this.#source = source;
    for (const name of TOPICS) {
      source.addEventListener(name, (event) => this.#tell(name, toldAll(JSON.parse(event.data))));
    }
    source.addEventListener("heartbeat", (event) => this.#heartbeat(toldAll(JSON.parse(event.data))));
    source.addEventListener("error", () => source === this.#source && this.#failed(source));
  }

  /** @param {Heartbeat} heartbeat */
  #heartbeat({ now, problem, stuck, notes }) {
    this.#received = Date.now();
    this.#offset = new Date(now).getTime() - Date.now();
    this.#lost = null;
    this.#problem = problem;
    this.#refusal = null;
    this.#stuck = stuck;
    this.#notes = notes;
    this.#tell("connection", this.connection());
  }

  /**
   * The browser reconnects by itself, unless it was refused: then the session is over, or the server is restarting.
   * @param {EventSource} source
   */
  #failed(source) {
    this.#lost ??= Date.now();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#reconnect(), RETRY);
  }

  async #reconnect() {
    const answer = await fetch("/api/v1/session").catch(() => null);
    this.#refusal = answer?.status === 503 ? toldAll(await answer.json().catch(() => null))?.detail ?? null : null;
    if (answer?.status === 401) location.reload();
    else if (answer?.ok) this.#connect();
    else setTimeout(() => this.#reconnect(), RETRY);
  }

  /** @template {keyof Messages} Name @param {Name} name @param {Messages[Name]} news */
  #tell(name, news) {
    this.#listeners[name].forEach((listener) => listener(news));
  }
}
