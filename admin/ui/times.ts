/** Times as people of the clinic say them, in the clinic's zone. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const instant = (at: string, time_zone?: string) =>
  new Intl.DateTimeFormat('en-US', {
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...(time_zone && { timeZone: time_zone }),
  }).format(new Date(at));

/** An instant by the clinic's clock, with the day of the week: what people check a date against. */
export const minuteOf = (at: string, time_zone: string) =>
  new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: time_zone,
  }).format(new Date(at));

/** The time of an instant to the second. */
export const secondOf = (at: string, time_zone: string) =>
  new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZone: time_zone }).format(new Date(at));

/** The day of an instant in the clinic. */
export const dayAt = (at: string, time_zone: string) =>
  new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: time_zone }).format(new Date(at));

/** A date without time, as written: it has no zone. Partial dates (1950, 1950-02) stay as they are. */
export const day = (on: string) =>
  /^\d{4}-\d\d-\d\d/.test(on)
    ? new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' }).format(
        new Date(`${on.slice(0, 10)}T00:00:00Z`),
      )
    : on;

/** `5 minutes ago`, `in 3 days`. */
export function apart(at: string, now: number): string {
  const ms = new Date(at).getTime() - now;
  const size = Math.abs(ms);
  if (size < MINUTE) return ms <= 0 ? 'just now' : 'in less than a minute';
  const [unit, length]: [Intl.RelativeTimeFormatUnit, number] =
    size < HOUR ? ['minute', MINUTE] : size < 2 * DAY ? ['hour', HOUR] : ['day', DAY];
  return new Intl.RelativeTimeFormat('en-US').format(Math.trunc(ms / length), unit);
}

export const hoursUntil = (at: string, now: number) => (new Date(at).getTime() - now) / HOUR;
