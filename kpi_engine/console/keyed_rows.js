// What the stream has told so far, by key: everything at first, then what changed.

/** @import { News } from "./types" */

/** @template Row */
export class KeyedRows {
  /** @type {Map<string, Row>} */
  #known = new Map();
  /** @type {(row: Row) => string} */
  #key;
  isTold = false; // whether the stream has told everything once; until then nothing is known to be absent

  /** @param {(keyof Row)[]} fields */
  constructor(...fields) {
    this.#key = (row) => fields.map((field) => row[field]).join("\u0000");
  }

  /** @param {News<Row>} news */
  take({ full, items }) {
    if (full) this.#known.clear();
    if (full) this.isTold = true;
    for (const row of items) this.#known.set(this.#key(row), row);
  }

  all() {
    return [...this.#known.values()];
  }
}
