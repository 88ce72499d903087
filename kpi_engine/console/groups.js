// Indicators in groups: those of the city, then those of each vertical, as the server says where each belongs.

const CITY = "City";

export class Groups {
  #titles;

  constructor(verticals) {
    this.#titles = new Map([[null, CITY], ...verticals.map(({ name, title }) => [name, title])]);
  }

  title(vertical) {
    return this.#titles.get(vertical) ?? vertical;
  }

  // Returns [[title, definitions], ...] without empty groups.
  of(definitions) {
    const names = [...new Set([...this.#titles.keys(), ...definitions.map(({ vertical }) => vertical)])];
    return names.map((name) => [this.title(name), definitions.filter(({ vertical }) => vertical === name)])
      .filter(([, members]) => members.length);
  }

  // The same as options of a select: [[value, label, group], ...].
  options(definitions) {
    return this.of(definitions).flatMap(([group, members]) => members.map(({ name, title }) => [name, title, group]));
  }
}
