import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Consent, consentIn } from './opt-out.ts';

describe('an answered text', () => {
  it.each<[string, Consent | undefined]>([
    // 47 CFR 64.1200(a)(10)
    ['STOP', 'opt_out'],
    ['quit', 'opt_out'],
    ['End', 'opt_out'],
    ['revoke', 'opt_out'],
    ['opt out', 'opt_out'],
    ['Opt-Out', 'opt_out'],
    ['optout', 'opt_out'],
    ['CANCEL', 'opt_out'],
    ['Unsubscribe', 'opt_out'],
    ['Stop.', 'opt_out'],
    [' "STOP!!" ', 'opt_out'],
    ['stop please', 'opt_out'],
    ['Please STOP, thanks', 'opt_out'],
    ['STOP ALL', 'opt_out'],
    ['stop stop stop', 'opt_out'],
    ['STOP 🛑', 'opt_out'],
    ['Stop texting me', 'opt_out'],
    ['please stop sending me these messages', 'opt_out'],
    ["Don't text me anymore", 'opt_out'],
    ['Don’t contact me again', 'opt_out'],
    ['No more texts', 'opt_out'],
    ['remove me', 'opt_out'],
    ['Wrong number', 'opt_out'],
    ['unsubscribe me from this list', 'opt_out'],
    ['I revoke my consent', 'opt_out'],
    ['Alto', 'opt_out'],
    ['no más mensajes', 'opt_out'],
    ['START', 'opt_in'],
    ['Unstop.', 'opt_in'],
    ['opt in', 'opt_in'],
    ['cancel my appointment on Tuesday', 'unclear'],
    ['can I stop the pills?', 'unclear'],
    ['I quit smoking', 'unclear'],
    ['When does the visit end?', 'unclear'],
    ['yes', undefined],
    ['C', undefined],
    ['Can we start at 9?', undefined],
    ['I will be at the bus stopover', undefined],
    ['weekend is fine', undefined],
    ['', undefined],
  ])('%j: %s', (text, consent) => {
    expect(consentIn(text)).toBe(consent);
  });

  it('ends it in any case and with any punctuation around the word', () => {
    const edge = fc.string({ unit: fc.constantFrom(' ', '.', '!', '"', '\n', '-', '*', '…'), maxLength: 5 });
    const word = fc.constantFrom('stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe');
    fc.assert(
      fc.property(edge, word, edge, fc.boolean(), (before, said, after, upper) => {
        expect(consentIn(`${before}${upper ? said.toUpperCase() : said}${after}`)).toBe('opt_out');
      }),
      { seed: 6 },
    );
  });
});
