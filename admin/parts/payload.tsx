/** What will be signed, as it will be: a note as a note, a message as the patient reads it, anything else as a table. */
import { useMemo } from 'react';
import type { Field, Mark, Payload, Quote } from '../api/types.ts';
import { leavesOf, plainPath, textAt, valueAt } from '../ui/payload.ts';
import { inOrder as asRead, choicesAt, isOfTheRecord, isWarning, labelAt, wordsOf } from '../ui/plain-words.ts';
import { smsSegments } from '../ui/sms.ts';
import { labelWord } from '../ui/words.ts';
import { BookingView, bookingFields, isBooking } from './booking.tsx';
import { ContactView, contactFields, FormView, isContact, isForm } from './door.tsx';
import { FieldText, Notes, type Numbered, Quotes, Text, Warnings } from './field-text.tsx';
import { isMeasured, MeasuredView } from './measured.tsx';
import { isPlanUpdate, PlanUpdateView } from './plan-update.tsx';
import { isPosting, PostingView } from './posting.tsx';

const SOAP = ['subjective', 'objective', 'assessment', 'plan'] as const;

export interface Shown {
  kind: string;
  payload: Payload;
  proposed_payload?: Payload | undefined;
  fields?: readonly Field[] | undefined;
  marks?: readonly Mark[] | undefined;
  /** The clinic's. */
  time_zone: string;
}

interface Editable {
  path: string;
  label: string;
  /** The codes that it can be, where it is one. */
  choices?: readonly string[] | undefined;
}

/** The texts that a person may change, in order. */
export function editableFields({ kind, payload, fields }: Omit<Shown, 'time_zone'>): Editable[] {
  if (isNote(payload)) {
    const title = typeof payload.title === 'string' ? [{ path: 'title', label: 'Title' }] : [];
    return [...title, ...SOAP.map((part) => ({ path: `soap.${part}`, label: labelWord(part) }))];
  }
  if (isMessage(kind, payload)) {
    const subject = typeof payload.subject === 'string' ? [{ path: 'subject', label: 'Subject' }] : [];
    return [...subject, { path: 'body', label: 'Message' }];
  }
  if (isContact(kind, payload)) return contactFields(payload);
  // What is on a form is not written here; when it ends is.
  if (isForm(kind, payload)) return payload.expires_on === undefined ? [] : [{ path: 'expires_on', label: 'Until (YYYY-MM-DD)' }];
  // A posting is what the record says: whoever finds it wrong rejects it.
  if (isPosting(kind, payload)) return [];
  if (isPlanUpdate(kind, payload)) return planWords(payload);
  if (kind.includes('prior_authorization'))
    return ['service_name', 'reason_icd10', 'reason'].map((path) => ({ path, label: labelWord(path) }));
  const offered = isBooking(kind, payload)
    ? bookingFields(payload)
    : generic({ kind, payload, fields }).filter(({ path }) => typeof valueAt(payload, path) === 'string' && !isOfTheRecord(path));
  return offered.map(({ path, label }) => ({ path, label, choices: choicesAt(path) }));
}

export function PayloadView(shown: Shown) {
  const { kind, payload, marks = [] } = shown;
  const numbered = useMemo(() => marks.map((mark, at) => ({ ...mark, n: at + 1, path: plainPath(mark.path) })), [marks]);
  const View = viewOf(kind, payload);
  return (
    <Quotes value={quotesOf(payload)}>
      <View {...shown} numbered={numbered} />
    </Quotes>
  );
}

function viewOf(kind: string, payload: Payload) {
  if (isNote(payload)) return NoteView;
  if (isContact(kind, payload)) return ContactView;
  if (isForm(kind, payload)) return FormView;
  if (isPosting(kind, payload)) return PostingView;
  if (isPlanUpdate(kind, payload)) return PlanUpdateView;
  if (isBooking(kind, payload)) return BookingView;
  if (isMeasured(kind, payload)) return MeasuredView;
  return isMessage(kind, payload) ? MessageView : TableView;
}

const quotesOf = ({ quotes }: Payload) => (Array.isArray(quotes) ? (quotes as Quote[]) : []);

/** The words of what is new in a care plan; the rest of an update is the record's. */
const planWords = (payload: Payload) =>
  (['add_goals', 'add_activities'] as const).flatMap((list) =>
    (payload[list] as unknown[]).map((_, n) => ({ path: `${list}.${n}.description`, label: `${labelWord(list)} ${n + 1}` })),
  );

type Parts = Shown & { numbered: readonly Numbered[] };

const isNote = ({ soap }: Payload) => typeof soap === 'object' && soap !== null;
const isMessage = (kind: string, { body }: Payload) => kind.includes('message') && typeof body === 'string';

