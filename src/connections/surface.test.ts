import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { type Surface, surface, writeRules } from './surface.ts';

const ROOT = path.join(import.meta.dirname, '../..');

const booking: Surface = {
  vendor: 'double',
  name: 'appointments.create',
  kind: 'create',
  transport: 'web',
  marker: { field: 'comment', longest: 200 },
  idempotency_key: 'none',
  before: 'none',
  request_ms: 30_000,
  late_apply_ms: 120_000,
  staleness_ms: 60_000,
  sentinels: [{ name: 'login page', on: 'body', has: ['<form id="login"'], means: 'AUTH_EXPIRED', proves_not_applied: true }],
  contract: { id: 'double.appointments', version: 1 },
  lane: 'write',
  budget: { name: 'practice', calls: 1 },
};
const sentinel = { name: 'elsewhere', on: 'body' as const, has: ['elsewhere'], proves_not_applied: true };
const without = (field: keyof Surface) => Object.fromEntries(Object.entries(booking).filter(([key]) => key !== field)) as Surface;

describe('a vendor surface', () => {
  it('is what was declared', () => {
    expect(surface(booking)).toEqual(booking);
    expect(writeRules(booking, { lease_ms: 60_000 })).toMatchObject({ marked: true, quiet_ms: 240_000, request_ms: 30_000 });
  });

  verifies(
    'wires:surface-declared',
    () => {
      const fields = ['transport', 'marker', 'late_apply_ms', 'staleness_ms', 'sentinels', 'contract', 'lane', 'budget'] as const;
      for (const field of fields) expect(() => surface(without(field)), field).toThrow(new RegExp(`not declared whole: ${field}`));
      // One file to the compiler: the whole one compiles, and each that lacks something does not, where it lacks it.
      const folder = mkdtempSync(path.join(tmpdir(), 'surfaces-'));
      try {
        const literal = (given: Surface) => JSON.stringify(given);
        const lines = [
          `import { surface } from ${JSON.stringify(path.join(import.meta.dirname, 'surface.ts'))};`,
          `export const whole = surface(${literal(booking)});`,
          ...fields.map((field) => `export const no_${field} = surface(${literal(without(field))});`),
        ];
        writeFileSync(path.join(folder, 'surfaces.ts'), lines.join('\n'));
        writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
        const config = {
          extends: path.join(ROOT, 'tsconfig.json'),
          compilerOptions: { typeRoots: [path.join(ROOT, 'node_modules/@types')] },
          include: ['surfaces.ts'],
        };
        writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
        const told = compilerSays(folder);
        const red = [...told.matchAll(/surfaces\.ts\((\d+),/g)].map(([, line]) => Number(line));
        expect([...new Set(red)], told).toEqual(fields.map((_, n) => n + 3));
        for (const field of fields) expect(told).toContain(`'${field}' is missing`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    60_000,
  );

  it.each<[string, Partial<Surface>, RegExp]>([
    ['that changes a record without reading it before', { kind: 'update' }, /read before/],
    ['without a mark and without the list before', { marker: 'none' }, /without a mark/],
    ['that writes in the lane of batches', { lane: 'batch' }, /lane of writes/],
    ['that is read and leaves a mark', { kind: 'read', lane: 'interactive' }, /leaves no mark/],
    [
      'that somebody else may take over without its session ending',
      { sentinels: [...booking.sentinels, { ...sentinel, means: 'AUTOMATION_BLOCKED', evicted: true }] },
      /no session any more/,
    ],
    ['whose session cannot end', { sentinels: [{ ...booking.sentinels[0], means: 'VENDOR_DOWN' } as never] }, /AUTH_EXPIRED/],
    ['with a field that nobody knows', { retries: 3 } as never, /not declared whole/],
  ])('%s is refused', (_, given, told) => {
    expect(() => surface({ ...booking, ...given })).toThrow(told);
  });
});

function compilerSays(folder: string): string {
  try {
    return execFileSync(path.join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '--pretty', 'false', '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}
