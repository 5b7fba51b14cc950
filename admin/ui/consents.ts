/** What was said of texts to a number, as sentences. */
import type { ConsentEntry, NumberConsent } from '../api/types.ts';
import { instant } from './times.ts';

const SOURCE_WORDS: Record<ConsentEntry['source'], string> = {
  in_person: 'In person',
  phone: 'By phone',
  portal: 'In the portal',
  form: 'On a form',
  inbound_text: 'By text message',
  staff: 'Found out by the staff, such as a wrong number',
};
export const SOURCES = Object.keys(SOURCE_WORDS) as ConsentEntry['source'][];
export const sourceWord = (source: ConsentEntry['source']) => SOURCE_WORDS[source];

/** `time_zone`: the clinic's. */
export function entrySentence({ decision, source, said_at, recorded_by }: ConsentEntry, time_zone: string): string {
  const what = decision === 'given' ? 'Agreed' : 'Ended';
  return `${what} ${instant(said_at, time_zone)}. ${sourceWord(source)}${recorded_by === undefined ? '' : `; recorded by ${recorded_by}`}.`;
}

export function consentSentence({ state, ledger }: NumberConsent, time_zone: string): string {
  const [newest] = ledger;
  const told = newest === undefined ? '' : ` ${entrySentence(newest, time_zone)}`;
  switch (state) {
    case 'given':
      return `Texts may go to this number.${told}`;
    case 'revoked':
      return `Texts to this number have ended: do not ask again. Only where the patient comes with it, record that texts may go.${told}`;
    case 'never_asked':
      return 'Nobody has recorded that texts may go to this number, so none goes.';
    default:
      return state satisfies never;
  }
}
