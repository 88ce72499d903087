// One site: its indicators, its devices, and the facts that the city file declares of it.

/** @import { KpiValue } from "./types" */
/** @import { Opening, View } from "./view" */

import { get, instant, reason } from "./api.js";
import { byId, element, replace } from "./dom.js";
import { amount, number, unit } from "./format.js";
import { groupedBy } from "./grouped.js";
import { fillTable } from "./listed.js";
import { link } from "./router.js";
import { label } from "./rows.js";
import { t, told, within } from "./texts.js";
import { Tiles, periodOf } from "./tiles.js";
import { Turns } from "./turns.js";

/** How far back the newest two periods lie, in milliseconds. */
const BACK = { day: 2 * 86_400_000, month: 62 * 86_400_000, year: 731 * 86_400_000 };
const SHOWN = 4; // newest values of a device

/** @param {Opening} opening @returns {View} */
export function openSite({ known, names, choose, entitle }) {
  const name = names["site"] ?? "";
  const site = known.site(name);
  const tiles = new Tiles(known, choose);
  const turns = new Turns();
  let choices = new URLSearchParams();
  let connected = true;
  let hasAsked = false;
  let shown = "";
  entitle(site?.title ?? name);

  const showAbout = () => {
    if (!site) {
      byId("about").textContent = t("No site of {city} that this role sees is called {name}.", { city: known.city.title, name });
      return;
    }
    const until = site.valid_from || site.valid_to ? t(", from {start} to {end}", { start: site.valid_from ?? t("the beginning"), end: site.valid_to ?? t("now") }) : "";
    replace(byId("about"), `${name}, `, link(known.address("vertical", { vertical: site.vertical }), known.groups.title(site.vertical)), until);
    replace(byId("facts"), site.facts.length ? element("dl", { class: "facts" }, site.facts.flatMap((fact) => [
      element("dt", {}, told(fact.name.replaceAll("_", " "))), element("dd", {}, `${number(fact.value, fact.unit)} ${unit(fact.unit)} (${fact.source})`)]))
      : element("p", { class: "quiet" }, t("None is declared.")));
  };
  const showTiles = async () => {
    if (!known.sees("kpis") || !site) return;
    if (!known.kpis.isTold) {
      tiles.show("day", [], []);
      return;
    }
    hasAsked = true;
    const isWanted = turns.take();
    const period = periodOf(choices, known.kpis.all());
    const from = instant(known.live.now() - BACK[period]);
    /** @type {KpiValue[]} */
    let values = [];
    /** @type {string | null} */
    let problem = null;
    try {
      values = (await get("/kpis/*/values", { city: known.city.name, site: name, period, from })).items;
    } catch (error) {
      problem = reason(error);
    }
    if (!isWanted()) return;
    const of = new Set(values.map(({ kpi }) => kpi));
    const members = known.present.filter((kpi) => of.has(kpi.name));
    const note = problem ?? (members.length ? null : t("No indicator has a figure of this site for this period."));
    tiles.show(period, members.length ? [{ title: "", members }] : [], values, note && element("p", { class: "quiet" }, note));
  };
  const showDevices = () => {
    const devices = known.devices.filter((device) => device.site === name);
    const rows = devices.map((device) => ({ device, state: known.freshness.state(device) }));
    const now = JSON.stringify([connected, ...rows.map(({ device, state }) => [device.name, state, device.values])]);
    if (now === shown) return; // so that what is focused stays
    shown = now;
    fillTable(byId("site-devices"), [t("Device"), t("State"), t("Newest values")], rows.map(({ device, state }) => [
      link(known.address("device", { device: device.name }), device.title), label(state, connected),
      device.values.filter((value) => (value.state ?? value.value) !== null).slice(0, SHOWN)
        .map((value) => `${within(value.title)} ${value.state !== null ? told(value.state) : amount(value.value ?? 0, value.unit)}`).join(", ") || t("nothing yet")]));
  };
  /** Who sees no devices sees which there are, by their series. */
  const listDevices = async () => {
    try {
      const { items } = await get("/series", { city: known.city.name, site: name });
      const devices = [...groupedBy(items.filter(({ kind }) => kind !== "residual"), ({ device }) => device)];
      fillTable(byId("site-devices"), [t("Device"), t("Series")], devices.map(([device, series]) => [
        link(known.address("device", { device }), device), series.map(({ title }) => within(title)).join(", ")]));
    } catch (error) {
      replace(byId("site-devices"), element("tr", {}, element("td", { class: "quiet" }, reason(error))));
    }
  };
  if (!known.sees("devices")) listDevices().catch(() => null); // another page was opened meanwhile
  return {
    chosen(now) {
      choices = now;
      showAbout();
      showTiles();
      if (known.sees("devices")) showDevices();
    },
    changed(topic) {
      if (topic === "devices") showDevices();
      if (topic === "kpis" && !hasAsked) showTiles(); // the city's figures say which period to open on
    },
    tick(isConnected) {
      connected = isConnected;
      if (known.sees("devices")) showDevices();
    },
    left() {
      turns.take();
    },
  };
}
