// What the figures of the page share: steps back and forth in time, and a caption that says what went wrong.

import { byId, element, replace } from "./dom.js";

export function pager(figure, back, forth) {
  const step = (label, name, go) => element("button", { type: "button", "aria-label": name, disabled: !go, onclick: go || null }, label);
  replace(byId(`${figure}-pager`), step("‹", `Earlier ${figure}`, back), step("›", `Later ${figure}`, forth));
}

export async function told(figure, drawing) {
  try {
    byId(`${figure}-caption`).textContent = await drawing();
  } catch (error) {
    byId(`${figure}-caption`).textContent = error.message;
  }
}
