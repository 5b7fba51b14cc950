import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localInstant } from '../base/zone.ts';
import { zonesOf, zonesOfAddress, zonesOfPhone } from './area-codes.ts';
import { capOf, nextAllowed, nextSend } from './send-window.ts';

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const PACIFIC = 'America/Los_Angeles';
const next = (at: string, ...zones: string[]) => nextAllowed(new Date(at), zones)?.toISOString();

describe('quiet hours', () => {
  it.each<[string, string[], string]>([
    ['2026-11-20T17:00:00Z', [EASTERN], '2026-11-20T17:00:00.000Z'],
    ['2026-11-20T12:59:59Z', [EASTERN], '2026-11-20T13:00:00.000Z'],
    ['2026-11-21T00:59:59Z', [EASTERN], '2026-11-21T00:59:59.000Z'],
    ['2026-11-21T01:00:00Z', [EASTERN], '2026-11-21T13:00:00.000Z'],
    // Both at once: 8:00 in Los Angeles, until 20:00 in New York.
    ['2026-11-20T13:00:00Z', [EASTERN, PACIFIC], '2026-11-20T16:00:00.000Z'],
    ['2026-11-21T01:00:00Z', [EASTERN, PACIFIC], '2026-11-21T16:00:00.000Z'],
    // Nobody knows where: 11:00 in New York.
    ['2026-11-20T13:00:00Z', [], '2026-11-20T16:00:00.000Z'],
    ['2026-11-21T01:00:00Z', [], '2026-11-21T16:00:00.000Z'],
    // Over the nights on which the clocks change (2026-03-08 and 2026-11-01).
    ['2026-03-08T02:00:00Z', [EASTERN], '2026-03-08T12:00:00.000Z'],
    ['2026-03-07T02:00:00Z', [EASTERN], '2026-03-07T13:00:00.000Z'],
    ['2026-11-01T02:00:00Z', [EASTERN], '2026-11-01T13:00:00.000Z'],
    ['2026-10-31T02:00:00Z', [EASTERN], '2026-10-31T12:00:00.000Z'],
    // Arizona does not change.
    ['2026-07-01T14:00:00Z', ['America/Phoenix'], '2026-07-01T15:00:00.000Z'],
    ['2026-11-20T20:00:00Z', ['Pacific/Honolulu', EASTERN], '2026-11-20T20:00:00.000Z'],
    ['2026-11-20T12:00:00Z', ['Pacific/Guam', EASTERN], '2026-11-20T22:00:00.000Z'],
    ['2026-11-20T00:00:00Z', ['America/St_Johns'], '2026-11-20T11:30:00.000Z'],
  ])('%s in %j: %s', (at, zones, expected) => {
    expect(next(at, ...zones)).toBe(expected);
  });

  it('that have no hour in common never end', () => {
    expect(next('2026-11-20T12:00:00Z', 'Asia/Bangkok', EASTERN)).toBeUndefined();
  });

  it('are over everywhere at the instant found, which is the first', () => {
    const zones = fc.uniqueArray(
      fc.constantFrom(EASTERN, CENTRAL, PACIFIC, 'America/Phoenix', 'Pacific/Honolulu', 'America/Anchorage', 'America/Puerto_Rico'),
      { minLength: 1 },
    );
    const minute = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z') / 60_000, max: Date.parse('2027-12-31T00:00:00Z') / 60_000 });
    const isOpen = (at: number, all: readonly string[]) => all.every((zone) => /T(0[89]|1\d):/.test(localInstant(new Date(at), zone)));
    fc.assert(
      fc.property(minute, zones, (minutes, all) => {
        const from = minutes * 60_000;
        const found = nextAllowed(new Date(from), all)?.getTime() as number;
        expect(found >= from && isOpen(found, all)).toBe(true);
        if (found > from) expect(isOpen(found - 60_000, all)).toBe(false);
        for (let at = from; at < found; at += 15 * 60_000) expect(isOpen(at, all)).toBe(false);
        expect(nextAllowed(new Date(found), all)?.getTime()).toBe(found);
      }),
      { seed: 6, numRuns: 60 },
    );
  });
});

