/** A visit to be booked, moved or called off, as sentences: whose, with whom, and when by the clinic's clock. */
import type { Payload } from '../api/types.ts';
import { textAt } from '../ui/payload.ts';
import { day, minuteOf } from '../ui/times.ts';
import { labelWord } from '../ui/words.ts';
import { Row } from './fact-row.tsx';
import { FieldText, Notes, type Numbered } from './field-text.tsx';

interface BookingProps {
  payload: Payload;
  proposed_payload?: Payload | undefined;
  numbered: readonly Numbered[];
  /** The clinic's. */
  time_zone: string;
}
/** What stands in the calendar, or is to. */
interface Visit {
  practitioner: string;
  start_at: string;
  minutes: number;
  modality: string;
}

const REASONS: Record<string, string> = {
  patient_request: 'The patient asked for it',
  patient_ill: 'The patient is ill',
  transport: 'No way to come',
  clinician_unavailable: 'The clinician cannot be there',
  clinic_closed: 'The clinic is closed',
  equipment: 'Equipment is missing or broken',
  other: 'Another reason',
};
const reasonWord = (code: string) => (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? labelWord(code);
const HOW: Record<string, string> = { in_person: 'in person', telehealth: 'by telehealth' };

export const isBooking = (kind: string, { start_at, practitioner }: Payload) =>
  /^(draft_)?(appointment|reschedule|cancellation)(_draft)?$/.test(kind) &&
  typeof start_at === 'string' &&
  typeof practitioner === 'string';

/** What a person may change of a visit. Names and times are the record's and the calendar's: whoever wants another time rejects it and has it drafted anew. */
export const bookingFields = ({ reason_code, was }: Payload) => {
  if (reason_code !== undefined) return [];
  const type = { path: 'visit_type', label: labelWord('visit_type') };
  return [...(was === undefined ? [type] : []), { path: 'modality', label: labelWord('modality') }];
};

export function BookingView({ payload, proposed_payload, numbered, time_zone }: BookingProps) {
  const visit = payload as unknown as Visit;
  const was = payload.was as Visit | undefined;
  const proposed = proposed_payload as unknown as Visit | undefined;
  const born = textAt(payload, 'birth_date');
  return (
    <article aria-label="The visit">
      <Notes marks={numbered} />
      <dl className="facts">
        <Row name="Patient">
          <FieldText text={`${textAt(payload, 'patient')}${born === '' ? '' : `, born ${day(born)}`}`} />
        </Row>
        <Row name="Visit">
          <FieldText text={textAt(payload, 'visit_type')} before={proposed && textAt(proposed_payload as Payload, 'visit_type')} />
        </Row>
        <Row name="Clinician">
          {was !== undefined && was.practitioner !== visit.practitioner && <Before text={was.practitioner} />}
          <FieldText text={visit.practitioner} />
        </Row>
        <Row name={payload.reason_code === undefined ? 'When' : 'Was booked for'}>
          {was !== undefined && <Before text={whenOf(was, time_zone)} />}
          <FieldText text={whenOf(visit, time_zone)} before={proposed && whenOf(proposed, time_zone)} />
        </Row>
        {typeof payload.cancelled_by === 'string' && (
          <Row name="Cancelled by">{payload.cancelled_by === 'patient' ? 'The patient' : 'The clinic'}</Row>
        )}
        {typeof payload.reason_code === 'string' && <Row name="Why">{reasonWord(payload.reason_code)}</Row>}
      </dl>
    </article>
  );
}

/** `Mon, Nov 30, 2026, 7:00 AM, 30 minutes, in person`. */
const whenOf = ({ start_at, minutes, modality }: Visit, time_zone: string) =>
  `${minuteOf(start_at, time_zone)}, ${minutes} minutes, ${HOW[modality] ?? modality}`;

function Before({ text }: { text: string }) {
  return (
    <p className="text" dir="auto">
      <span className="fine">Until now </span>
      <del>{text}</del>
    </p>
  );
}
