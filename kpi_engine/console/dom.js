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
  parent.replaceChildren(...children.flat(2).filter((child) => child != null && child !== false));
}

// A row of buttons of which one is pressed.
export function choice(parent, options, chosen, choose) {
  replace(parent, options.map(([value, label]) =>
    element("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => choose(value) }, label)));
}

// Fills a select with [[value, label, group], ...] without losing what is chosen; without a group, no heading.
export function fillSelect(select, options) {
  const known = JSON.stringify(options.map(([value, label, group]) => [value, label, group]));
  if (select.dataset.options === known) return;
  select.dataset.options = known;
  const chosen = select.value;
  const groups = [...new Set(options.map(([, , group]) => group))];
  replace(select, groups.map((group) => {
    const members = options.filter(([, , of]) => of === group).map(([value, label]) => element("option", { value }, label));
    return group === undefined ? members : element("optgroup", { label: group }, members);
  }));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}
