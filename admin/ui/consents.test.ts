import { expect, it } from 'vitest';
import { CONSENT_SOURCES } from '../../src/domains/consents.ts';
import type { ConsentEntry } from '../api/types.ts';
import { consentSentence, SOURCES } from './consents.ts';

const entry: ConsentEntry = {
  consent_id: 'c',
  purpose: 'informational',
  decision: 'given',
  source: 'form',
  said_at: '2026-11-20T15:00:00Z',
  recorded_at: '2026-11-20T15:00:00Z',
  recorded_by: 'Ben Ruiz',
};
const told = (state: 'given' | 'revoked' | 'never_asked', ...ledger: ConsentEntry[]) =>
  consentSentence({ number: '+18045550101', state, ledger }, 'America/New_York').replaceAll('\u202f', ' ');

it('says what holds for a number, since when, how it was said and who wrote it down', () => {
  expect(told('given', entry)).toBe('Texts may go to this number. Agreed Nov 20, 2026, 10:00 AM. On a form; recorded by Ben Ruiz.');
  expect(told('revoked', { ...entry, decision: 'revoked', source: 'staff' }, entry)).toMatch(
    /have ended: do not ask again.*Ended Nov 20, 2026, 10:00 AM\. Found out by the staff/,
  );
  expect(told('never_asked')).toMatch(/^Nobody has recorded/);
});

it('knows every way in which it can be said', () => {
  expect(SOURCES).toEqual(CONSENT_SOURCES);
});
