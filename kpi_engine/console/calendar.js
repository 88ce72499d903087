// Civil days and years of a city's zone as instants (milliseconds since 1970 UTC).

/** @type {Map<string, Intl.DateTimeFormat>} the format of each zone; making one takes long */
const formats = new Map();

/** @param {number} instant @param {string} zone */
function wallClock(instant, zone) {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric",
    month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  /** @param {Intl.DateTimeFormatPartTypes} type */
  const field = (type) => parts.get(type) ?? NaN;
  return Date.UTC(field("year"), field("month") - 1, field("day"), field("hour"), field("minute"), field("second"));
}

/**
 * The instant at which a wall clock in the zone shows the given UTC fields; where it never does, the one just after.
 * @param {number} wall
 * @param {string} zone
 */
function instantOf(wall, zone) {
  const first = wall - (wallClock(wall, zone) - wall);
  return wall - (wallClock(first, zone) - first);
}

/** @param {number} instant @param {string} zone */
export function civilDate(instant, zone) {
  const wall = new Date(wallClock(instant, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() };
}

/** @param {number} instant @param {string} zone */
export function timeOfDay(instant, zone) {
  const wall = new Date(wallClock(instant, zone));
  return { hour: wall.getUTCHours(), minute: wall.getUTCMinutes() };
}

const DAY = 86_400_000;

/**
 * The civil day `shift` days from the one that contains the instant, as 2026-11-03.
 * @param {number} instant
 * @param {number} shift
 * @param {string} zone
 */
export function dayName(instant, shift, zone) {
  const { year, month, day } = civilDate(instant, zone);
  return new Date(Date.UTC(year, month, day + shift)).toISOString().slice(0, 10);
}

/** Whether it is a day as 2026-11-03. @param {string | null} name @returns {name is string} */
export const isDay = (name) => name !== null && /^\d{4}-\d\d-\d\d$/.test(name) && !Number.isNaN(Date.parse(`${name}T00:00:00Z`));

/** @param {string} name of a civil day @param {number} days */
export const daysLater = (name, days) => new Date(Date.parse(`${name}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/**
 * [start, end) of a civil day such as 2026-11-03.
 * @param {string} name
 * @param {string} zone
 * @returns {[start: number, end: number]}
 */
export function dayRange(name, zone) {
  const wall = Date.parse(`${name}T00:00:00Z`);
  return [instantOf(wall, zone), instantOf(wall + DAY, zone)];
}

/** @param {number} year @param {string} zone @returns {[start: number, end: number]} */
export const yearRange = (year, zone) => [instantOf(Date.UTC(year, 0, 1), zone), instantOf(Date.UTC(year + 1, 0, 1), zone)];

/**
 * Starts of the civil days or months of a year.
 * @param {"day" | "month"} kind
 * @param {number} year
 * @param {string} zone
 */
export function startsOf(kind, year, zone) {
  const starts = [];
  for (let index = 0; ; index += 1) {
    const wall = kind === "month" ? Date.UTC(year, index, 1) : Date.UTC(year, 0, 1 + index);
    if (new Date(wall).getUTCFullYear() !== year) return starts;
    starts.push(instantOf(wall, zone));
  }
}
