// Every site of a city, found by vertical or name.

/** @import { Option } from "./dom.js" */
/** @import { Opening, View } from "./view" */

import { byId, element, fillSelect, replace } from "./dom.js";
import { count } from "./format.js";
import { groupedBy } from "./grouped.js";
import { SiteList } from "./site_list.js";
import { t } from "./texts.js";

/** @param {Opening} opening @returns {View} */
export function openSites({ known, choose, entitle }) {
  const list = new SiteList(known, choose);
  const search = byId("search", HTMLInputElement);
  const vertical = byId("vertical", HTMLSelectElement);
  let isWhole = false;
  entitle(t("Sites"));
  search.addEventListener("input", () => choose({ search: search.value }, true));
  vertical.addEventListener("change", () => choose({ vertical: vertical.value }));

  const show = () => {
    const sizes = groupedBy(known.sites, (site) => site.vertical);
    /** @type {Option[]} */
    const options = [...sizes].map(([name, sites]) => [name, `${known.groups.title(name)} (${count(sites.length)})`]);
    fillSelect(vertical, [["", t("All verticals ({count})", { count: count(known.sites.length) })], ...options]);
    const wanted = search.value.trim().toLowerCase();
    const found = known.sites.filter((site) => (!vertical.value || site.vertical === vertical.value)
      && `${site.title} ${site.name}`.toLowerCase().includes(wanted));
    list.show(found, isWhole);
    if (!found.length) replace(byId("sites-more"), element("span", { class: "quiet" }, t("No site matches.")));
  };
  return {
    chosen(choices) {
      isWhole = choices.has("all");
      if (search.value !== (choices.get("search") ?? "")) search.value = choices.get("search") ?? "";
      show();
      vertical.value = choices.get("vertical") ?? "";
      show();
    },
    changed(topic) {
      if (topic === "devices") show();
    },
  };
}
