// Draws sites on a map without any network: outlines and positions of the city file, projected so that near places keep
// their shape. Every marker is a link, and a state has a shape of its own.

/** @import { City, Site, State } from "./types" */
/** @typedef {[longitude: number, latitude: number]} Position */
/** @typedef {{ site: Site, href: string, told: string, state: State | null, level: number | null }} Marker level: 0 to 1 */
/** @typedef {{ zoom: number, at: Position | null }} Sight */

import { t } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000; // units of the drawing; what is shown of them depends on the zoom
const MARGIN = 50;
const SIZE = 7; // pixels of a marker's radius
const NARROW = 600; // pixels: a drawing that is less wide is as high as it is wide
const LEAST = 0.004; // degrees: a city of one site is shown with what is around it

/**
 * @param {string} tag
 * @param {Record<string, string | number | null>} attributes
 * @param {Node[]} children
 */
export function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Where a site is: its position, or the middle of its outline. @param {Site} site @returns {Position | null} */
export function placeOfSite({ location, outline }) {
  if (location) return position(location);
  if (!outline?.length) return null;
  const sum = outline.map(position).reduce(([east, north], [x, y]) => [east + x, north + y], [0, 0]);
  return [sum[0] / outline.length, sum[1] / outline.length];
}

/** @param {number[]} given @returns {Position} */
const position = ([longitude, latitude]) => [longitude ?? 0, latitude ?? 0];

export class CityMap {
  #place;
  /** @type {{ west: number, north: number, east: number, scale: number, height: number } | null} */
  #frame = null;
  #pixels = WIDTH;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** Everything that is to be in sight when nothing is chosen. @param {City} city @param {Site[]} sites */
  frame(city, sites) {
    const all = [...(city.outline ?? []), ...sites.flatMap(({ location, outline }) => [...(location ? [location] : []), ...(outline ?? [])])].map(position);
    if (!all.length) {
      this.#frame = null;
      return;
    }
    const [west, east] = spread(all.map(([x]) => x));
    const [south, north] = spread(all.map(([, y]) => y));
    const shrink = Math.cos(((south + north) / 2) * Math.PI / 180);
    const scale = (WIDTH - 2 * MARGIN) / Math.max((east - west) * shrink, (north - south) * (this.#place.clientWidth < NARROW ? 1 : 1.6));
    const height = (north - south) * scale + 2 * MARGIN;
    const side = (WIDTH - 2 * MARGIN - (east - west) * shrink * scale) / 2;
    this.#frame = { west: west - side / scale / shrink, north, east: scale * shrink, scale, height };
  }

  /** @param {Position} place @returns {[x: number, y: number]} */
  #project([longitude, latitude]) {
    const frame = this.#frame ?? { west: 0, north: 0, east: 1, scale: 1, height: 0 };
    return [MARGIN + (longitude - frame.west) * frame.east, MARGIN + (frame.north - latitude) * frame.scale];
  }

  /** What is in the middle of a sight, moved by shares of what is seen. @param {Sight} sight @param {number} right @param {number} down @returns {Position} */
  moved({ zoom, at }, right, down) {
    const frame = this.#frame ?? { west: 0, north: 0, east: 1, scale: 1, height: 0 };
    const [x, y] = at ? this.#project(at) : [WIDTH / 2, frame.height / 2];
    const [toX, toY] = [x + right * WIDTH / zoom, y + down * frame.height / zoom];
    return [frame.west + (toX - MARGIN) / frame.east, frame.north - (toY - MARGIN) / frame.scale];
  }

  /**
   * @param {City} city
   * @param {Marker[]} markers
   * @param {Sight} sight
   */
  draw(city, markers, { zoom, at }) {
    if (!this.#frame) return;
    const { height } = this.#frame;
    const focused = this.#place.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    this.#pixels = Math.max(this.#place.clientWidth, 280);
    const [width, tall] = [WIDTH / zoom, height / zoom];
    const [x, y] = at ? this.#project(at) : [WIDTH / 2, height / 2];
    const view = [clamp(x - width / 2, WIDTH - width), clamp(y - tall / 2, height - tall), width, tall];
    const areas = markers.filter(({ site }) => site.outline?.length);
    const drawn = svg("svg", { viewBox: view.map((one) => one.toFixed(2)).join(" "), role: "group", "aria-label": t("Sites on the map") },
      ...(city.outline ? [svg("path", { class: "map-city", d: this.#ring(city.outline) })] : []),
      ...areas.map((marker) => this.#link(marker, svg("path", { class: "map-area", d: this.#ring(marker.site.outline ?? []) }))),
      ...markers.filter(({ site }) => site.location).toSorted((one, other) => (other.level ?? 0) - (one.level ?? 0)).map((marker) => this.#marker(marker, zoom)));
    this.#place.replaceChildren(drawn);
    const again = focused && this.#place.querySelector(`a[href="${CSS.escape(focused)}"]`);
    if (again instanceof SVGElement) again.focus();
  }

  /** @param {number[][]} corners */
  #ring(corners) {
    return `M${corners.map((corner) => this.#project(position(corner)).map((one) => one.toFixed(2)).join(" ")).join("L")}Z`;
  }

  /** @param {Marker} marker @param {number} zoom */
  #marker(marker, zoom) {
    const [x, y] = this.#project(position(marker.site.location ?? []));
    const radius = SIZE * (marker.level === null ? 1 : 0.7 + 1.1 * marker.level) * WIDTH / zoom / this.#pixels;
    return this.#link(marker, svg("g", { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${radius.toFixed(3)})` }, ...shape(marker)));
  }

  /** @param {Marker} marker @param {Node} drawn */
  #link(marker, drawn) {
    const title = svg("title", {});
    title.textContent = `${marker.site.title}: ${marker.told}`;
    return svg("a", { href: marker.href, "aria-label": title.textContent, class: "map-site" }, title, drawn);
  }
}

/** A marker of radius 1. @param {{ state: State | null, level: number | null }} marker @returns {Node[]} */
export function shape({ state, level }) {
  if (level !== null) return [svg("circle", { r: 1, class: "map-level", "fill-opacity": (0.25 + 0.75 * level).toFixed(2) })];
  const kind = `map-${state ?? "none"}`;
  if (state === "late") return [svg("circle", { r: 1, class: `${kind} hollow` }), svg("path", { d: "M0 -1A1 1 0 0 0 0 1Z", class: kind })];
  if (state === "stale") return [svg("rect", { x: -0.95, y: -0.95, width: 1.9, height: 1.9, class: `${kind} hollow` })];
  if (state === "clock_wrong") return [svg("path", { d: "M0 -1.25L1.25 0L0 1.25L-1.25 0Z", class: `${kind} hollow` })];
  if (state === "silent" || state === null) return [svg("circle", { r: 1, class: `${kind} hollow` })];
  return [svg("circle", { r: 1, class: kind })];
}

/** @param {number} value @param {number} most */
const clamp = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));

/** @param {number[]} values @returns {[least: number, most: number]} */
function spread(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const lacking = Math.max(0, LEAST - (most - least)) / 2;
  return [least - lacking, most + lacking];
}