function NoteView({ payload, proposed_payload, numbered }: Parts) {
  const title = textAt(payload, 'title');
  const shown = ['title', ...SOAP.map((part) => `soap.${part}`)];
  return (
    <article className="note" aria-label="The note">
      <Notes marks={numbered.filter(({ path }) => !shown.includes(path))} />
      {(title !== '' || Boolean(proposed_payload?.title)) && (
        <div className="note-title">
          <FieldText text={title} marks={at(numbered, 'title')} before={was(proposed_payload, 'title')} />
        </div>
      )}
      {SOAP.map((part) => (
        <section key={part}>
          <h2>{labelWord(part)}</h2>
          <FieldText
            text={textAt(payload, `soap.${part}`)}
            marks={at(numbered, `soap.${part}`)}
            before={was(proposed_payload, `soap.${part}`)}
          />
        </section>
      ))}
    </article>
  );
}

function MessageView({ payload, proposed_payload, numbered }: Parts) {
  const body = textAt(payload, 'body');
  const isSms = payload.channel === 'sms';
  const { segments, is_gsm } = smsSegments(body);
  const many = `${segments.length} ${segments.length === 1 ? 'part' : 'parts'}, ${[...body].length} characters`;
  return (
    <article className="message" aria-label="The message">
      <p className="message-facts">
        {isSms
          ? `By text message${toWhom(payload)} · ${many}${is_gsm ? '' : ' · with characters that make parts shorter'}`
          : 'In the patient portal'}
        {typeof payload.category === 'string' && ` · ${labelWord(payload.category).toLowerCase()}`}
        {typeof payload.reply_to === 'string' && ' · an answer to the patient’s message'}
      </p>
      <Notes marks={numbered.filter(({ path }) => path !== 'body' && path !== 'subject')} />
      {typeof payload.subject === 'string' && (
        <div className="note-title">
          <FieldText text={payload.subject} marks={at(numbered, 'subject')} before={was(proposed_payload, 'subject')} />
        </div>
      )}
      <div className="bubble">
        <Text text={body} marks={at(numbered, 'body')} />
      </div>
      {isSms && segments.length > 1 && (
        <details className="parts">
          <summary>The network sends it in {segments.length} parts, and a phone shows them as one</summary>
          <ol>
            {segments.map((segment, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
              <li key={index}>
                <Text text={segment} />
              </li>
            ))}
          </ol>
        </details>
      )}
      <div className="below-bubble">
        <Notes marks={at(numbered, 'body')} />
        <ChangesOf payload={payload} proposed_payload={proposed_payload} path="body" />
      </div>
    </article>
  );
}

/** To which number, in whose name. */
function toWhom({ to, sender }: Payload): string {
  return `${typeof to === 'string' ? ` to ${to}` : ''}${typeof sender === 'string' ? `, from ${sender}` : ''}`;
}

function ChangesOf({ payload, proposed_payload, path }: { payload: Payload; proposed_payload: Payload | undefined; path: string }) {
  const before = was(proposed_payload, path);
  const text = textAt(payload, path);
  return before === undefined || before === text ? null : <FieldText text={text} before={before} />;
}

function TableView({ kind, payload, proposed_payload, fields, numbered, time_zone }: Parts) {
  const rows = generic({ kind, payload, fields }).filter(({ path }) => !isWarning(path));
  const paths = rows.map(({ path }) => plainPath(path));
  const inWords = (text: string) => wordsOf(text, time_zone);
  return (
    <article aria-label="The draft">
      <Warnings of={payload} />
      <Notes marks={numbered.filter(({ path }) => !paths.includes(path))} />
      <dl className="facts">
        {rows.map(({ path, label, text }) => {
          const before = was(proposed_payload, path);
          return (
            <div key={path}>
              <dt>{label}</dt>
              <dd>
                <FieldText
                  text={inWords(text)}
                  marks={at(numbered, plainPath(path))}
                  before={before === undefined ? undefined : inWords(before)}
                />
              </dd>
            </div>
          );
        })}
      </dl>
    </article>
  );
}

/** What a request says, in the order in which a payer asks for it. */
const REQUEST = 'payer service_name service_code code_system units service_from service_to reason_icd10 reason warnings to_do'.split(' ');
function inOrder<T extends { path: string }>(kind: string, leaves: T[]): T[] {
  if (!kind.includes('prior_authorization')) return leaves;
  const place = ({ path }: T) => REQUEST.indexOf(path.split('.')[0] ?? '');
  return leaves.sort((a, b) => place(a) - place(b));
}

function generic({ kind, payload, fields }: Pick<Shown, 'kind' | 'payload' | 'fields'>): Field[] {
  if (fields && fields.length > 0) return [...fields];
  return inOrder(kind, asRead(leavesOf(payload))).map(({ path, text }) => ({ path, text, label: labelAt(path) }));
}

const at = (numbered: readonly Numbered[], path: string) => numbered.filter((mark) => mark.path === path);
const was = (original: Payload | undefined, path: string) =>
  original === undefined || typeof valueAt(original, path) === 'object' ? undefined : textAt(original, path);
