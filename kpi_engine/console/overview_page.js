// The city at a glance: what is live, why it is alarmed, and the indicators that say most, with the way to all of them.

/** @import { Alarm } from "./types" */
/** @import { Opening, View } from "./view" */

import { byId, element, loading, replace } from "./dom.js";
import { STATES, age, count } from "./format.js";
import { EVERY_STATE, headline } from "./freshness.js";
import { CITY } from "./groups.js";
import { link } from "./router.js";
import { label } from "./rows.js";
import { showTargets } from "./targets.js";
import { telling } from "./telling.js";
import { Tiles, periodOf } from "./tiles.js";
import { MOST_URGENT_FIRST, SEVERITIES, alarmAddress } from "./alarms.js";
import { t, tn } from "./texts.js";

const TELLING = 3; // indicators of each vertical

/** @param {Opening} opening @returns {View} */
export function openOverview({ known, choose, entitle }) {
  const tiles = new Tiles(known, choose);
  let choices = new URLSearchParams();
  let connected = true;
  let counted = "";
  const isCounting = known.sees("devices");
  byId("headline").dataset["live"] = "yes";
  entitle(t("Overview"));

  const showStates = () => {
    const counts = known.freshness.counts(known.devices);
    const now = JSON.stringify([counts, connected]);
    if (now === counted) return;
    counted = now;
    byId("headline").textContent = isCounting || !connected ? headline(counts, connected) : known.city.title;
    if (!isCounting) return;
    replace(byId("shares"), EVERY_STATE.filter((state) => counts[state]).map((state) => {
      const bar = element("span", { class: `fill-${state}` });
      bar.style.flexGrow = String(counts[state]);
      return bar;
    }));
    replace(byId("states"), EVERY_STATE.map((state) => element("a", { href: known.address("devices", {}, { state }),
      title: STATES[state][1] }, label(state, connected), " ", element("b", {}, count(counts[state])))));
  };
  const showTiles = () => {
    const values = known.kpis.all();
    const period = periodOf(choices, values);
    const groups = known.groups.of(known.definitions);
    const present = groups.filter(([, members]) => members.some(({ missing }) => !missing));
    const absent = groups.filter((group) => !present.includes(group)).map(([title]) => title);
    tiles.show(period, present.map(([title, members]) => {
      const vertical = members[0]?.vertical ?? CITY;
      const every = link(known.address("vertical", { vertical }, { period: choices.get("period") }),
        t("All of {title} ({count})", { title, count: count(members.filter(({ missing }) => !missing).length) }));
      const shown = telling(members, values.filter((value) => value.period === period), TELLING);
      return { title, members: shown, rest: every };
    }), values, absent.length > 0 && element("p", { class: "quiet" }, t("Nothing in this city is counted for {titles}.", { titles: absent.join(", ") })));
  };
  const showCauses = () => {
    if (!known.alarms.isTold) {
      replace(byId("causes"), element("li", {}, loading()));
      return;
    }
    const causes = byCause(known.alarms.all().filter(({ shelved_until }) => !shelved_until));
    const [more, now] = [known.address("alarms"), known.live.now()];
    /** @param {Alarm} alarm */
    const since = ({ raised_at }) => age((now - new Date(raised_at).getTime()) / 1000);
    replace(byId("causes"), causes.length ? causes.map(({ rule, alarms: [first, ...others], unseen }) => element("li", { "data-severity": first.severity },
      element("span", { class: "severity" }, SEVERITIES[first.severity]),
      element("span", {}, others.length ? link(known.address("alarms", {}, { rule }), tn(others.length + 1, "{title}: {count} alarm", "{title}: {count} alarms", { title: first.title }))
        : link(alarmAddress(known, first), first.members ? tn(first.members, "{title}: {count} device", "{title}: {count} devices", { title: first.title }) : `${first.title}: ${first.device_title}`),
      element("span", { class: "quiet" }, ` ${others.length ? t("the first for {age}", { age: since(first) }) : t("for {age}", { age: since(first) })}`)),
      element("span", { class: "quiet" }, unseen ? t("{count} not acknowledged", { count: count(unseen) }) : t("acknowledged"))))
      : element("li", { class: "quiet" }, `${t("No alarm is open.")} `, link(`${more}?which=cleared`, t("Alarms of the past"))));
  };

  return {
    chosen(now) {
      choices = now;
      showStates();
      if (known.sees("kpis")) showTiles();
      if (known.sees("alarms")) showCauses();
      if (known.sees("kpis")) showTargets(known.city).catch(() => null); // the alarm speaks for the connection
    },
    changed(topic) {
      if (topic === "devices") showStates();
      if (topic === "kpis" && known.sees("kpis")) showTiles();
      if (topic === "alarms") showCauses();
    },
    tick(isConnected) {
      connected = isConnected;
      showStates();
    },
  };
}

/**
 * Alarms by what raised them, the most urgent first; of each cause the oldest first.
 * @param {Alarm[]} alarms
 */
function byCause(alarms) {
  const ordered = alarms.toSorted((one, other) => one.raised_at.localeCompare(other.raised_at));
  /** @type {Map<string, { rule: string, alarms: [Alarm, ...Alarm[]], unseen: number }>} */
  const causes = new Map();
  for (const alarm of ordered) {
    const cause = causes.get(alarm.rule);
    if (cause) cause.alarms.push(alarm);
    else causes.set(alarm.rule, { rule: alarm.rule, alarms: [alarm], unseen: 0 });
  }
  for (const cause of causes.values()) cause.unseen = cause.alarms.filter(({ acknowledged_at }) => !acknowledged_at).length;
  return [...causes.values()].sort((one, other) =>
    MOST_URGENT_FIRST.indexOf(one.alarms[0].severity) - MOST_URGENT_FIRST.indexOf(other.alarms[0].severity) || other.alarms.length - one.alarms.length);
}
