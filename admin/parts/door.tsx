/** What the front desk signs, as sentences: contact details before and after, and a form that a patient is asked for. */
import type { Payload } from '../api/types.ts';
import { textAt } from '../ui/payload.ts';
import { day, minuteOf } from '../ui/times.ts';
import { labelWord } from '../ui/words.ts';
import { Row } from './fact-row.tsx';
import { FieldText, Notes, type Numbered } from './field-text.tsx';

interface DoorProps {
  payload: Payload;
  proposed_payload?: Payload | undefined;
  numbered: readonly Numbered[];
  /** The clinic's. */
  time_zone: string;
}
interface Change {
  field: string;
  before?: string;
  after?: string;
}
interface Confirmed {
  by: string;
  at: string;
  details: { field: string; value: string }[];
}

export const isContact = (kind: string, { changes }: Payload) => kind.includes('contact_update') && Array.isArray(changes);
export const isForm = (kind: string, payload: Payload) => kind.includes('intake_form') && typeof payload.kind === 'string';
/** Where the new values stand, for who edits. */
export const contactFields = ({ changes }: Payload) =>
  (changes as Change[]).flatMap(({ field, after }, at) =>
    after === undefined ? [] : [{ path: `changes.${at}.after`, label: labelWord(field) }],
  );

export function ContactView({ payload, proposed_payload, numbered }: DoorProps) {
  const changes = payload.changes as Change[];
  const confirmed = payload.confirmed as Confirmed | undefined;
  return (
    <article aria-label="The contact details">
      <Notes marks={numbered} />
      <dl className="facts">
        {changes.map(({ field, before, after }, at) => (
          <Row key={field} name={labelWord(field)}>
            <p className="text" dir="auto">
              {before === undefined ? <span className="nothing">Not known until now</span> : <del>{before}</del>}
            </p>
            {after === undefined ? (
              <p className="nothing">Is taken out of the chart.</p>
            ) : (
              <FieldText text={after} before={wasAt(proposed_payload, `changes.${at}.after`)} />
            )}
          </Row>
        ))}
        {confirmed && (
          <Row name="Confirmed">
            <p className="text">
              {confirmed.by === 'patient' ? 'The patient' : 'The staff'} said on {day(confirmed.at)} that these are right
              {changes.length === 0 && '; nothing changes'}:
            </p>
            <ul>
              {confirmed.details.map(({ field, value }) => (
                <li key={field} dir="auto">
                  {labelWord(field)}: {value}
                </li>
              ))}
            </ul>
          </Row>
        )}
      </dl>
    </article>
  );
}

export function FormView({ payload, numbered, time_zone }: DoorProps) {
  const at = textAt(payload, 'start_at');
  const until = textAt(payload, 'expires_on');
  return (
    <article aria-label="The form">
      <Notes marks={numbered} />
      <dl className="facts">
        <Row name="Form">{labelWord(textAt(payload, 'kind'))}</Row>
        <Row name="Asked of">{textAt(payload, 'patient')}</Row>
        <Row name="How">{howAsked(payload)}</Row>
        <Row name="For">{at === '' ? 'No visit' : `${textAt(payload, 'visit_type')}, ${minuteOf(at, time_zone)}`}</Row>
        <Row name="Until">{until === '' ? 'It stays asked for' : day(until)}</Row>
      </dl>
    </article>
  );
}

function howAsked(payload: Payload): string {
  const to = textAt(payload, 'to');
  if (payload.channel === 'paper') return 'On paper, at the clinic';
  if (payload.channel === 'email') return `By e-mail to ${to}, which leads to the portal`;
  return to === '' ? 'In the patient portal' : `In the patient portal; an e-mail to ${to} says so`;
}

const wasAt = (original: Payload | undefined, path: string) => (original === undefined ? undefined : textAt(original, path));
