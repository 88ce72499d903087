// The sites of a city on a map, by state, load or an indicator, with the same in a table below it.

/** @import { Option } from "./dom.js" */
/** @import { Marker, Position } from "./city_map.js" */
/** @import { SiteValue } from "./site_values.js" */
/** @import { KpiValue, Site, State } from "./types" */
/** @import { Opening, View } from "./view" */

import { reason } from "./api.js";
import { CityMap, placeOfSite, shape, svg } from "./city_map.js";
import { byId, element, fillSelect, replace } from "./dom.js";
import { STATES, count, number, unit } from "./format.js";
import { EVERY_STATE } from "./freshness.js";
import { groupedBy } from "./grouped.js";
import { begun, fillTable } from "./listed.js";
import { link } from "./router.js";
import { LOADS, figureOf, loadOf, monthName, monthsOf, stateOf } from "./site_values.js";
import { t } from "./texts.js";
import { Turns } from "./turns.js";

const FARTHEST = 64; // times nearer than the whole city
const STEP = 0.25; // of what is seen
/** @type {Record<string, [right: number, down: number]>} */
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const CLASSES = 5;

/** @param {Opening} opening @returns {View} */
export function openMap({ known, choose, entitle }) {
  const turns = new Turns();
  const [by, vertical, month] = [byId("map-by", HTMLSelectElement), byId("vertical", HTMLSelectElement), byId("map-month", HTMLSelectElement)];
  const [place, told] = [byId("map"), byId("map-told")];
  const map = new CityMap(place);
  let choices = new URLSearchParams();
  /** @type {KpiValue[]} */
  let figures = [];
  let asked = "";
  let drawn = "";
  entitle(t("Map"));
  by.addEventListener("change", () => choose({ by: by.value, month: null }));
  vertical.addEventListener("change", () => choose({ vertical: vertical.value, zoom: null, at: null }));
  month.addEventListener("change", () => choose({ month: month.value }));
  const resized = new ResizeObserver(() => draw(true));
  resized.observe(place);

  const sight = () => {
    const zoom = Math.min(Math.max(Number(choices.get("zoom")) || 1, 1), FARTHEST);
    const at = (choices.get("at") ?? "").split(",").map(Number);
    return { zoom, at: /** @type {Position | null} */ (at.length === 2 && at.every(Number.isFinite) ? at : null) };
  };
  /** @param {number} zoom @param {Position | null} at */
  const look = (zoom, at) => choose({ zoom: zoom > 1 ? zoom : null, at: zoom > 1 && at ? at.map((one) => one.toFixed(5)).join(",") : null }, true);
  /** @param {number} times */
  const nearer = (times) => {
    const now = sight();
    look(Math.min(Math.max(now.zoom * times, 1), FARTHEST), map.moved(now, 0, 0));
  };
  byId("map-nearer").addEventListener("click", () => nearer(2));
  byId("map-farther").addEventListener("click", () => nearer(0.5));
  byId("map-whole").addEventListener("click", () => look(1, null));
  byId("map-part").addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    const now = sight();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step && now.zoom > 1) look(now.zoom, map.moved(now, ...step));
    else if (event.key === "+") nearer(2);
    else if (event.key === "-") nearer(0.5);
    else if (event.key === "0") look(1, null);
    else return;
    event.preventDefault();
  });
  dragging(place, (right, down) => {
    const now = sight();
    if (now.zoom > 1) look(now.zoom, map.moved(now, -right, -down));
  });

  const indicators = () => known.sees("kpis")
    ? known.groups.options(known.present.filter(({ periods, of_sites }) => of_sites && periods.includes("month"))) : [];
  /** What is chosen; where an address says what is not there, the state of devices, or for who sees none the first indicator. */
  const kind = () => {
    const chosen = choices.get("by") ?? "";
    const isThere = known.sees("devices") && chosen in LOADS || indicators().some(([name]) => name === chosen);
    return isThere ? chosen : known.sees("devices") ? "state" : indicators()[0]?.[0] ?? "state";
  };
  const shown = () => known.sites.filter((site) => !choices.get("vertical") || site.vertical === choices.get("vertical"));
  const showControls = () => {
    const quantities = new Set(known.devices.flatMap(({ values }) => values.map(({ quantity }) => quantity)));
    /** @type {Option[]} */
    const loads = Object.entries(LOADS).filter(([quantity]) => quantities.has(quantity)).map(([quantity, title]) => [quantity, title, t("Load")]);
    /** @type {Option[]} */
    const state = known.sees("devices") ? [["state", t("State of devices"), t("Devices")]] : [];
    fillSelect(by, [...state, ...(known.sees("devices") ? loads : []), ...indicators()]);
    by.value = kind();
    /** @type {Option[]} */
    const verticals = [...groupedBy(known.sites, (site) => site.vertical)].map(([name, sites]) => [name, `${known.groups.title(name)} (${count(sites.length)})`]);
    fillSelect(vertical, [["", t("All verticals ({count})", { count: count(known.sites.length) })], ...verticals]);
    vertical.value = choices.get("vertical") ?? "";
    const months = [...new Set(figures.map(({ period_start }) => period_start))].sort().reverse();
    byId("map-month-part").hidden = !months.length;
    fillSelect(month, months.map((start) => [start, monthName(known, start)]));
    month.value = chosenMonth();
  };
  /** The one that is chosen, else the newest in which most sites have a figure. */
  const chosenMonth = () => {
    const months = groupedBy(figures.filter(({ value }) => value !== null), ({ period_start }) => period_start);
    const chosen = choices.get("month");
    if (chosen && figures.some(({ period_start }) => period_start === chosen)) return chosen;
    const most = Math.max(0, ...[...months.values()].map((of) => of.length));
    return [...months].filter(([, of]) => 2 * of.length > most).map(([start]) => start).sort().at(-1) ?? figures.at(-1)?.period_start ?? "";
  };
  /** @param {Site[]} sites @returns {Map<string, SiteValue>} */
  const values = (sites) => {
    const devices = groupedBy(known.devices, ({ site }) => site);
    const of = figures.filter(({ period_start }) => period_start === chosenMonth());
    return new Map(sites.map((site) => {
      const here = devices.get(site.name) ?? [];
      return [site.name, kind() === "state" ? stateOf(known, here) : kind() in LOADS ? loadOf(known, here, kind()) : figureOf(known, site, of)];
    }));
  };
  /** @param {boolean} [again] though nothing else is known */
  const draw = (again = false) => {
    showControls();
    const sites = shown();
    const found = values(sites);
    const now = JSON.stringify([[...found], String(choices), sites.map(({ name }) => name)]);
    if (now === drawn && !again) return; // so that what is focused stays
    drawn = now;
    const known_ = [...found.values()].flatMap(({ value }) => (value === null ? [] : [value]));
    const [least, most] = [Math.min(0, ...known_), Math.max(0, ...known_)];
    const isState = kind() === "state";
    const markers = sites.filter(placeOfSite).map((site) => {
      const value = found.get(site.name);
      const level = isState || value?.value == null ? null : most > least ? (value.value - least) / (most - least) : 0;
      return /** @type {Marker} */ ({ site, told: value?.told ?? "", state: value?.state ?? null, level,
        href: value?.href ?? known.address("site", { site: site.name }) });
    });
    const absent = sites.length - markers.length;
    byId("map-part").hidden = !markers.length;
    replace(byId("map-absent"), absent > 0 && (markers.length ? t("{absent} of {all} sites have no place in the city file and are in the table only.", { absent: count(absent), all: count(sites.length) })
      : t("The city file says of no site where it is (location or outline), so there is no map; the table has them all.")));
    map.frame(known.city, sites);
    map.draw(known.city, markers, sight());
    showLegend(isState, markers, least, most);
    showTable(sites, found);
  };
  /** @param {boolean} isState @param {Marker[]} markers @param {number} least @param {number} most */
  const showLegend = (isState, markers, least, most) => {
    /** @param {{ state: State | null, level: number | null }} marker @param {string} text */
    const entry = (marker, text) => {
      const size = marker.level === null ? 6 : 6 * (0.7 + 1.1 * marker.level) / 1.3;
      return element("li", {}, svg("svg", { viewBox: "-12 -12 24 24", width: 24, height: 24, "aria-hidden": "true" },
        svg("g", { transform: `scale(${size})` }, ...shape(marker))), text);
    };
    const none = markers.filter(({ state, level }) => state === null && level === null).length;
    const unknown = none > 0 && entry({ state: null, level: null }, `${isState ? t("no devices") : t("not known")} (${count(none)})`);
    if (isState) {
      replace(byId("map-legend"), EVERY_STATE.filter((state) => markers.some((one) => one.state === state)).map((state) =>
        entry({ state, level: null }, t("worst is {state} ({count})", { state: STATES[state][0], count: count(markers.filter((one) => one.state === state).length) }))), unknown);
      return;
    }
    const symbol = unitOf();
    const steps = most > least ? Array.from({ length: CLASSES }, (_, step) => step / (CLASSES - 1)) : [];
    replace(byId("map-legend"), steps.map((level) => entry({ state: null, level }, `${number(least + level * (most - least), symbol)} ${unit(symbol)}`.trim())), unknown);
  };
  const unitOf = () => figures[0]?.unit ?? known.devices.flatMap(({ values: of }) => of).find(({ quantity }) => quantity === kind())?.unit ?? "";
  /** @param {Site[]} sites @param {Map<string, SiteValue>} found */
  const showTable = (sites, found) => {
    const ordered = kind() === "state" ? sites : sites.toSorted((one, other) => (found.get(other.name)?.value ?? -Infinity) - (found.get(one.name)?.value ?? -Infinity));
    const rows = begun(ordered, choices.has("all"), byId("sites-more"), () => choose({ all: "yes" }));
    fillTable(byId("sites"), [t("Site"), t("Vertical"), by.selectedOptions[0]?.text ?? ""], rows.map((site) => {
      const value = found.get(site.name);
      return [link(known.address("site", { site: site.name }), site.title), known.groups.title(site.vertical),
        value?.href ? link(value.href, value.told) : value?.told ?? ""];
    }));
  };
  /** @param {string} trouble */
  const tell = (trouble) => {
    told.textContent = trouble;
    told.hidden = trouble === "";
  };
  const load = async () => {
    const isWanted = turns.take();
    const of = kind();
    tell("");
    try {
      const found = of === "state" || of in LOADS ? [] : await monthsOf(known, of);
      if (!isWanted()) return;
      figures = found;
      draw();
    } catch (error) {
      if (!isWanted()) return;
      figures = [];
      tell(reason(error));
      draw();
    }
  };
  return {
    chosen(now) {
      choices = now;
      if (kind() === asked) draw();
      else load();
      asked = kind();
    },
    changed(topic) {
      if (topic === "devices" && (kind() === "state" || kind() in LOADS)) draw();
    },
    left() {
      turns.take();
      resized.disconnect();
    },
  };
}

/**
 * Tells by which share of its size the map was dragged; a click on a link stays one.
 * @param {HTMLElement} place
 * @param {(right: number, down: number) => void} moved
 */
function dragging(place, moved) {
  /** @type {{ x: number, y: number } | null} */
  let begin = null;
  let hasMoved = false;
  place.addEventListener("pointerdown", ({ clientX, clientY }) => { begin = { x: clientX, y: clientY }; hasMoved = false; });
  place.addEventListener("pointerup", ({ clientX, clientY }) => {
    const [right, down] = begin ? [clientX - begin.x, clientY - begin.y] : [0, 0];
    begin = null;
    hasMoved = Math.hypot(right, down) > 8;
    if (hasMoved) moved(right / place.clientWidth, down / place.clientHeight);
  });
  place.addEventListener("click", (event) => { if (hasMoved) event.preventDefault(); hasMoved = false; }, true);
  place.addEventListener("dragstart", (event) => event.preventDefault());
}
