// The city as one picture that adds up: heat and electricity from sources over networks to uses, with the same in a
// table below it. Every amount is the server's: nothing is added up here.

/** @import { CityFlows, FlowAnswer, NodeOfFlows } from "./types" */
/** @import { Opening, View } from "./view" */

import { get, reason } from "./api.js";
import { dayName, daysLater, isDay } from "./calendar.js";
import { svg } from "./city_map.js";
import { byId, choice, element, loading, replace } from "./dom.js";
import { bounds, clock, count, moment, percent, period as periodName } from "./format.js";
import { fillTable } from "./listed.js";
import { link } from "./router.js";
import { LINE, NODE_WIDTH, layout } from "./sankey.js";
import { chosenIn } from "./settings.js";
import { locale, t, told, tp } from "./texts.js";
import { Turns } from "./turns.js";

const MOST_DIGITS = 6;
const AGAIN = 60_000; // milliseconds between two looks at a period that runs
/** @type {["day" | "month" | "year", string][]} */
const PERIODS = [["day", t("Day")], ["month", t("Month")], ["year", t("Year")]];
const TEXTS = {
  title: t("Flows"),
  unknownAmount: t("not known"),
  unknown: t("left over: nobody metered it"),
  columns: [tp("flows", "From"), tp("flows", "To"), tp("flows", "Amount"), t("Between"), t("Coverage"), tp("flows", "Meters"), tp("flows", "Figures")],
  none: t("no figure of its own"),
  nothing: t("Nothing was metered in this period."),
};
/** What coverage looks like, the best first. @type {[least: number, level: string, words: string][]} */
const LEVELS = [[0.99, "whole", t("coverage 99 % and more")], [0.9, "most", t("coverage 90 to 99 %")], [0.5, "some", t("coverage 50 to 90 %")],
  [0, "little", t("coverage less than 50 %")]];
/** @type {Record<string, string>} */
const CARRIERS = { heat: tp("flows", "Heat"), electricity: t("Electricity") };

