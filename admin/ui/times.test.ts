import { describe, expect, it } from 'vitest';
import { apart, day, instant } from './times.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');

describe('times', () => {
  it('are told as people say them', () => {
    expect(
      ['2026-11-21T14:59:40Z', '2026-11-21T14:55:00Z', '2026-11-20T12:00:00Z', '2026-11-24T15:00:00Z'].map((at) => apart(at, NOW)),
    ).toEqual(['just now', '5 minutes ago', '27 hours ago', 'in 3 days']);
  });

  it('stand in the clinic’s zone, and a birth date in none', () => {
    expect(instant('2026-11-21T03:30:00Z', 'America/New_York')).toMatch(/^Nov 20, 2026, 10:30/);
    expect([day('1950-02-01'), day('1950-02')]).toEqual(['Feb 1, 1950', '1950-02']);
  });
});
