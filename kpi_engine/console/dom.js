// Builds elements; text is always text, never markup.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child != null && child !== false));
}

// A row of buttons of which one is pressed.
export function choice(parent, options, chosen, choose) {
  replace(parent, options.map(([value, label]) =>
    element("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => choose(value) }, label)));
}

// Fills a select without losing what is chosen.
export function fillSelect(select, options) {
  const known = [...select.options].map((option) => option.value + option.text).join();
  if (known === options.map(([value, label]) => value + label).join()) return;
  const chosen = select.value;
  replace(select, options.map(([value, label]) => element("option", { value }, label)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}
