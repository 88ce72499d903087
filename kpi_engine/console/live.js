// The event stream of one city, and whether it can be believed: what is shown is current only while heartbeats arrive.

const SILENCE = 15_000; // milliseconds without a heartbeat before nothing counts as current
const PATIENCE = 4_000; // a stream that comes back within this was never gone
const RETRY = 2_000;
const TOPICS = ["devices", "alarms", "kpis", "ledger"];

export class Live {
  #city = null;
  #source = null;
  #offset = 0;
  #heard = Date.now();
  #lost = null;
  #problem = null;
  #refusal = null; // why the server would not begin to stream
  #stuck = [];
  #notes = [];
  #listeners = { devices: [], alarms: [], kpis: [], ledger: [], connection: [] };

  constructor() {
    setInterval(() => this.#city && this.#tell("connection", this.connection()), 1000);
  }

  on(name, listener) {
    this.#listeners[name].push(listener);
  }

  leave() {
    this.#source?.close();
  }

  watch(city) {
    this.#city = city;
    this.#heard = Date.now();
    this.#connect();
  }

  // The server's clock, in milliseconds.
  now() {
    return Date.now() + this.#offset;
  }

  connection() {
    const silent = Date.now() - this.#heard;
    const lost = this.#lost !== null && Date.now() - this.#lost > PATIENCE;
    const reason = this.#problem
      ?? (lost ? this.#refusal ?? "the connection to the server is lost" : silent > SILENCE ? "the server has stopped sending" : null);
    return { ok: reason === null, reason, seconds: silent / 1000, stuck: this.#stuck, notes: this.#notes };
  }

  #connect() {
    this.leave();
    const source = new EventSource(`/api/v1/live?city=${encodeURIComponent(this.#city)}`);
    this.#source = source;
    for (const name of TOPICS) {
      source.addEventListener(name, (event) => this.#tell(name, JSON.parse(event.data)));
    }
    source.addEventListener("heartbeat", (event) => this.#heartbeat(JSON.parse(event.data)));
    source.addEventListener("error", () => source === this.#source && this.#failed());
  }

  #heartbeat({ now, problem, stuck, notes }) {
    this.#heard = Date.now();
    this.#offset = new Date(now).getTime() - Date.now();
    this.#lost = null;
    this.#problem = problem;
    this.#refusal = null;
    this.#stuck = stuck;
    this.#notes = notes;
    this.#tell("connection", this.connection());
  }

  // The browser reconnects by itself, unless it was refused: then the session is over, or the server is restarting.
  #failed() {
    this.#lost ??= Date.now();
    if (this.#source.readyState === EventSource.CLOSED) setTimeout(() => this.#reconnect(), RETRY);
  }

  async #reconnect() {
    const answer = await fetch("/api/v1/session").catch(() => null);
    this.#refusal = answer?.status === 503 ? (await answer.json().catch(() => null))?.detail ?? null : null;
    if (answer?.status === 401) location.reload();
    else if (answer?.ok) this.#connect();
    else setTimeout(() => this.#reconnect(), RETRY);
  }

  #tell(name, news) {
    this.#listeners[name].forEach((listener) => listener(news));
  }
}
