import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { verifies } from '../../test/promises.ts';
import { clear, phi } from '../domains/mark.ts';
import { keyed, redact } from './redact.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const input = z.object({
  patient_id: phi('patient_id', z.string()),
  query: phi('query', z.string()).optional(),
  remark: z.string().optional(),
  since: clear(z.string().regex(/^\d{4}-\d\d-\d\d$/)).optional(),
  modality: z.enum(['in_person', 'telehealth']).optional(),
  limit: z.number().int().default(20),
  active_only: z.boolean().default(true),
  date_range: z.object({ from: clear(z.string().max(10)), to: clear(z.string().max(10)) }).optional(),
});

verifies('audit:no-phi-in-clear', () => {
  const kept = redact(
    input,
    {
      patient_id: 'ada-okafor',
      query: 'Ada Okafor 1950-02-01',
      remark: 'she said no',
      since: '2026-01-02',
      modality: 'telehealth',
      limit: 5,
      active_only: false,
    },
    key,
  );
  expect(kept).toMatchObject({ since: '2026-01-02', modality: 'telehealth', limit: 5, active_only: false });
  expect(JSON.stringify(kept)).not.toMatch(/ada|okafor|1950|said/i);
  expect(kept.patient_id).toMatch(/^h2:[0-9a-f]{32}$/);
});

describe('redact keeps what tells of nobody and hashes the rest', () => {
  it('hashes one person alike, however the id was spelled', () => {
    expect(keyed(key, 'patient_id', ' ABC  def ')).toBe(keyed(key, 'patient_id', 'abc def'));
    expect(keyed(key, 'patient_id', 'Zoë'.normalize('NFD'))).toBe(keyed(key, 'patient_id', 'Zoë'.normalize('NFC')));
  });
  it('hashes differently for another clinic and for another kind of field', () => {
    expect(keyed(createSecretKey(Buffer.alloc(32, 8)), 'patient_id', 'a')).not.toBe(keyed(key, 'patient_id', 'a'));
    expect(keyed(key, 'query', 'a')).not.toBe(keyed(key, 'patient_id', 'a'));
  });
  it('hashes a clear field whose value does not fit it', () => {
    expect(redact(input, { since: 'Ada Okafor', modality: 'Ada Okafor' }, key)).toEqual({
      since: keyed(key, 'since', 'Ada Okafor'),
      modality: keyed(key, 'modality', 'Ada Okafor'),
    });
  });
  it('keeps neither the names nor the values of arguments that do not exist', () => {
    expect(redact(input, { 'Ada Okafor': 1, ssn: '123' }, key)).toEqual({ unknown_fields: 2 });
    expect(redact(undefined, { anything: 1 }, key)).toEqual({ unknown_fields: 1 });
  });
  it('answers small JSON that PostgreSQL takes, whatever came in', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withDate: false }),
        fc.record({ patient_id: fc.anything(), query: fc.string({ unit: 'binary' }), date_range: fc.anything(), limit: fc.anything() }),
        (any, fields) => {
          for (const odd of [any, fields]) {
            const text = JSON.stringify(redact(input, odd, key));
            expect(text.length).toBeLessThan(2000);
            expect(text).not.toContain('\\u0000');
            expect(text).not.toMatch(/\\ud[89a-f]/i);
          }
        },
      ),
    );
  });
});
