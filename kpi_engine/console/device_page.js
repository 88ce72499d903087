// One device: what it is and where, its series, the day of one of them, and the readings of that day.

/** @import { Observation, Series } from "./types" */
/** @import { Opening, View } from "./view" */

import { alarmLine } from "./alarms.js";
import { get, instant, reason } from "./api.js";
import { dayRange } from "./calendar.js";
import { DayFigure, dayOf, seriesOfDay } from "./day.js";
import { byId, element, replace } from "./dom.js";
import { age, amount, moment, number, period, precise, unit } from "./format.js";
import { fillTable } from "./listed.js";
import { link } from "./router.js";
import { label } from "./rows.js";
import { t, tn, told, tr, within } from "./texts.js";
import { Turns } from "./turns.js";

const PART = 1000; // readings of one answer

/** @param {Opening} opening @returns {View} */
export function openDevice({ known, names, choose, entitle }) {
  const name = names["device"] ?? "";
  const day = new DayFigure(known, byId("day-part"), choose);
  const turns = new Turns();
  const [place, about] = [byId("readings"), byId("readings-about")];
  /** @type {Promise<Series[]> | null} */
  let asked = null;
  /** @type {Series[]} */
  let found = [];
  let choices = new URLSearchParams();
  let connected = true;
  let shown = "";
  entitle(known.device(name)?.title ?? name);

  const chosenSeries = () => found.find(({ series_id }) => String(series_id) === choices.get("series"))
    ?? found.find(({ quantity }) => quantity === choices.get("quantity")) ?? found.find(({ kind }) => kind === "gauge") ?? found[0];
  const showNow = () => {
    const device = known.device(name);
    if (!device) return;
    const heard = ` ${device.last_observed_at ? t("{age} old", { age: known.freshness.age(device) }) : t("never heard")}`;
    replace(byId("device-now"), label(known.freshness.state(device), connected), heard);
  };
  const showAbout = () => {
    const device = known.device(name);
    const one = device ?? found[0];
    if (!one) return;
    const facts = { name, site: link(known.address("site", { site: one.site }), known.site(one.site)?.title ?? one.site),
      vertical: link(known.address("vertical", { vertical: one.vertical }), known.groups.title(one.vertical)) };
    replace(byId("about"), device ? tr("{name}, {type}, every {interval}, at {site}, {vertical}", { ...facts, type: told(device.type.replaceAll("_", " ")), interval: age(device.expected_interval_s) })
      : tr("{name}, at {site}, {vertical}", facts));
  };
  const showAlarms = () => {
    const own = known.alarms.all().filter(({ device }) => device === name);
    byId("device-alarms").hidden = !own.length;
    replace(byId("device-alarms"), own.map((alarm) => alarmLine(known, alarm)));
  };
  const showSeries = () => {
    const values = new Map(known.device(name)?.values.map((value) => [value.series_id, value]));
    const chosen = chosenSeries();
    const now = JSON.stringify([chosen?.series_id, ...found.map(({ series_id }) => values.get(series_id) ?? null), choices.get("day")]);
    if (now === shown) return; // so that what is focused stays
    shown = now;
    fillTable(byId("series"), [t("Series"), t("Newest"), t("Kind")], found.map((series) => {
      const value = values.get(series.series_id);
      const newest = !value ? "" : value.state !== null ? told(value.state) : value.value === null ? t("nothing yet") : amount(value.value, value.unit);
      const to = known.address("device", { device: name }, { series: series.series_id, day: choices.get("day") });
      return [element("a", { href: to, "aria-current": series === chosen && "true" }, series.title), newest, told(series.kind)];
    }));
  };
  const showDay = () => {
    const series = chosenSeries();
    if (series) day.show(dayOf(known, choices.get("day")), (range) => seriesOfDay(known, series, range));
  };
  const showReadings = async () => {
    const isWanted = turns.take();
    const series = chosenSeries();
    if (!series) return;
    const [start, end] = dayRange(dayOf(known, choices.get("day")), known.zone);
    about.textContent = t("Loading");
    try {
      /** @type {Observation[]} */
      const readings = [];
      /** @type {string | null} */
      let cursor = null;
      do {
        /** @type {{ items: Observation[], next_cursor: string | null }} */
        const part = await get(`/series/${series.series_id}/observations`, { from: instant(start), to: instant(end), limit: PART, cursor });
        readings.push(...part.items);
        cursor = part.next_cursor;
      } while (cursor && choices.has("all"));
      if (!isWanted()) return;
      const more = cursor !== null;
      const symbol = unit(series.unit);
      const facts = { series: within(series.title) + (symbol ? ` [${symbol}]` : ""), day: period("day", start, known.zone), zone: known.zone };
      about.textContent = more ? tn(readings.length, "{count} and more of {series} on {day}, times of {zone}", "{count} and more of {series} on {day}, times of {zone}", facts)
        : tn(readings.length, "{count} of {series} on {day}, times of {zone}", "{count} of {series} on {day}, times of {zone}", facts);
      replace(place, readings.length > 0 && readingsTable(readings, series.unit, choices.get("at")),
        more && element("p", { class: "more" }, element("button", { type: "button", onclick: () => choose({ all: "yes" }) }, t("Show all"))));
      place.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
    } catch (error) {
      if (isWanted()) about.textContent = reason(error);
    }
  };
  /** @param {Observation[]} readings @param {string} symbol @param {string | null} marked the time of one */
  const readingsTable = (readings, symbol, marked) => {
    const at = marked === null ? NaN : Date.parse(marked);
    const flagged = readings.some(({ flags, rejected }) => flags.length || rejected);
    const body = element("tbody");
    const table = element("div", { class: "scroll readings", tabindex: "0", role: "group", "aria-label": t("Readings") },
      element("table", {}, element("thead"), body));
    fillTable(body, [t("Time"), t("Value"), t("Quality"), t("Arrived"), ...(flagged ? [t("Judged")] : [])], readings.map((one) => [
      precise(one.time, known.zone), one.state !== null ? told(one.state) : number(one.value, symbol), told(one.quality), moment(one.received_at, known.zone),
      ...(flagged ? [`${one.flags.map((flag) => told(flag.replaceAll("_", " "))).join(", ")}${one.rejected ? ` (${t("left out")})` : ""}`] : [])]));
    [...body.rows].forEach((row, index) => Date.parse(readings[index]?.time ?? "") === at && row.setAttribute("aria-current", "true"));
    return table;
  };

  return {
    async chosen(now) {
      const before = choices;
      const isFirst = asked === null;
      choices = now;
      asked ??= get("/series", { city: known.city.name, device: name }).then(({ items }) => items.filter(({ kind }) => kind !== "residual"));
      try {
        found = await asked;
      } catch (error) {
        asked = null;
        about.textContent = reason(error);
        return;
      }
      if (choices !== now) return;
      if (!found.length) about.textContent = t("No device of {city} is called {name}, or none of its series is shown to this role.", { city: known.city.title, name });
      showNow();
      showAbout();
      showAlarms();
      showSeries();
      showDay();
      if (isFirst || String(before) !== String(now)) showReadings();
    },
    changed(topic) {
      if (topic === "devices") { showNow(); showSeries(); }
      if (topic === "alarms") showAlarms();
    },
    tick(isConnected) {
      connected = isConnected;
      showNow();
    },
    refresh: showDay,
    redraw: showDay,
    left() {
      turns.take();
      choices = new URLSearchParams();
    },
  };
}
