// Every device of a city, the worst state first, found by state, vertical and words.

/** @import { Option } from "./dom.js" */
/** @import { Device, State } from "./types" */
/** @import { Opening, View } from "./view" */

import { byId, element, fillSelect, replace } from "./dom.js";
import { STATES, count } from "./format.js";
import { EVERY_STATE, WORST_FIRST } from "./freshness.js";
import { groupedBy } from "./grouped.js";
import { Rows, label } from "./rows.js";
import { t } from "./texts.js";

const AT_FIRST = matchMedia("(max-width: 40rem)").matches ? 15 : 40; // rows; a table of hundreds is no view

/** @param {Opening} opening @returns {View} */
export function openDevices({ known, choose, entitle }) {
  const { freshness } = known;
  const search = byId("search", HTMLInputElement);
  const vertical = byId("vertical", HTMLSelectElement);
  const rows = new Rows((device) => freshness.age(device), ({ name }) => known.address("device", { device: name }));
  let choices = new URLSearchParams();
  let connected = true;
  entitle(t("Devices"));
  search.addEventListener("input", () => choose({ search: search.value }, true));
  vertical.addEventListener("change", () => choose({ vertical: vertical.value }));
  byId("devices-all").addEventListener("click", () => choose({ all: "yes" }));

  const show = () => {
    const { devices } = known;
    const sizes = groupedBy(devices, (device) => device.vertical);
    /** @type {Option[]} */
    const verticals = [...sizes].map(([name, members]) => [name, `${known.groups.title(name)} (${count(members.length)})`]);
    verticals.sort(([, one], [, other]) => one.localeCompare(other));
    fillSelect(vertical, [["", t("All verticals ({count})", { count: count(devices.length) })], ...verticals]);
    vertical.value = choices.get("vertical") ?? "";
    const counts = freshness.counts(devices);
    const filter = choices.get("state");
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement && activeElement.dataset["state"];
    replace(byId("states"), EVERY_STATE.map((state) => element("button", {
      type: "button", title: STATES[state][1], "aria-pressed": String(filter === state), "data-state": state,
      onclick: () => choose({ state: filter === state ? null : state }),
    }, label(state, connected), element("b", {}, count(counts[state])))));
    const again = focused && byId("states").querySelector(`[data-state="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus();
    table(devices, filter);
  };
  /** @param {Device[]} devices @param {string | null} filter */
  const table = (devices, filter) => {
    const wanted = search.value.trim().toLowerCase();
    /** @type {[device: Device, state: State][]} */
    const withStates = devices.map((device) => [device, freshness.state(device)]);
    const found = withStates
      .filter(([device, state]) => (!filter || state === filter) && (!vertical.value || device.vertical === vertical.value))
      .filter(([device]) => `${device.title} ${device.name} ${device.site} ${device.type}`.toLowerCase().includes(wanted))
      .sort(([one, its], [other, others]) => WORST_FIRST.indexOf(its) - WORST_FIRST.indexOf(others)
        || one.name.localeCompare(other.name));
    const shown = choices.has("all") ? found : found.slice(0, AT_FIRST);
    rows.show(shown, connected);
    const facts = { shown: count(shown.length), found: count(found.length), all: count(devices.length) };
    byId("devices-more").textContent = !found.length ? t("No device matches.") : found.length === devices.length ? t("{shown} shown, {found} found", facts)
      : t("{shown} shown, {found} of {all} found", facts);
    byId("devices-all").hidden = shown.length === found.length;
    byId("devices-all").textContent = t("Show all {count}", { count: count(found.length) });
  };
  return {
    chosen(now) {
      choices = now;
      if (search.value !== (choices.get("search") ?? "")) search.value = choices.get("search") ?? "";
      show();
    },
    changed(topic) {
      if (topic === "devices") show();
    },
    tick(isConnected) {
      const before = connected;
      connected = isConnected;
      if (before !== connected || rows.some((device, state) => freshness.state(device) !== state)) show();
      rows.tick();
    },
  };
}
