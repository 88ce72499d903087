// Messages that are taken once more: waits for the end, and says in one sentence what became of them.

/** @import { Replay } from "./types" */

import { get } from "./api.js";
import { count } from "./format.js";
import { t } from "./texts.js";

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
  const readings = [replay.stored && t("{count} stored", { count: count(replay.stored) }), replay.duplicate && t("{count} known already", { count: count(replay.duplicate) }),
    replay.conflict && t("{count} in conflict", { count: count(replay.conflict) }), replay.quarantined && t("{count} refused again", { count: count(replay.quarantined) })].filter(Boolean).join(", ");
  const messages = count(replay.messages);
  return [readings ? t("{messages} taken once more; readings: {readings}.", { messages, readings }) : t("{messages} taken once more.", { messages }),
    replay.unchanged && t("{count} would be refused for the same reasons and stay.", { count: count(replay.unchanged) }),
    replay.trouble && t("It ended early: {trouble}", { trouble: replay.trouble })].filter(Boolean).join(" ");
}
