// What the stream has told so far, by key: everything at first, then what changed.

/** @import { News } from "./types" */

/** @template Thing */
export class Things {
  /** @type {Map<string, Thing>} */
  #known = new Map();
  /** @type {(thing: Thing) => string} */
  #key;

  /** @param {(keyof Thing)[]} fields */
  constructor(...fields) {
    this.#key = (thing) => fields.map((field) => thing[field]).join("\u0000");
  }

  /** @param {News<Thing>} news */
  take({ full, items }) {
    if (full) this.clear();
    for (const thing of items) this.#known.set(this.#key(thing), thing);
  }

  clear() {
    this.#known.clear();
  }

  all() {
    return [...this.#known.values()];
  }
}
