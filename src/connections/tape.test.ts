import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { MUTATIONS } from '../../test/simulator/drift-mutations.ts';
import { SURFACES } from '../../test/simulator/drift-surfaces.ts';
import { chanceOf } from '../../test/simulator/world.ts';
import { worstOf } from './differences.ts';
import { NO_VOCABULARY } from './field-words.ts';
import { judge } from './judge.ts';
import { scrubberOf } from './scrub.ts';
import { type Exchange, scrubbed, type Tape, tapeText } from './tape.ts';
import { classOf } from './value-class.ts';

const KEY = Buffer.alloc(32, 7);
const START = { path: '$', depth: 0 };
const other = (text: string): string => scrubberOf(KEY, NO_VOCABULARY).text(text, START);
const answered = (type: string, body: string | Uint8Array): Exchange => ({
  method: 'GET',
  url: 'https://emr.test/patients/123456',
  request_headers: [['authorization', 'Bearer x']],
  request_body: null,
  status: 200,
  response_headers: [['content-type', type]],
  response_body: Buffer.from(body),
});
const tapeOf = (type: string, body: string | Uint8Array): Tape => scrubbed(answered(type, body), { key: KEY, vocabulary: NO_VOCABULARY });

describe('a pseudonym', () => {
  it.each(
    [
      '0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11',
      '2026-03-04T10:00:00Z',
      '2026-03-04T10:00:00.123-05:00',
      '1950-02-01',
      '2/1/1950',
      '1950-02',
      '10:45',
      '00012345',
    ].concat(
      [
        '7.35',
        '-4',
        '+12125550100',
        '(212) 555-0100',
        'ada.okafor@clinic.test',
        'https://emr.test/x?y=1',
        'urn:oid:2.16.840',
        'Patient/12345',
        'ab12cd34ef',
        'MRN12345A',
      ],
      ['2345-7', 'Okafor', 'O’Brien', 'seen today, fasting', 'Glycohemoglobin', 'GLUCOSE'],
    ),
  )('is of the class of %s, and another text', (text) => {
    expect(classOf(other(text))).toBe(classOf(text));
    expect(other(text)).not.toBe(text);
    expect(other(text)).toBe(other(text));
    if (!/@|:\/\//.test(text) && !['instant', 'us_date'].includes(classOf(text))) expect(other(text)).toHaveLength(text.length);
  });

  it('of a day is a day', () => {
    for (let n = 0; n < 500; n += 1) {
      const day = other(`19${String(n % 90).padStart(2, '0')}-0${1 + (n % 9)}-1${n % 10}`);
      expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
    }
  });

  it('is the same wherever the value stands: in a field, a text, an address, a key, base64, however a number is written', () => {
    const body = JSON.stringify({
      Okafor: 1,
      name: 'Okafor',
      note: 'Seen: Okafor, (212) 555-0100',
      phone: '2125550100',
      url: '/p/Okafor?q=Okafor',
    });
    const tape = JSON.parse(tapeText(tapeOf('application/json', body))) as { response: { body: string } };
    const { name, note, phone, url } = JSON.parse(tape.response.body) as Record<string, string>;
    expect(note).toContain(name);
    expect((note as string).replaceAll(/\D/g, '')).toBe(phone);
    expect(url).toContain(name);
    expect(other('Okafor')).toBe(name);
    expect(Buffer.from(other(Buffer.from('family name: Okafor').toString('base64')), 'base64').toString()).toContain(name);
  });

  it('depends on the key, and for one or two letters on the place: a row of letters is no cipher', () => {
    expect(scrubberOf(Buffer.alloc(32, 8), NO_VOCABULARY).text('Okafor', START)).not.toBe(other('Okafor'));
    const letters = other('a a a a a a a a a a a a').split(' ');
    expect(new Set(letters).size).toBeGreaterThan(3);
  });
});

describe('a tape', () => {
  verifies('wires:tapes-only-scrubbed', () => {
    const tape = tapeOf('application/json', '{"name":"Okafor"}');
    expect(tapeText(tape)).not.toContain('Okafor');
    expect(() => tapeText({ ...tape })).toThrow('Only a tape that was scrubbed here can be written');
    expect(() => tapeText(answered('text/plain', 'Okafor') as unknown as Tape)).toThrow('hand the exchange to scrubbed() first');
    expect(() => Object.assign(tape, { url: 'Okafor' })).toThrow(TypeError);
    expect(() => Object.assign(tape.response, { body: 'Okafor' })).toThrow(TypeError);
    expect(() => (tape.response.headers as unknown as string[]).push('Okafor')).toThrow(TypeError);
  });

  it.each([
    ['application/json', '{"name":'],
    ['text/xml', '<a><b></a>'],
    ['application/pdf', '%PDF'],
    ['text/plain', Buffer.from('Okafor', 'utf16le')],
    ['image/okafor', 'x'],
    ['multipart/form-data', 'x'],
  ])('of a body that nobody can read holds its type and its length: %s', (type, body) => {
    expect(tapeOf(type, body).response.body).toMatch(/^\[dropped [a-z/-]+, \d+ long\]$/);
  });

  it('is judged by the contract as what it was made of', () => {
    for (const { name, expected, url, page } of Object.values(SURFACES)) {
      const scrub = (body: string) =>
        scrubbed(answered(expected.of === 'html' ? 'text/html' : 'application/json', body), { key: KEY, vocabulary: expected.vocabulary })
          .response.body ?? '';
      const worst = (body: string) => worstOf(judge(body, expected, { url }).differences.filter(({ kind }) => kind !== 'added'));
      for (let seed = 0; seed < 25; seed += 1) expect([seed, worst(scrub(page(chanceOf(seed))))]).toEqual([seed, 'none']);
      for (const { change, outcome, name: mutation } of MUTATIONS.filter((each) => each.surface === name && each.outcome === 'break')) {
        const body = change(page(chanceOf(4)), chanceOf(4));
        if (body !== '' && worst(body) === outcome) expect([mutation, worst(scrub(body))]).toEqual([mutation, 'break']);
      }
    }
  });

  it('is made of anything at all without throwing, in time that grows with its length', () => {
    const types = fc.constantFrom(
      'application/json',
      'text/html',
      'text/xml',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=a',
      'x',
    );
    fc.assert(
      fc.property(
        types,
        fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.string({ unit: 'binary' }), fc.json()),
        fc.webUrl(),
        (type, body, url) => {
          tapeText(scrubbed({ ...answered(type, body), url, request_body: Buffer.from(body) }, { key: KEY, vocabulary: NO_VOCABULARY }));
        },
      ),
      { seed: 3, numRuns: 250 },
    );
    for (const piece of ['a.', 'a@', '%4', '1 ', 'eyJ', 'aA', '<a ', '{"a":', 'urn:a:', '((('])
      tapeText(tapeOf('text/plain', piece.repeat(5000)));
  });
});
