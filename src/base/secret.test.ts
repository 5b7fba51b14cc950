// A secret in memory, printed in every way that a program prints things by accident.
import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { secretOf } from './secret.ts';

const PLANTED = 'canary-5bbf0e6d9a';
const secret = secretOf(PLANTED);
const around = { connection: { password: secret }, list: [secret], map: new Map([[secret, secret]]) };

const PRINTED: Record<string, () => string> = {
  template: () => `${secret}`,
  sum: () => `${secret}${String(secret)}`,
  join: () => [secret, secret].join(),
  String: () => String(secret),
  JSON: () => JSON.stringify(around),
  'JSON, indented': () => JSON.stringify({ ...around }, null, 2),
  inspect: () => inspect(around, { depth: null }),
  'inspect, with all that is hidden': () => inspect(around, { depth: null, showHidden: true, getters: true, showProxy: true }),
  'inspect, without our own word': () => inspect(around, { depth: null, showHidden: true, customInspect: false }),
  'console formats': () => format('%s %o %O %j %d', secret, secret, secret, secret, secret),
  'an error about it': () => inspect(new Error(`wrong: ${secret}`, { cause: around }), { depth: null, showHidden: true }),
  'its copy': () => inspect({ ...secret }, { depth: null, showHidden: true }) + JSON.stringify(Object.entries(secret)),
  'a failed clone': () => {
    try {
      return inspect(structuredClone(around));
    } catch (error) {
      return inspect(error);
    }
  },
  'a log line': () => {
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (text: string) => void lines.push(text) });
    log.error({ ...around, err: new Error('wrong', { cause: secret }), secret }, 'could not sign in with %s %o %j', secret, secret, secret);
    return lines.join('');
  },
};

describe('a secret', () => {
  it.each(Object.entries(PRINTED))('is not in what %s prints', (_, print) => {
    const printed = print();
    expect(printed).not.toBe('');
    for (const form of [
      PLANTED,
      Buffer.from(PLANTED).toString('hex'),
      Buffer.from(PLANTED).toString('base64'),
      Buffer.from(PLANTED).join(', '),
    ])
      expect(printed).not.toContain(form);
  });
  it('says that it is one', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual(['[secret]', '"[secret]"', '[secret]']);
  });
  it('comes out whole, and as a copy: what is done to that does not reach it, nor what is done to what it was made of', () => {
    const given = Buffer.from([0, 255, 128, 10]);
    const kept = secretOf(given);
    given.fill(7);
    kept.reveal().fill(9);
    expect([...kept.reveal()]).toEqual([0, 255, 128, 10]);
    expect(secretOf('pä$$').reveal().toString('utf8')).toBe('pä$$');
  });
  it('does not lie in memory that other buffers share', () => {
    expect(secret.reveal().buffer.byteLength).toBe(PLANTED.length);
  });
  it('cannot be given another word to say', () => {
    expect(Object.isFrozen(secret)).toBe(true);
  });
});
