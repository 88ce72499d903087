// What the stream has told so far, by key: everything at first, then what changed.

export class Things {
  #known = new Map();
  #key;

  constructor(...fields) {
    this.#key = (thing) => fields.map((field) => thing[field]).join("\u0000");
  }

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
