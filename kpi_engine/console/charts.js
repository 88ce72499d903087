// The chart library, loaded when the first curve is drawn, and one look for every curve.

/** @import { Plotly, Trace } from "./plotly" */

import { locale, t } from "./texts.js";

/**
 * A curve at a place: final or open (paler), or hollow where it is partly known.
 * @typedef {{ at: number, value: number | null, kind: "final" | "open" | "hollow", text: string }} Point
 */
/** @typedef {[at: number, label: string]} Tick */

/** The decimal mark and the mark of thousands, as here people write them. */
const SEPARATORS = ["decimal", "group"].map((kind) => new Intl.NumberFormat(locale).formatToParts(12345.6).find(({ type }) => type === kind)?.value ?? " ").join("");

/** @type {Promise<Plotly> | null} */
let library = null;

/** @returns {Promise<Plotly>} */
function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/charts.js";
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { library = null; reject(new Error(t("The chart library could not be loaded."))); };
    document.head.append(script);
  });
  return library;
}

/** On paper a curve is as wide as the paper, not as the screen it was drawn for: what is not drawn to scale is cut. */
addEventListener("beforeprint", () => {
  for (const drawing of document.querySelectorAll("svg.main-svg")) {
    drawing.setAttribute("viewBox", `0 0 ${drawing.getAttribute("width")} ${drawing.getAttribute("height")}`);
  }
});
addEventListener("afterprint", () => { for (const drawing of document.querySelectorAll("svg.main-svg")) drawing.removeAttribute("viewBox"); });

/** @param {string} name of a custom property of the style sheet */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** @param {() => void} redraw */
export const onThemeChange = (redraw) =>
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

/**
 * Draws traces over positions 0 to `count`.
 * @param {HTMLElement} plot
 * @param {Trace[]} traces
 * @param {number} count
 * @param {Tick[]} ticks
 */
export async function draw(plot, traces, count, ticks) {
  const plotly = await load();
  const isNegative = traces.some(({ y }) => y.some((value) => value !== null && value < 0));
  const axis = { fixedrange: true, color: colour("soft"), zeroline: false, tickfont: { size: 12 } };
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("soft") },
    margin: { l: 52, r: 4, t: 8, b: 28 },
    bargap: count > 60 ? 0 : 0.18,
    barmode: "overlay",
    showlegend: false,
    separators: SEPARATORS,
    hovermode: "closest",
    hoverlabel: { bgcolor: colour("ink"), bordercolor: colour("ink"), font: { color: colour("ground"), size: 13 } },
    xaxis: { ...axis, range: [-0.6, count - 0.4], showgrid: false, tickvals: ticks.map(([at]) => at),
      ticktext: ticks.map(([, label]) => label), linecolor: colour("line-strong"), showline: true },
    yaxis: { ...axis, gridcolor: colour("line"), nticks: 5, exponentformat: "none", separatethousands: true,
      rangemode: traces.some(({ type, base }) => type === "bar" && !base) ? "tozero" : isNegative ? "normal" : "nonnegative" },
  };
  await plotly.react(plot, traces, layout, { displayModeBar: false, responsive: true, scrollZoom: false });
}

/** @param {string[]} texts */
const hover = (texts) => ({ text: texts, textposition: "none", hovertemplate: "%{text}<extra></extra>" });

/**
 * How far `upper` is above `lower`; 0 where it is not.
 * @param {number | null | undefined} lower
 * @param {number | null | undefined} upper
 */
const distance = (lower, upper) => (lower != null && upper != null && upper > lower ? upper - lower : 0);

/**
 * Bars of what is whole, paler bars of what is open, hollow bars of what is partly known.
 * @param {Point[]} points
 * @returns {Trace}
 */
export function bars(points) {
  const solid = points.map((point) => (point.kind === "hollow" ? "rgba(0,0,0,0)" : colour(point.kind === "open" ? "accent-soft" : "accent")));
  return { type: "bar", x: points.map((point) => point.at), y: points.map((point) => point.value), ...hover(points.map((point) => point.text)),
    marker: { color: solid, line: { width: points.map((point) => (point.kind === "hollow" ? 1.5 : 0)), color: colour("accent") } } };
}

/**
 * A line that breaks where nothing is known.
 * @param {Point[]} points
 * @param {boolean} smooth
 * @returns {Trace}
 */
export function line(points, smooth = false) {
  return { type: "scatter", mode: smooth ? "lines" : "lines+markers", connectgaps: false, x: points.map((point) => point.at),
    y: points.map((point) => point.value), ...hover(points.map((point) => point.text)),
    line: { color: colour("accent"), width: 2 },
    marker: { size: 5, color: points.map((point) => colour(point.kind === "open" ? "accent-soft" : "accent")) } };
}

/**
 * Between what each value may lie, as a pale band over bars; it breaks where nothing bounds them or they are exact.
 * @param {{ at: number, lower: number | null, upper: number | null }[]} points
 * @returns {Trace[]}
 */
export function band(points) {
  const wide = points.filter((point) => distance(point.lower, point.upper) > 0);
  return wide.length === 0 ? [] : [{ type: "bar", x: wide.map(({ at }) => at), base: wide.map(({ lower }) => lower),
    y: wide.map(({ lower, upper }) => distance(lower, upper)), hoverinfo: "skip", opacity: 0.65,
    marker: { color: colour("band"), line: { width: 0 } } }];
}

/**
 * Marks on the axis where there is no figure.
 * @param {{ at: number, text: string }[]} points
 * @param {number} level
 * @returns {Trace}
 */
export function gaps(points, level) {
  return { type: "scatter", mode: "markers", x: points.map((point) => point.at), y: points.map(() => level), cliponaxis: false,
    ...hover(points.map((point) => point.text)), marker: { symbol: "x-thin", size: 6, line: { width: 1.5, color: colour("stale") } } };
}

/**
 * Short strokes across the curve: what is compared with it.
 * @param {{ at: number, value: number, text: string }[]} points
 * @returns {Trace}
 */
export function marks(points) {
  return { type: "scatter", mode: "markers", x: points.map((point) => point.at), y: points.map((point) => point.value), cliponaxis: false,
    ...hover(points.map((point) => point.text)), marker: { symbol: "line-ew", size: 10, line: { width: 2.5, color: colour("beam") } } };
}
