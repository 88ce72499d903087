// One vertical of a city, or the city as a whole: every indicator, those that it cannot have with the reason, and its sites.

/** @import { Opening, View } from "./view" */

import { byId, element } from "./dom.js";
import { CITY } from "./groups.js";
import { SiteList } from "./site_list.js";
import { t } from "./texts.js";
import { Tiles, periodOf } from "./tiles.js";

/** @param {Opening} opening @returns {View} */
export function openVertical({ known, names, choose, entitle }) {
  const vertical = names["vertical"] === CITY ? null : names["vertical"] ?? null;
  const members = () => known.definitions.filter((kpi) => kpi.vertical === vertical);
  const tiles = new Tiles(known, choose);
  const list = new SiteList(known, choose);
  let choices = new URLSearchParams();
  entitle(vertical === null ? t("{city} as a whole", { city: known.city.title }) : known.groups.title(vertical));
  byId("sites-part").hidden = vertical === null;

  const showTiles = () => {
    if (!known.sees("kpis")) return;
    const values = known.kpis.all();
    const note = !members().length && element("p", { class: "quiet" }, t("No indicator is defined for it."));
    tiles.show(periodOf(choices, values), [{ title: "", members: members() }], values, note);
  };
  const showSites = () => {
    if (vertical !== null) list.show(known.sites.filter((site) => site.vertical === vertical), choices.has("all"));
  };
  return {
    chosen(now) {
      choices = now;
      showTiles();
      showSites();
    },
    changed(topic) {
      if (topic === "kpis") showTiles();
      if (topic === "devices") showSites();
    },
  };
}
