// A page for a screen on the wall: the state of a city in few large tiles, read from across a room. Nobody touches it:
// it turns by itself where its address says so, stays logged in, and loads itself anew when the server was away.

/** @import { Child } from "./dom.js" */
/** @import { Alarm, Device } from "./types" */
/** @import { Opening, View } from "./view" */
/** @typedef {{ key: string, title: string, vertical: string | null, href: string | null }} Sight */

import { request } from "./api.js";
import { MOST_URGENT_FIRST, SEVERITIES, devicesOf, urgentFirst } from "./alarms.js";
import { byId, element, replace } from "./dom.js";
import { STATES, age, amount, clock, count, percent, period as periodName } from "./format.js";
import { EVERY_STATE } from "./freshness.js";
import { address } from "./router.js";
import { STATUS, periodOf } from "./tiles.js";
import { telling } from "./telling.js";
import { t, tn, tp } from "./texts.js";

const SOONEST = 10; // seconds of a turn
const USUAL = 30;
const ALARMS = 5;
const FIGURES = 4;
const STAY = 3_600_000; // milliseconds between two renewals of the session
const LONG = 60_000; // milliseconds without the server after which everything is loaded anew
const TEXTS = {
  whole: t("Whole city"), live: t("Devices live"), alarms: t("Open alarms"), fresh: t("Newest reading"), none: tp("reading", "none"),
  noAlarm: t("No alarm is open."), held: tp("wall", "held"), notTold: t("Nothing was told of alarms yet."),
};

