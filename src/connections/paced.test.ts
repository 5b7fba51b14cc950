import { describe, expect, it } from 'vitest';
import type { Told } from '../outbound/account.ts';
import { saidOf, UNHEARD } from './paced.ts';

const url = new URL('http://127.0.0.1/visits');
const came = (more: { status?: number; date?: string | string[] } = {}): Told => ({
  ...{ sent: true, cut: null, status: more.status ?? 200, headers: { date: more.date }, body: Buffer.alloc(0), url },
});

describe('what an answer says of our pace', () => {
  it('is that there were too many where it says 429, or where its page does', () => {
    expect(saidOf(came({ status: 429 })).said).toBe('too_many');
    expect(saidOf({ ...came(), sent: true, cut: 'too_slow', status: 429, headers: {}, body: Buffer.alloc(0) }).said).toBe('too_many');
    expect(saidOf(came(), 'RATE_LIMITED').said).toBe('too_many');
    expect(saidOf(came(), 'VALIDATION').said).toBe('answered');
  });

  it('is nothing where nothing was sent, or nothing came back', () => {
    expect(saidOf({ sent: false, why: 'no_time', url }, 'NETWORK')).toEqual(UNHEARD);
    expect(saidOf({ sent: true, cut: 'no_answer', status: null, headers: {}, body: Buffer.alloc(0), url }, 'RATE_LIMITED')).toEqual(
      UNHEARD,
    );
  });

  it('is dated by its own header, where that is a date', () => {
    expect(saidOf(came({ date: 'Fri, 20 Nov 2026 14:00:07 GMT' })).date_ms).toBe(Date.UTC(2026, 10, 20, 14, 0, 7));
    expect(saidOf(came({ date: ['Fri, 20 Nov 2026 14:00:07 GMT', 'other'] })).date_ms).toBe(Date.UTC(2026, 10, 20, 14, 0, 7));
    for (const date of ['', 'yesterday', '99 Nov 99']) expect(saidOf(came({ date })).date_ms, date).toBeNull();
    expect(saidOf(came()).date_ms).toBeNull();
  });
});
