// Messages that are taken once more: waits for the end, and says in one sentence what became of them.

/** @import { Replay } from "./types" */

import { get } from "./api.js";
import { count } from "./format.js";

const PATIENCE = 1_000; // milliseconds between two looks at a replay

/** @param {Replay} replay */
export async function finished(replay) {
  let found = replay;
  while (found.finished_at === null) {
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
    found = await get(`/quarantine/replays/${found.replay_id}`);
  }
  return found;
}

/** @param {Replay} replay */
export function became(replay) {
  const readings = [[replay.stored, "stored"], [replay.duplicate, "known already"], [replay.conflict, "in conflict"],
    [replay.quarantined, "refused again"]].filter(([number]) => number).map(([number, label]) => `${count(Number(number))} ${label}`);
  const unchanged = replay.unchanged ? ` ${count(replay.unchanged)} would be refused for the same reasons and stay.` : "";
  const told = `${count(replay.messages)} taken once more${readings.length ? `; readings: ${readings.join(", ")}` : ""}.${unchanged}`;
  return replay.trouble ? `${told} It ended early: ${replay.trouble}` : told;
}
