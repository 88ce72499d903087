// The devices of the city that is shown: what they are, asked for once, and what the stream says has changed of them.

/** @import { Device, DeviceNews, News } from "./types" */

import { get } from "./api.js";

export class Fleet {
  /** @type {Map<string, Device>} */
  #devices = new Map();

  /**
   * Nothing changes when the answer is no longer wanted.
   * @param {string} city
   * @param {() => boolean} isWanted
   */
  async load(city, isWanted) {
    const { items } = await get("/devices", { city });
    if (isWanted()) this.#devices = new Map(items.map((device) => [device.name, device]));
  }

  clear() {
    this.#devices.clear();
  }

  /**
   * Returns whether every reported device is known; a city file that was applied may bring others.
   * @param {News<DeviceNews>} news
   */
  take({ full, items }) {
    const reported = new Set(items.map(({ name }) => name));
    if (full) for (const name of this.#devices.keys()) if (!reported.has(name)) this.#devices.delete(name);
    for (const news of items) {
      const device = this.#devices.get(news.name);
      if (device) this.#devices.set(news.name, renewed(device, news));
    }
    return items.every(({ name }) => this.#devices.has(name));
  }

  all() {
    return [...this.#devices.values()];
  }
}

/** @param {Device} device @param {DeviceNews} news @returns {Device} */
function renewed(device, { state, last_observed_at, values }) {
  return { ...device, state, last_observed_at,
    values: device.values.map((value) => ({ ...value, ...standing(values[value.quantity] ?? null) })) };
}

/**
 * A state is given by its name, everything else by its number.
 * @param {string | number | null} news
 */
const standing = (news) => typeof news === "string" ? { state: news } : { value: news, state: null };
