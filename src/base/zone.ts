/** Calendar arithmetic of a clinic's own time zone (IANA name). */

const formats = new Map<string, Intl.DateTimeFormat>();

/** The last second asked for, by zone: the calls of one second ask for the same one, and Intl is slow. */
const last = new Map<string, { second: number; parts: Record<string, string> }>();

function partsOf(at: Date, time_zone: string): Record<string, string> {
  const second = Math.floor(at.getTime() / 1000);
  const known = last.get(time_zone);
  if (known?.second === second) return known.parts;
  const parts = format(at, time_zone);
  last.set(time_zone, { second, parts });
  return parts;
}

function format(at: Date, time_zone: string): Record<string, string> {
  let writer = formats.get(time_zone);
  if (!writer) {
    writer = new Intl.DateTimeFormat('en-CA', {
      timeZone: time_zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formats.set(time_zone, writer);
  }
  return Object.fromEntries(writer.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The clinic's calendar day at an instant, YYYY-MM-DD. */
export function localDay(at: Date, time_zone: string): string {
  const { year, month, day } = partsOf(at, time_zone);
  return `${year}-${month}-${day}`;
}

/** An instant as RFC 3339 with the clinic's offset, to the second: 2026-11-20T09:05:00-05:00. */
export function localInstant(at: Date, time_zone: string): string {
  const { year, month, day, hour, minute, second, timeZoneName } = partsOf(at, time_zone);
  const offset = (timeZoneName ?? 'GMT').slice(3) || '+00:00';
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}