/** @param {Opening} opening @returns {View} */
export function openWall({ known, cities, choose, entitle, go }) {
  let choices = new URLSearchParams();
  let connected = true;
  /** @type {number | null} */
  let lostAt = null;
  let shown = "";
  let held = false;
  let turnsAt = Infinity;
  byId("content").querySelector("h1")?.setAttribute("data-live", "yes");
  entitle(t("Wall"));
  const staying = setInterval(() => request("PUT", "/session").catch(() => null), STAY); // without the server it is tried again

  const seconds = () => Math.max(SOONEST, Number(choices.get("every")) || USUAL);
  /** What the wall turns through: verticals of each city, or the cities. @returns {Sight[]} */
  const sights = () => {
    const turn = choices.get("turn");
    const verticals = [...new Set(known.sites.map(({ vertical }) => vertical))].filter((name) => known.devices.some((device) => device.vertical === name));
    /** @type {Sight[]} */
    const here = turn === "verticals" || turn === "all" ? [{ key: "", title: TEXTS.whole, vertical: null, href: null },
      ...verticals.map((name) => ({ key: name, title: known.groups.title(name), vertical: name, href: null }))]
      : [{ key: choices.get("vertical") ?? "", title: known.groups.title(choices.get("vertical")), vertical: choices.get("vertical"), href: null }];
    if (turn !== "cities" && turn !== "all") return here;
    const others = cities.slice(cities.indexOf(known.city) + 1).concat(cities.slice(0, cities.indexOf(known.city)));
    const [next] = others;
    return next ? [...here, { key: `city:${next.name}`, title: next.title, vertical: null,
      href: address("wall", { city: next.name }, { turn, every: choices.get("every") }) }] : here;
  };
  const at = () => Math.max(0, sights().findIndex(({ key, href }) => !href && key === (choices.get("vertical") ?? "")));
  /** @param {number} by */
  const turn = (by) => {
    const every = sights();
    turnsAt = Date.now() + seconds() * 1000;
    const next = every[(at() + by + every.length) % every.length];
    if (!next || every.length < 2) return;
    if (next.href) go(next.href);
    else choose({ vertical: next.vertical }, true);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys", HTMLDialogElement).open) return;
    if (event.key === " ") held = !held;
    else if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "Escape") go(known.address("overview"));
    else return;
    event.preventDefault();
    show();
  };
  document.addEventListener("keydown", keys);

  const vertical = () => choices.get("vertical");
  const devices = () => known.devices.filter((device) => !vertical() || device.vertical === vertical());
  const alarms = () => {
    const sites = new Map(known.sites.map((site) => [site.name, site.vertical]));
    return known.alarms.all().filter(({ shelved_until, site }) => !shelved_until && (!vertical() || sites.get(site) === vertical()));
  };
  const show = () => {
    const [here, open] = [devices(), urgentFirst(alarms())];
    const title = vertical() ? `${known.city.title}: ${known.groups.title(vertical())}` : known.city.title;
    const tiles = [liveTile(here), alarmTile(open), freshTile(here), ...figures()];
    const turning = sights().length > 1 && `${at() + 1} / ${sights().length}${held ? `, ${TEXTS.held}` : ""}`;
    const now = JSON.stringify([title, turning, connected, known.alarms.isTold, tiles.map(({ told }) => told), open.slice(0, ALARMS), open.length]);
    if (now === shown) return;
    shown = now;
    replace(byId("content").querySelector("h1") ?? byId("content"), title);
    replace(byId("wall-turn"), turning);
    replace(byId("wall-tiles"), tiles.map(({ told: [name, value, beside], kind, more }) => element("div", { class: "wall-tile", "data-kind": kind },
      element("h2", {}, name), element("p", { class: "wall-value" }, value), more ?? null, element("p", { class: "wall-beside" }, beside))));
    replace(byId("wall-alarms"), open.length ? open.slice(0, ALARMS).map(line) : element("li", { class: "quiet" }, known.alarms.isTold ? TEXTS.noAlarm : TEXTS.notTold));
    byId("wall-more").textContent = open.length > ALARMS ? t("and {count} more", { count: count(open.length - ALARMS) }) : "";
  };
  /** @typedef {{ told: [name: string, value: string, beside: string], kind: string, more?: Child }} WallTile */
  /** @param {Device[]} here @returns {WallTile} */
  const liveTile = (here) => {
    const counts = known.freshness.counts(here);
    const others = EVERY_STATE.filter((state) => state !== "live" && counts[state]).map((state) => `${count(counts[state])} ${STATES[state][0]}`);
    const bars = element("div", { class: "shares", "aria-hidden": "true" }, EVERY_STATE.filter((state) => counts[state]).map((state) => {
      const bar = element("span", { class: `fill-${state}` });
      bar.style.flexGrow = String(counts[state]);
      return bar;
    }));
    return { told: [TEXTS.live, `${count(counts.live)} / ${count(here.length)}`, others.join(", ")], kind: counts.live === here.length ? "good" : "bad", more: bars };
  };
  /** @param {Alarm[]} open @returns {WallTile} */
  const alarmTile = (open) => {
    const by = MOST_URGENT_FIRST.map((severity) => ({ severity, number: open.filter((alarm) => alarm.severity === severity).length })).filter(({ number }) => number);
    const unseen = open.filter(({ acknowledged_at }) => !acknowledged_at).length;
    return { told: [TEXTS.alarms, known.alarms.isTold ? count(open.length) : "…", [...by.map(({ severity, number }) => `${count(number)} ${SEVERITIES[severity]}`),
      ...(unseen ? [t("{count} not acknowledged", { count: count(unseen) })] : [])].join(", ")], kind: open.length ? "bad" : known.alarms.isTold ? "good" : "plain" };
  };
  /** @param {Device[]} here @returns {WallTile} */
  const freshTile = (here) => {
    const newest = Math.max(...here.map(({ last_observed_at }) => (last_observed_at ? new Date(last_observed_at).getTime() : -Infinity)));
    const old = (known.live.now() - newest) / 1000;
    return { told: [TEXTS.fresh, Number.isFinite(newest) ? age(old < 60 ? Math.floor(old / 10) * 10 : old) : TEXTS.none, ""], kind: "plain" };
  };
  /** @returns {WallTile[]} */
  const figures = () => {
    if (!known.sees("kpis")) return [];
    const values = known.kpis.all();
    const period = periodOf(choices, values);
    const of = known.present.filter((kpi) => kpi.vertical === vertical());
    const current = values.filter((one) => one.period === period);
    return telling(of, current, FIGURES).flatMap((kpi) => {
      const [newest] = current.filter((one) => one.kpi === kpi.name && one.value !== null).toSorted((one, other) => other.period_start.localeCompare(one.period_start));
      if (!newest || newest.value === null) return [];
      const beside = t("{period}, {status}, coverage {share}", { period: periodName(newest.period, newest.period_start, known.zone),
        status: STATUS[newest.status] ?? newest.status, share: percent(newest.coverage) });
      return [/** @type {WallTile} */ ({ told: [kpi.title, amount(newest.value, newest.unit), beside], kind: "plain" })];
    });
  };
  /** @param {Alarm} alarm */
  const line = (alarm) => {
    const since = (known.live.now() - new Date(alarm.raised_at).getTime()) / 1000;
    const whom = alarm.members ? tn(devicesOf(alarm), "{count} device", "{count} devices") : alarm.device_title;
    return element("li", { "data-severity": alarm.severity }, element("span", { class: "severity" }, SEVERITIES[alarm.severity]),
      element("span", {}, element("b", {}, `${alarm.title}: `), whom), element("span", { class: "quiet" }, age(since)));
  };

  return {
    chosen(now) {
      choices = now;
      turnsAt = Date.now() + seconds() * 1000;
      show();
    },
    changed: show,
    tick(ok) {
      if (ok && lostAt !== null && Date.now() - lostAt > LONG) location.reload(); // it may be another version by now
      lostAt = ok ? null : lostAt ?? Date.now();
      connected = ok;
      byId("wall-clock").textContent = `${clock(known.live.now(), known.zone)} ${known.zone}`;
      show();
      if (!held && ok && Date.now() > turnsAt) turn(1);
    },
    left() {
      clearInterval(staying);
      document.removeEventListener("keydown", keys);
    },
  };
}