describe('one number gets', () => {
  const at = (text: string) => new Date(`2026-11-${text}:00Z`);
  it.each<[string, string[], string, string]>([
    ['20T15:00', [], 'allowed', ''],
    ['20T15:00', ['20T14:00'], 'day', '21T14:00'],
    ['20T15:00', ['19T15:00'], 'allowed', ''],
    ['20T15:00', ['19T15:01'], 'day', '20T15:01'],
    ['20T15:00', ['14T15:00', '16T15:00', '18T15:00'], 'week', '21T15:00'],
    ['20T15:00', ['18T15:00', '14T15:00', '16T15:00', '10T15:00'], 'week', '21T15:00'],
    ['20T15:00', ['13T15:00', '16T15:00', '18T15:00'], 'allowed', ''],
    ['20T15:00', ['16T15:00', '18T15:00', '20T10:00'], 'week', '23T15:00'],
    ['20T15:00', ['22T15:00'], 'day', '23T15:00'],
  ])('at %s after %j: %s', (instant, sent, expected, until) => {
    const found = capOf(at(instant), sent.map(at));
    expect(found.allowed ? 'allowed' : found.cap).toBe(expected);
    if (!found.allowed) expect(found.next_at).toEqual(at(until));
  });

  it('at most one text in any day and three in any week, when each goes as soon as it may', () => {
    const start = Date.parse('2026-10-20T00:00:00Z');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 * 24 * 5 }), { maxLength: 12 }), (gaps) => {
        const sent: Date[] = [];
        let now = start;
        for (const gap of gaps) {
          now += gap * 60_000;
          const send = nextSend({ instant: new Date(now), zones: [EASTERN], sent_at: sent }) as Date;
          sent.push(send);
          now = send.getTime();
        }
        const times = sent.map((it) => it.getTime());
        const within = (from: number, ms: number) => times.filter((time) => time >= from && time < from + ms).length;
        for (const time of times) {
          expect(within(time, 86_400_000)).toBeLessThanOrEqual(1);
          expect(within(time, 7 * 86_400_000)).toBeLessThanOrEqual(3);
        }
      }),
      { seed: 6, numRuns: 60 },
    );
  });
});

describe('the zones of', () => {
  it.each<[string, readonly string[]]>([
    ['+12125550148', [EASTERN]],
    ['(312) 555-0148', [CENTRAL]],
    ['+18505550148', [EASTERN, CENTRAL]],
    ['+16055550148', [CENTRAL, 'America/Denver']],
    ['+16025550148', ['America/Phoenix']],
    ['+19075550148', ['America/Anchorage', 'America/Adak']],
    ['+18085550148', ['Pacific/Honolulu']],
    ['+17875550148', ['America/Puerto_Rico']],
    ['+18005550148', []],
    ['+442071838750', []],
    ['nonsense', []],
  ])('the number %s', (phone, zones) => {
    expect(zonesOfPhone(phone)).toEqual(zones);
  });

  it('an address', () => {
    expect(zonesOfAddress({ state: 'NY', postal_code: '10001' })).toEqual([EASTERN]);
    expect(zonesOfAddress({ state: 'fl', postal_code: '33101' })).toEqual([EASTERN]);
    expect(zonesOfAddress({ state: 'FL', postal_code: '32501' })).toEqual([CENTRAL]);
    expect(zonesOfAddress({ state: 'FL', postal_code: '32456' })).toEqual([EASTERN, CENTRAL]);
    expect(zonesOfAddress({ state: 'FL' })).toEqual([EASTERN, CENTRAL]);
    expect(zonesOfAddress({ state: 'TX', postal_code: '79901-1234' })).toEqual(['America/Denver']);
    expect(zonesOfAddress({ state: 'IN', postal_code: '46201' })).toEqual([EASTERN, CENTRAL]);
    expect(zonesOfAddress({ state: 'XX' })).toEqual([]);
    expect(zonesOfAddress({})).toEqual([]);
  });

  it('both are all of them, each once', () => {
    expect(zonesOf({ phone: '+12125550148', state: 'CA', postal_code: '90001' })).toEqual([EASTERN, PACIFIC]);
    expect(zonesOf({ phone: '+12125550148', state: 'NJ' })).toEqual([EASTERN]);
    expect(zonesOf({ phone: '+18005550148' })).toEqual([]);
  });
});
