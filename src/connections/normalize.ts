// A vendor's answer as rows of ours, each value with the fact that it comes from. A value that the contract does not understand is left out and named, never guessed: missing is
// not normal. The same bytes and the same mapping give the same rows. Source: connectors.md §1.3, provenance.
import { type JsonExpected, stepsOf } from './contract-shape.ts';
import { type Fact, pointerOf, type RawBlob } from './provenance.ts';
import type { Mapping } from './recipe.ts';
import { isEmpty, takesIn, typeOf } from './value-class.ts';

export type Scalar = string | number | boolean;

export interface Row {
  values: Record<string, Scalar>;
  /** One for each value. */
  facts: Record<string, Fact>;
  /** There was something, but of a type or a value that the contract does not name, or several where one is meant. */
  unmapped: string[];
}

interface Found {
  value: Scalar;
  steps: (string | number)[];
}

/** Assumed of a value whose field is not distributed as it was (contract.ts, suspect). */
export const VALUES_SHIFTED = 'values_of_this_field_have_shifted';

/** `shifted`: as the effect `normalize` names them. */
export function normalized(
  parsed: unknown,
  { expected, mapping, raw, shifted }: { expected: JsonExpected; mapping: Mapping; raw: RawBlob; shifted: readonly string[] },
): Row[] {
  const prefix = mapping.rows === null ? '$' : `${mapping.rows}[]`;
  const rows = mapping.rows === null ? [{ value: parsed, steps: [] }] : valuesAt(parsed, `${mapping.rows}[]`);
  return rows.map(({ value: row, steps: above }) => {
    const made: Row = { values: {}, facts: {}, unmapped: [] };
    /** The one understood value there; 'strange' when there is something else. */
    const read = (from: string | undefined): Found | 'none' | 'strange' => {
      if (from === undefined) return 'none';
      const there = valuesAt(row, from).filter(({ value }) => !isEmpty(value));
      const [one] = there;
      if (!one) return 'none';
      const field = expected.fields.get(prefix + from.slice(1));
      const isUnderstood =
        field?.types.some((said) => takesIn(said, typeOf(one.value))) && (!field.closed || field.closed.includes(String(one.value)));
      if (there.length > 1 || !isUnderstood || typeof one.value === 'object') return 'strange';
      return { value: one.value as Scalar, steps: [...above, ...one.steps] };
    };
    for (const [name, { from, unit_from, code_from, display_from, time_from, assumptions }] of Object.entries(mapping.fields)) {
      const [value, unit, code] = [read(from), read(unit_from), read(code_from)];
      if (value === 'none') continue;
      // A figure whose unit or code is not understood means something else than it says.
      if (value === 'strange' || unit === 'strange' || code === 'strange') {
        made.unmapped.push(name);
        continue;
      }
      made.values[name] = value.value;
      made.facts[name] = {
        raw_sha256: raw.raw_sha256,
        json_pointer: pointerOf(value.steps),
        mapping_version: mapping.version,
        source_time: textOf(read(time_from)),
        fetched_at: raw.fetched_at,
        unit_raw: textOf(unit),
        code_raw: textOf(code),
        display_raw: textOf(read(display_from)),
        assumptions: [...assumptions, ...(shifted.includes(prefix + from.slice(1)) ? [VALUES_SHIFTED] : [])],
      };
    }
    return made;
  });
}

const textOf = (found: Found | 'none' | 'strange'): string | null => (typeof found === 'string' ? null : String(found.value));

/** Everything that stands at a path, with the steps that lead there. */
function valuesAt(document: unknown, path: string): { value: unknown; steps: (string | number)[] }[] {
  return stepsOf(path).reduce<{ value: unknown; steps: (string | number)[] }[]>(
    (places, step) =>
      places.flatMap(({ value, steps: above }) => {
        if (step === '[]') return Array.isArray(value) ? value.map((each, index) => ({ value: each, steps: [...above, index] })) : [];
        const isThere = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, step);
        return isThere ? [{ value: (value as Record<string, unknown>)[step], steps: [...above, step] }] : [];
      }),
    [{ value: document, steps: [] }],
  );
}
