// Civil days and years of a city's zone as instants (milliseconds since 1970 UTC).

const parts = new Map();

function wallClock(instant, zone) {
  if (!parts.has(zone)) {
    parts.set(zone, new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit",
      day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }));
  }
  const field = Object.fromEntries(parts.get(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(field.year, field.month - 1, field.day, field.hour, field.minute, field.second);
}

// The instant at which a wall clock in the zone shows the given UTC fields; where it never does, the one just after.
function instantOf(wall, zone) {
  const first = wall - (wallClock(wall, zone) - wall);
  return wall - (wallClock(first, zone) - first);
}

export function civilDate(instant, zone) {
  const wall = new Date(wallClock(instant, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() };
}

// [start, end) of the civil day `shift` days from the one that contains the instant.
export function dayRange(instant, shift, zone) {
  const { year, month, day } = civilDate(instant, zone);
  return [shift, shift + 1].map((days) => instantOf(Date.UTC(year, month, day + days), zone));
}

export const yearRange = (year, zone) => [year, year + 1].map((each) => instantOf(Date.UTC(each, 0, 1), zone));

// Starts of the civil days or months of a year.
export function startsOf(kind, year, zone) {
  const starts = [];
  for (let index = 0; ; index += 1) {
    const wall = kind === "month" ? Date.UTC(year, index, 1) : Date.UTC(year, 0, 1 + index);
    if (new Date(wall).getUTCFullYear() !== year) return starts;
    starts.push(instantOf(wall, zone));
  }
}