/** @param {Opening} opening @returns {View} */
export function openFlows({ known, choose, entitle }) {
  const turns = new Turns();
  const [place, trouble, day] = [byId("flows"), byId("flows-told"), byId("flows-day", HTMLInputElement)];
  let chosen = new URLSearchParams();
  let asked = "";
  let at = 0;
  /** @type {CityFlows | null} */
  let found = null;
  entitle(TEXTS.title);
  day.addEventListener("change", () => { if (isDay(day.value)) choose({ at: day.value }); });
  byId("flows-before").addEventListener("click", () => choose({ at: moved(day.value, periodOf(chosen), -1) }));
  byId("flows-after").addEventListener("click", () => choose({ at: moved(day.value, periodOf(chosen), 1) }));
  const resized = new ResizeObserver(() => found && draw(found));
  resized.observe(place);

  /** @param {number} instant */
  const nameOf = (instant) => dayName(instant, 0, known.zone);
  /** @param {URLSearchParams} choices @returns {"day" | "month" | "year"} */
  const periodOf = (choices) => PERIODS.map(([name]) => name).find((name) => name === choices.get("period")) ?? "month";
  /** @param {CityFlows} flows */
  const draw = (flows) => {
    const width = Math.max(280, place.clientWidth);
    if (!flows.flows.length) {
      replace(place, element("p", { class: "quiet" }, TEXTS.nothing));
      return;
    }
    const amount = (/** @type {FlowAnswer} */ flow) => amountOf(flow, flows);
    const through = (/** @type {{ key: string, total: number }} */ { key, total }) =>
      flows.flows.every(({ source, target, value }) => value === null || (source !== key && target !== key)) ? TEXTS.unknownAmount : stepped(total, flows);
    const nodes = new Map(flows.nodes.map((node) => [node.key, node]));
    const drawn = layout(flows.nodes, flows.flows, width, Math.max(300, Math.min(width * 0.5, 640)), through);
    replace(place, svg("svg", { viewBox: `0 0 ${drawn.width} ${drawn.height}`, width: drawn.width, height: drawn.height, role: "group",
      "aria-label": t("Flows of energy, {period}", { period: periodName(flows.period, flows.period_start, known.zone) }) },
    svg("defs", {}, hatched("heat"), hatched("electricity")),
    ...flows.flows.map((flow, index) => ribbon(flow, drawn.ribbons[index]?.path ?? "", sentence(flow, flows, nodes, amount))),
    ...flows.nodes.flatMap((node) => nodeShapes(node, drawn.nodes.get(node.key), through(node)))));
  };
  /** @param {FlowAnswer} flow @param {string} path @param {string} words */
  const ribbon = (flow, path, words) => {
    const level = LEVELS.find(([least]) => flow.coverage >= least)?.[1] ?? "little";
    const shape = svg("path", { d: path, class: `flow flow-${flow.carrier} ${flow.is_residual ? "flow-unknown" : `flow-${level}`}`,
      fill: flow.is_residual ? `url(#hatch-${flow.carrier})` : null });
    const href = addressOf(flow);
    return svg(href ? "a" : "g", { class: "flow-link", href, "aria-label": words, role: href ? null : "img" }, svg("title", {}, document.createTextNode(words)), shape);
  };
  /** Where a ribbon leads: the figure that is computed from its meters. @param {FlowAnswer} flow */
  const addressOf = (flow) => {
    const [first] = flow.figures;
    return first ? known.address("figure", { kpi: first.kpi }, { value: first.value_id }) : null;
  };
  /** @param {CityFlows} flows */
  const showTable = (flows) => {
    const nodes = new Map(flows.nodes.map((node) => [node.key, node.title]));
    fillTable(byId("flow-rows"), TEXTS.columns, flows.flows.map((flow) => [nodes.get(flow.source) ?? flow.source, nodes.get(flow.target) ?? flow.target,
      amountOf(flow, flows), boundsOf(flow, flows) || (flow.value === null ? TEXTS.unknownAmount : tp("flows", "exact")), flow.is_residual ? TEXTS.unknown : percent(flow.coverage),
      flow.known < flow.meters ? t("{known} of {all}", { known: count(flow.known), all: count(flow.meters) }) : count(flow.meters),
      flow.figures.length ? flow.figures.flatMap(({ kpi, title, value_id }, index) => [index > 0 && ", ",
        link(known.address("figure", { kpi }, { value: value_id }), title)]) : TEXTS.none]));
    replace(byId("flow-sums"), flows.nodes.filter(({ stage }) => stage === "network").map(({ title, total }) =>
      element("li", {}, t("{title}: {amount} in, {amount} out.", { title, amount: stepped(total, flows) }))),
    flows.carriers.map(({ carrier, notes, refused }) => [...notes, ...(refused ? [t("no flows are shown: {why}", { why: told(refused) })] : [])]
      .map((note) => element("li", {}, `${CARRIERS[carrier] ?? carrier}: ${note}.`))));
  };
  /** @param {CityFlows} flows */
  const show = (flows) => {
    found = flows;
    const name = periodName(flows.period, flows.period_start, known.zone);
    entitle(t("Flows, {period}", { period: name }));
    day.value = nameOf(new Date(flows.period_start).getTime());
    byId("flows-after", HTMLButtonElement).disabled = new Date(flows.period_end).getTime() > known.live.now();
    const isOpen = flows.through < flows.period_end;
    const until = (flows.period === "day" ? clock : moment)(flows.through, known.zone);
    byId("flows-about").textContent = [...(isOpen ? [t("So far, until {time} ({zone}).", { time: until, zone: known.zone })] : []),
      t("Every ribbon leads to its figure.")].join(" ");
    legend();
    draw(flows);
    showTable(flows);
    byId("flows-part").hidden = false;
  };
  const legend = () => {
    const entries = LEVELS.map(([, level, words]) => element("li", {}, swatch("flow-electricity", `flow-${level}`), swatch("flow-heat", `flow-${level}`), words));
    replace(byId("flows-legend"), element("li", {}, swatch("flow-heat", "flow-whole"), CARRIERS["heat"]), element("li", {}, swatch("flow-electricity", "flow-whole"), CARRIERS["electricity"]),
      entries, element("li", {}, swatch("flow-hatched"), TEXTS.unknown));
  };
  /** @param {URLSearchParams} choices */
  const load = async (choices) => {
    const isWanted = turns.take();
    at = Date.now();
    try {
      const start = choices.get("at");
      const answer = await get(`/cities/${encodeURIComponent(known.city.name)}/flows`, { period: periodOf(choices), start: isDay(start) ? start : null });
      if (!isWanted()) return;
      trouble.hidden = true;
      show(answer);
    } catch (error) {
      if (!isWanted()) return;
      found = null;
      trouble.textContent = sentenceOf(reason(error));
      trouble.hidden = false;
      byId("flows-part").hidden = true;
    }
  };
  return {
    chosen(choices) {
      chosen = choices;
      choice(byId("flows-period"), PERIODS, periodOf(choices), (period) => choose({ period }));
      if (asked === String(choices)) return;
      asked = String(choices);
      const start = choices.get("at");
      day.value = isDay(start) ? start : nameOf(known.live.now());
      if (!found) replace(place, loading());
      load(choices);
    },
    changed(topic) {
      if (topic === "kpis" && (!found || found.through < found.period_end) && Date.now() - at > AGAIN) load(chosen);
    },
    left() {
      turns.take();
      resized.disconnect();
    },
  };
}

