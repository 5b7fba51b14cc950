/** Vital signs as a nurse says them: one line a reading, when and where taken. */
import type { Payload } from '../api/types.ts';
import { minuteOf } from '../ui/times.ts';
import { labelWord, unitWord } from '../ui/words.ts';
import { FieldText, Notes, type Numbered, Warnings } from './field-text.tsx';

interface MeasuredProps {
  payload: Payload;
  proposed_payload?: Payload | undefined;
  numbered: readonly Numbered[];
  /** The clinic's. */
  time_zone: string;
}
interface Reading {
  kind: string;
  value?: number;
  systolic?: number;
  diastolic?: number;
  unit: string;
  /** What it was converted from. */
  given?: string;
}

export const isMeasured = (kind: string, { measurements, taken_at }: Payload) =>
  kind.includes('vitals') && Array.isArray(measurements) && typeof taken_at === 'string';

export function MeasuredView({ payload, proposed_payload, numbered, time_zone }: MeasuredProps) {
  const readings = payload.measurements as Reading[];
  const proposed = proposed_payload?.measurements as Reading[] | undefined;
  return (
    <article aria-label="The vital signs">
      <Warnings of={payload} />
      <Notes marks={numbered} />
      <dl className="facts">
        {readings.map((reading) => {
          const before = proposed?.find(({ kind }) => kind === reading.kind);
          return (
            <div key={reading.kind}>
              <dt>{labelWord(reading.kind)}</dt>
              <dd>
                <FieldText text={toldOf(reading)} before={before && toldOf(before)} />
              </dd>
            </div>
          );
        })}
        <div>
          <dt>Taken</dt>
          <dd>
            <FieldText text={takenOf(payload, time_zone)} before={proposed_payload && takenOf(proposed_payload, time_zone)} />
          </dd>
        </div>
      </dl>
    </article>
  );
}

/** `128/78 mmHg`, `37 °C (given as 98.6 °F)`. */
function toldOf({ value, systolic, diastolic, unit, given }: Reading): string {
  const figure = systolic === undefined ? value : `${systolic}/${diastolic}`;
  return `${figure} ${unitWord(unit)}${given === undefined ? '' : ` (given as ${given})`}`;
}

function takenOf({ taken_at, setting, body_position }: Payload, time_zone: string): string {
  const more = [setting, body_position].filter((word) => typeof word === 'string').map((word) => labelWord(word).toLowerCase());
  return [minuteOf(String(taken_at), time_zone), ...more].join(', ');
}
