import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { classify, type Heard, type Reading } from './classify.ts';
import type { Sentinel } from './surface.ts';

const sentinels: Sentinel[] = [
  { name: 'login page', on: 'body', has: ['<form id="login"'], means: 'AUTH_EXPIRED', proves_not_applied: true },
  { name: 'to the login page', on: 'location', has: ['/login'], means: 'AUTH_EXPIRED', proves_not_applied: true },
  { name: 'bot wall', on: 'body', has: ['Block Automation', 'unusual traffic'], means: 'AUTOMATION_BLOCKED', proves_not_applied: true },
  { name: 'maintenance', on: 'body', has: ['under maintenance'], means: 'VENDOR_DOWN', proves_not_applied: false },
];
const reading: Reading<{ status: number; id: string; practice: string }> = {
  content_type: 'application/json',
  sentinels,
  parse(body) {
    try {
      return JSON.parse(body);
    } catch {
      return undefined;
    }
  },
  verdict: (value) => {
    const { status } = value as { status?: number };
    if (status === 103) return { trouble: 'RATE_LIMITED', proves_not_applied: true };
    return status === 1 || status === undefined ? undefined : { trouble: 'VALIDATION', proves_not_applied: true };
  },
  shape: z.object({ status: z.literal(1), id: z.string(), practice: z.string() }),
  isOurs: ({ practice }) => practice === 'JUNIPER',
};
const answered = (body: string, given: Partial<Extract<Heard, { is: 'answered' }>> = {}): Heard => ({
  ...{ is: 'answered', status: 200, content_type: 'application/json; charset=utf-8', body },
  ...given,
});
const good = '{"status":1,"id":"v9","practice":"JUNIPER"}';
const judge = (heard: Heard) => {
  const judged = classify(reading, heard);
  return judged.is === 'good' ? judged.value.id : `${judged.trouble}/${judged.applied}`;
};

describe('what an answer of a vendor means', () => {
  it.each<[string, Heard, string]>([
    ['a positive answer', answered(good), 'v9'],
    ['no byte left us', { is: 'not_sent' }, 'NETWORK/no'],
    ['no whole answer came', { is: 'cut' }, 'VENDOR_DOWN/unknown'],
    ['a login page with 200', answered('<html><FORM id="login">', { content_type: 'text/html' }), 'AUTH_EXPIRED/no'],
    ['a redirect to the login page', answered('', { status: 302, location: 'https://vendor.example/Login?x=1' }), 'AUTH_EXPIRED/no'],
    ['a redirect that nobody knows', answered('', { status: 302, location: '/news' }), 'CONTRACT_DRIFT/unknown'],
    ['a bot wall in plain text', answered('Block Automation', { content_type: 'text/plain' }), 'AUTOMATION_BLOCKED/no'],
    ['a maintenance page, which may have come after', answered('We are under maintenance', { status: 503 }), 'VENDOR_DOWN/unknown'],
    ['a broken vendor', answered('oops', { status: 500 }), 'VENDOR_DOWN/unknown'],
    ['a body that was cut short', answered(good.slice(0, 20)), 'VENDOR_DOWN/unknown'],
    ['slow down', answered('', { status: 429 }), 'RATE_LIMITED/no'],
    ['slow down, said with 200', answered('{"status":103}'), 'RATE_LIMITED/no'],
    ['a refusal, said with 200', answered('{"status":100}'), 'VALIDATION/no'],
    ['not for this role', answered('{}', { status: 403 }), 'FORBIDDEN_ROLE/no'],
    ['no such record', answered('{}', { status: 404 }), 'NOT_FOUND/no'],
    ['changed meanwhile', answered('{}', { status: 412 }), 'CONFLICT/no'],
    ['a page in place of JSON', answered('<html>welcome</html>', { content_type: 'text/html' }), 'CONTRACT_DRIFT/unknown'],
    ['another shape', answered('{"status":1,"id":9,"practice":"JUNIPER"}'), 'CONTRACT_DRIFT/unknown'],
    ['the answer of another practice', answered(good.replace('JUNIPER', 'CEDAR')), 'CONTRACT_DRIFT/unknown'],
  ])('%s', (_, heard, expected) => {
    expect(judge(heard)).toBe(expected);
  });
});
