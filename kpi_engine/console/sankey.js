// Lays out flows from left to right: sources, networks, uses. A node is as high as what goes through it; where that is
// little, its label decides. Pure: it knows no document.

/** @typedef {{ key: string, title: string, stage: string, total: number }} Node_ */
/** @typedef {{ source: string, target: string, shown: number }} Flow_ */
/** @typedef {{ x: number, y: number, height: number, lines: string[], side: "start" | "middle" | "end" }} NodePlace */
/** @typedef {{ path: string, thickness: number }} RibbonPlace */
/** @typedef {{ width: number, height: number, nodes: Map<string, NodePlace>, ribbons: RibbonPlace[] }} Layout */

export const NODE_WIDTH = 12;
export const LINE = 16; // pixels of a line of text
const STAGES = ["source", "network", "use"];
const GAP = 14;
const ABOVE = 2 * LINE; // room for the label of a network
const CHARACTER = 6.6; // pixels, on the wide side
const NARROW = 640; // pixels
const NETWORK_LABEL = 45; // pixels: half of one
const TOP = 38; // room for the labels of networks
const LEAST = 1.5; // pixels of the thinnest ribbon: what is there is seen

/**
 * @param {Node_[]} nodes
 * @param {Flow_[]} flows
 * @param {number} width in pixels
 * @param {number} height that is aimed at; labels may need more
 * @param {(node: Node_) => string} amount what is written below the name of a node
 * @returns {Layout}
 */
export function layout(nodes, flows, width, height, amount) {
  const columns = STAGES.map((stage) => nodes.filter((node) => node.stage === stage));
  const beside = width < NARROW ? NETWORK_LABEL : 0; // the labels of networks stand in the middle
  const room = Math.max(8, Math.floor((width / 2 - NODE_WIDTH * 2 - 14 - beside) / CHARACTER)); // characters of a label
  const labels = new Map(nodes.map((node) => [node.key, node.stage === "network" ? [] : [...wrapped(node.title, room), amount(node)]]));
  const least = (/** @type {Node_} */ { key, stage }) => (stage === "network" ? ABOVE : (labels.get(key) ?? []).length * LINE);
  const scales = columns.filter((column) => column.length).map((column) => {
    const sum = column.reduce((total, node) => total + node.total, 0);
    return sum > 0 ? Math.max(40, height - TOP - GAP * (column.length - 1)) / sum : Infinity;
  });
  const scale = Math.min(...scales);
  const tall = Number.isFinite(scale) ? scale : 0;
  const slot = (/** @type {Node_} */ node) => Math.max(node.total * tall, least(node), LEAST);
  const heights = columns.map((column) => column.reduce((total, node) => total + slot(node) + GAP, -GAP));
  const whole = Math.max(...heights, 40);
  /** @type {Map<string, NodePlace>} */
  const places = new Map();
  columns.forEach((column, at) => {
    const spare = (whole - (heights[at] ?? 0)) / (column.length + 1);
    let y = TOP + spare;
    for (const node of ordered(column, at, flows, places)) {
      const high = Math.max(node.total * tall, LEAST);
      const x = at === 0 ? 0 : at === 1 ? (width - NODE_WIDTH) / 2 : width - NODE_WIDTH;
      places.set(node.key, { x, y: y + (slot(node) - high) / 2, height: high, lines: labels.get(node.key) ?? [],
        side: at === 0 ? "start" : at === 1 ? "middle" : "end" });
      y += slot(node) + GAP + spare;
    }
  });
  return { width, height: TOP + whole + 8, nodes: places, ribbons: ribbons(flows, places, tall) };
}

/**
 * Uses stand where the networks are that they take from, so that ribbons cross little.
 * @param {Node_[]} column @param {number} at @param {Flow_[]} flows @param {Map<string, NodePlace>} places
 */
function ordered(column, at, flows, places) {
  if (at < 2) return column;
  const middle = (/** @type {Node_} */ { key }) => {
    const into = flows.filter(({ target }) => target === key);
    const sum = into.reduce((total, { shown }) => total + shown, 0);
    return into.reduce((total, { source, shown }) => total + (places.get(source)?.y ?? 0) * (sum > 0 ? shown / sum : 1 / into.length), 0);
  };
  return column.toSorted((one, other) => middle(one) - middle(other));
}

/** @param {Flow_[]} flows @param {Map<string, NodePlace>} places @param {number} scale @returns {RibbonPlace[]} */
function ribbons(flows, places, scale) {
  /** @type {Map<string, number>} */
  const used = new Map();
  const y = (/** @type {string} */ key) => places.get(key)?.y ?? 0;
  /** Ribbons leave and enter a node in the order of their other ends. @param {"source" | "target"} end @param {"source" | "target"} other */
  const offsets = (end, other) => {
    const found = new Map();
    for (const flow of flows.toSorted((one, two) => y(one[other]) - y(two[other]))) {
      const key = `${end}:${flow[end]}`;
      found.set(flow, used.get(key) ?? 0);
      used.set(key, (used.get(key) ?? 0) + flow.shown * scale);
    }
    return found;
  };
  const [out, into] = [offsets("source", "target"), offsets("target", "source")];
  return flows.map((flow) => {
    const [from, to] = [places.get(flow.source), places.get(flow.target)];
    if (!from || !to) return { path: "", thickness: 0 };
    const thickness = Math.max(flow.shown * scale, LEAST);
    const [left, right] = [from.x + NODE_WIDTH, to.x];
    const [begin, end] = [from.y + out.get(flow), to.y + into.get(flow)];
    const bend = (left + right) / 2;
    const path = `M${left},${begin}C${bend},${begin} ${bend},${end} ${right},${end}V${end + thickness}`
      + `C${bend},${end + thickness} ${bend},${begin + thickness} ${left},${begin + thickness}Z`;
    return { path, thickness };
  });
}

/** @param {string} text @param {number} room characters @returns {string[]} */
function wrapped(text, room) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
