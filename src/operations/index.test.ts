import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { toolOf } from '../http/tool-schema.ts';
import { catalogue } from './index.ts';

/** Every string in a schema, by its path, with its marks. */
function stringsOf(schema: z.ZodType, path: string): { path: string; meta: z.GlobalMeta }[] {
  const meta = schema.meta() ?? {};
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const inner = schema.unwrap() as z.ZodType;
    return stringsOf(inner, path);
  }
  if (meta.narrative) return [];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => stringsOf(field as z.ZodType, `${path}.${name}`));
  if (schema instanceof z.ZodArray) return stringsOf(schema.element as z.ZodType, `${path}[]`);
  return schema instanceof z.ZodString ? [{ path, meta }] : [];
}

describe('the catalogue', () => {
  it('has the published names, sorted, each once', () => {
    const names = catalogue.map(({ name }) => name);
    expect(names).toEqual([
      'connection_status',
      'get_appointments',
      'get_chart_notes',
      'get_labs',
      'get_medications',
      'get_patient',
      'read_untrusted',
      'search_patients',
    ]);
    expect(names).toEqual([...new Set(names)].sort());
    expect(Object.isFrozen(catalogue)).toBe(true);
  });

  it('has the published arguments', () => {
    const args = Object.fromEntries(catalogue.map(({ name, input }) => [name, Object.keys(input.shape).sort()]));
    expect(args).toMatchObject({
      search_patients: ['cursor', 'limit', 'query'],
      get_patient: ['patient_id'],
      get_labs: ['cursor', 'fields', 'limit', 'panel', 'patient_id', 'since'],
      get_chart_notes: ['cursor', 'limit', 'max_bytes', 'patient_id', 'since'],
      get_medications: ['active_only', 'cursor', 'limit', 'patient_id'],
      get_appointments: ['cursor', 'date_range', 'limit', 'patient_id', 'provider_id'],
      connection_status: [],
      read_untrusted: ['offset', 'ref'],
    });
  });

  it('says whose words every string of an answer holds, and hides or clears every string of an input', () => {
    const answers = catalogue.flatMap(({ name, output }) => stringsOf(output, name)).filter(({ meta }) => meta.words === undefined);
    const inputs = catalogue
      .flatMap(({ name, input }) => stringsOf(input, name))
      .filter(({ meta }) => meta.phi === undefined && meta.clear !== true);
    expect([answers, inputs]).toEqual([[], []]);
  });

  it('describes each tool in at most 400 characters, and all of them in 1,000 bytes on average', () => {
    expect(catalogue.filter(({ description }) => description.length > 400).map(({ name }) => name)).toEqual([]);
    const bytes = catalogue.map((operation) => Buffer.byteLength(JSON.stringify(toolOf(operation))));
    expect(bytes.reduce((sum, size) => sum + size, 0) / catalogue.length).toBeLessThanOrEqual(1000);
  });

  it('gives a list the two arguments of a list, and rows with their id', () => {
    for (const operation of catalogue) {
      if (operation.effect !== 'read' || !operation.page) continue;
      expect(Object.keys(operation.input.shape)).toEqual(expect.arrayContaining(['limit', 'cursor']));
      const rows = operation.output.shape[operation.page.list] as z.ZodArray<z.ZodObject>;
      expect(Object.keys(rows.element.shape)).toContain(operation.page.id);
    }
  });
});
