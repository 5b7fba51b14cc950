// When a text may be sent: the quiet hours of everywhere the recipient may be, and how often one number may be written to (connectors.md §2.16).
// Asked at the sending, never at the drafting.
import { localInstant } from '../base/zone.ts';

interface Window {
  zone: string;
  /** Local hours of the day; the first is within, the last is not. */
  from: number;
  until: number;
}

/** 8:00–20:00 also holds in the states that end the day of a text at 20:00 (FL, OK, WA). */
const DAY = { from: 8, until: 20 };
/** 8:00–20:00 in every zone of the continental US at once. */
const ANYWHERE: readonly Window[] = [{ zone: 'America/New_York', from: 11, until: 20 }];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Windows come back every day; what has not come in three (a day of 25 hours among them) never does. */
const SEARCH_MS = 3 * DAY_MS;

/** The first instant, at or after `instant`, that lies between 8:00 and 20:00 (exclusive) local time in every one of `zones` (IANA); without zones: between
 *  11:00 and 20:00 in New York. Undefined where the zones, half a world apart, have no such hour in common.
 *  Throws RangeError for a zone that is none. Source: 47 CFR 64.1200(c)(1), narrowed. */
export function nextAllowed(instant: Date, zones: readonly string[]): Date | undefined {
  const windows = zones.length === 0 ? ANYWHERE : zones.map((zone) => ({ zone, ...DAY }));
  const last = instant.getTime() + SEARCH_MS;
  let at = instant.getTime();
  while (at <= last) {
    const next = Math.max(...windows.map((window) => openingOf(window, at)));
    if (next === at) return new Date(at);
    at = next;
  }
  return undefined;
}

/** `at` where it lies in the window, else when the window next opens. */
function openingOf({ zone, from, until }: Window, at: number): number {
  const local = localInstant(new Date(at), zone);
  const hour = Number(local.slice(11, 13));
  if (hour >= from && hour < until) return at;
  const day =
    hour < from ? local.slice(0, 10) : new Date(Date.parse(`${local.slice(0, 10)}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return instantOf(`${day}T${String(from).padStart(2, '0')}:00:00`, zone);
}

/** The instant at which clocks of the zone show this. No zone changes its offset at 8 or 11 in the morning, so there is exactly one. */
function instantOf(wall: string, zone: string): number {
  const target = Date.parse(`${wall}Z`);
  let at = target;
  // Once for the offset, once more where it changed in between.
  for (let turn = 0; turn < 2; turn += 1) at += target - Date.parse(`${localInstant(new Date(at), zone).slice(0, 19)}Z`);
  return at;
}

/** At most so many texts to one number, whoever wrote them and whatever about. Source: FCC 15-72 (2015), the healthcare exemption, taken for every text. */
const CAPS = [
  { cap: 'day', most: 1, within_ms: DAY_MS },
  { cap: 'week', most: 3, within_ms: 7 * DAY_MS },
] as const;

/** Whether a text may go to a number at `instant` after those of `sent_at` (in any order, those not delivered included), or which cap it would break and when
 *  none does any more. A day is any 24 hours and a week any seven of them, so no calendar can make two days of one. What lies after `instant` counts as well. */
export function capOf(instant: Date, sent_at: readonly Date[]): { allowed: true } | { allowed: false; cap: 'day' | 'week'; next_at: Date } {
  const broken = CAPS.flatMap(({ cap, most, within_ms }) => {
    const recent = sent_at.map((at) => at.getTime()).filter((at) => at > instant.getTime() - within_ms);
    const oldest = recent.sort((a, b) => b - a)[most - 1];
    return oldest === undefined ? [] : [{ cap, next: oldest + within_ms }];
  }).sort((a, b) => b.next - a.next)[0];
  return broken === undefined ? { allowed: true } : { allowed: false, cap: broken.cap, next_at: new Date(broken.next) };
}

/** The first instant, at or after `instant`, that both the caps and the window allow; undefined where the zones have no hour in common. */
export function nextSend(query: { instant: Date; zones: readonly string[]; sent_at: readonly Date[] }): Date | undefined {
  const cap = capOf(query.instant, query.sent_at);
  // Caps only ever loosen with time, so what the window adds breaks none.
  return nextAllowed(cap.allowed ? query.instant : cap.next_at, query.zones);
}
