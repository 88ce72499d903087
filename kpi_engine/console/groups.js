// Indicators in groups: those of the city, then those of each vertical, as the server says where each belongs.

/** @import { Option } from "./dom.js" */
/** @import { Kpi, Vertical } from "./types" */

import { t } from "./texts.js";

const TITLE = t("City");

/** What stands for the city as a whole where a vertical is named in an address. */
export const CITY = "city";

export class Groups {
  /** @type {Map<string | null, string>} */
  #titles = new Map([[null, TITLE]]);

  /** @param {Vertical[]} verticals */
  constructor(verticals) {
    for (const { name, title } of verticals) this.#titles.set(name, title);
  }

  /** @param {string | null} vertical */
  title(vertical) {
    return this.#titles.get(vertical) ?? vertical ?? TITLE;
  }

  /**
   * Returns the groups that are not empty.
   * @param {Kpi[]} definitions
   * @returns {[title: string, definitions: Kpi[]][]}
   */
  of(definitions) {
    const names = [...new Set([...this.#titles.keys(), ...definitions.map(({ vertical }) => vertical)])];
    return names.flatMap((name) => {
      const members = definitions.filter(({ vertical }) => vertical === name);
      return members.length ? [[this.title(name), members]] : [];
    });
  }

  /**
   * The same as options of a select.
   * @param {Kpi[]} definitions
   * @returns {Option[]}
   */
  options(definitions) {
    return this.of(definitions).flatMap(([group, members]) => members.map(({ name, title }) => [name, title, group]));
  }
}
