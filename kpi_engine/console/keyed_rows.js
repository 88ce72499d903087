// What the stream has told so far, by key: everything at first, then what changed.

/** @import { News } from "./types" */

/** @template Row */
export class KeyedRows {
  /** @type {Map<string, Row>} */
  #known = new Map();
  /** @type {(row: Row) => string} */
  #key;

  /** @param {(keyof Row)[]} fields */
  constructor(...fields) {
    this.#key = (row) => fields.map((field) => row[field]).join("\u0000");
  }

  /** @param {News<Row>} news */
  take({ full, items }) {
    if (full) this.clear();
    for (const row of items) this.#known.set(this.#key(row), row);
  }

  clear() {
    this.#known.clear();
  }

  all() {
    return [...this.#known.values()];
  }
}
