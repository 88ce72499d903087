// What the figures of the page share: steps back and forth in time, and a caption that says what went wrong.

import { reason } from "./api.js";
import { byId, element, replace } from "./dom.js";

/** @typedef {() => void} Step */

/** @param {"day" | "year"} figure @param {Step} back @param {Step | false} forth */
export function pager(figure, back, forth) {
  /** @param {string} label @param {string} name @param {Step | false} go */
  const step = (label, name, go) => element("button", { type: "button", "aria-label": name, disabled: !go, onclick: go || null }, label);
  replace(byId(`${figure}-pager`), step("‹", `Earlier ${figure}`, back), step("›", `Later ${figure}`, forth));
}

/** @param {"day" | "year"} figure @param {() => Promise<string | null>} drawing */
export async function captioned(figure, drawing) {
  try {
    byId(`${figure}-caption`).textContent = await drawing();
  } catch (error) {
    byId(`${figure}-caption`).textContent = reason(error);
  }
}
