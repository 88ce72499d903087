// Starts the console: a session, what it may see, and the page of the address.

import { get } from "./api.js";
import { Console } from "./console.js";
import { byId, element, replace } from "./dom.js";
import { Groups } from "./groups.js";
import { logIn, logOut } from "./login.js";
import { languageAndUnits, languages } from "./settings.js";
import { t, told, translateDocument } from "./texts.js";

const AGAIN = 10_000; // milliseconds between two looks whether a city was registered

translateDocument();
replace(byId("login-language"), languages());
replace(byId("settings"), languageAndUnits());
const found = await logIn();
byId("account").textContent = `${found.name} (${told(found.role)})`;
byId("log-out").addEventListener("click", logOut);
const [cities, verticals] = await Promise.all([get("/cities"), get("/verticals")]);
if (cities.items.length) {
  new Console(found, cities.items, new Groups(verticals.items)).open();
} else {
  byId("console").hidden = false;
  replace(byId("content"), element("h1", {}, t("No city is registered that this token may see.")));
  setInterval(async () => { if ((await get("/cities").catch(() => cities)).items.length) location.reload(); }, AGAIN);
}