/** @param {string} carrier */
function hatched(carrier) {
  return svg("pattern", { id: `hatch-${carrier}`, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 8, height: 8, class: "hatch-ground" }), svg("rect", { width: 3, height: 8, class: `hatch-${carrier}` }));
}

/** @param {string[]} kinds */
const swatch = (...kinds) => element("span", { class: ["flow-swatch", ...kinds].join(" "), "aria-hidden": "true" });

/** @param {NodeOfFlows} node @param {import("./sankey.js").NodePlace | undefined} place @param {string} amount */
function nodeShapes(node, place, amount) {
  if (!place) return [];
  const box = svg("rect", { x: place.x, y: place.y, width: NODE_WIDTH, height: place.height, class: "flow-node" });
  if (place.side === "middle") {
    const x = place.x + NODE_WIDTH / 2;
    const label = svg("text", { "text-anchor": "middle", class: "flow-label" },
      svg("tspan", { x, y: place.y - 6 - LINE, class: "flow-name" }, document.createTextNode(node.title)),
      svg("tspan", { x, y: place.y - 6 }, document.createTextNode(amount)));
    return [box, label];
  }
  const x = place.side === "start" ? place.x + NODE_WIDTH + 6 : place.x - 6;
  const top = place.y + place.height / 2 - (place.lines.length * LINE) / 2 + LINE * 0.75;
  return [box, svg("text", { class: "flow-label", "text-anchor": place.side }, ...place.lines.map((line, index) =>
    svg("tspan", { x, y: top + index * LINE, class: index < place.lines.length - 1 ? "flow-name" : null }, document.createTextNode(line))))];
}

/** @param {FlowAnswer} flow @param {CityFlows} flows @param {Map<string, NodeOfFlows>} nodes @param {(flow: FlowAnswer) => string} amount */
function sentence(flow, flows, nodes, amount) {
  const between = boundsOf(flow, flows);
  const how = flow.is_residual ? TEXTS.unknown : t("coverage {share}", { share: percent(flow.coverage) });
  const facts = { source: nodes.get(flow.source)?.title ?? "", target: nodes.get(flow.target)?.title ?? "", amount: amount(flow), how };
  return between ? t("{source} to {target}: {amount}, between {bounds}, {how}", { ...facts, bounds: between }) : t("{source} to {target}: {amount}, {how}", facts);
}

/** @param {FlowAnswer} flow @param {CityFlows} flows */
const amountOf = (flow, flows) => (flow.value === null ? TEXTS.unknownAmount : stepped(flow.shown, flows));

/** The one unit of a picture: the reader's, else by its size. @param {CityFlows} flows @returns {[times: number, symbol: string]} of kWh */
function unitOf({ nodes }) {
  const reader = chosenIn("kWh");
  if (reader) return [1 / reader.factor, reader.unit];
  const most = Math.max(...nodes.map(({ total }) => total));
  return most >= 1e7 ? [1e6, "GWh"] : most >= 1e4 ? [1e3, "MWh"] : [1, "kWh"];
}

/** @param {number} value */
const isWhole = (value) => value >= 0.5 && Math.abs(value - Math.round(value)) < 1e-6;

/** Between what a flow lies, in the unit of its amount. @param {FlowAnswer} flow @param {CityFlows} flows */
function boundsOf({ value, lower, upper }, flows) {
  const [times, symbol] = unitOf(flows);
  const scaled = (/** @type {number | null} */ one) => (one === null ? null : one / times);
  return bounds({ value: scaled(value), lower: scaled(lower), upper: scaled(upper), unit: symbol });
}

/**
 * An amount with all digits that add up, and no other.
 * @param {number} value in kWh
 * @param {CityFlows} flows
 */
function stepped(value, flows) {
  const [times, symbol] = unitOf(flows);
  const step = flows.resolution / times;
  let digits = 0;
  while (digits < MOST_DIGITS && !isWhole(step * 10 ** digits)) digits += 1;
  return `${(value / times).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${symbol}`;
}

/**
 * A day of the period before or after the one of a day.
 * @param {string} name @param {"day" | "month" | "year"} period @param {number} by
 */
function moved(name, period, by) {
  if (period === "day") return daysLater(name, by);
  const [year, month] = [Number(name.slice(0, 4)), Number(name.slice(5, 7)) - 1];
  return new Date(period === "year" ? Date.UTC(year + by, 0, 1) : Date.UTC(year, month + by, 1)).toISOString().slice(0, 10);
}

/** @param {string} words */
const sentenceOf = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace(/[^.]$/, "$&.");
