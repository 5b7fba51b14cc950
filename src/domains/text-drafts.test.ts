// What stands against one text to one patient, each reason alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSent, marksOfText, refuseErrors, type Textable } from './text-drafts.ts';

const TODAY = '2026-11-20';
const facts = (own: Partial<Textable> = {}): Textable => ({
  ...{ number: '+18045550117', consent: 'given', birth_date: '1980-02-01', others: 0, sender: 'Juniper Street Clinic' },
  ...{ hosts: ['portal.example.com'], own: { drugs: [], problems: [], analytes: [] } },
  ...own,
});
const draft = (own: object = {}) => ({
  ...{ to: '+18045550117', sender: 'Juniper Street Clinic', body: 'Juniper Street Clinic: please call us.' },
  ...own,
});
const marks = (own: Partial<Textable> = {}, of: object = {}) =>
  marksOfText(draft(of), facts(own), TODAY).map(({ level, path, text }) => `${level} ${path}: ${text}`);
const { number: _, ...without } = facts();
const { consent: __, ...unasked } = facts();

describe('a text', () => {
  it('that nothing stands against has no mark', () => {
    expect(marks()).toEqual([]);
    expect(() => refuseErrors(marksOfText(draft(), facts(), TODAY))).not.toThrow();
  });
  it('goes to no number but that of the chart, in no name but the clinic’s', () => {
    expect(marks({}, { to: '+18045550118' })).toEqual([expect.stringMatching(/^error to: .*another number/)]);
    expect(marks({}, { sender: 'Another' })).toEqual([expect.stringMatching(/^error sender:/)]);
    expect(marksOfText(draft(), without, TODAY)).toMatchObject([{ level: 'error', text: expect.stringMatching(/no US number/) }]);
  });
  it('needs a consent that was not ended', () => {
    expect(marksOfText(draft(), unasked, TODAY)).toMatchObject([{ level: 'error', text: expect.stringMatching(/Nobody has recorded/) }]);
    expect(marks({ consent: 'revoked' })).toEqual([expect.stringMatching(/were ended/)]);
  });
  it.each([
    ['2008-11-20', false],
    ['2008-11-21', true],
    ['2008', true],
    ['2008-10', false],
    ['2007', false],
    ['2020', true],
  ])('to one born %s: a minor is %s', (birth_date, isMinor) => {
    expect(marks({ birth_date }).some((mark) => mark.includes('a minor'))).toBe(isMinor);
  });
  it('warns, and no more, where the chart leaves open who reads it', () => {
    expect(marks({ birth_date: null, others: 2 })).toEqual([
      'warn to: The chart has no birth date: this may be a child’s.',
      'warn to: 2 other charts have this number: somebody else may read the text.',
    ]);
    expect(marks({}, { body: 'Please call us.' })).toEqual(['warn body: The text does not say which clinic writes.']);
  });
  it('quotes what it may not say, as it would be sent', () => {
    const [mark] = marksOfText(draft({ body: 'Juniper Street Clinic: “metformin”' }), facts(), TODAY);
    expect(mark).toMatchObject({ level: 'error', path: 'body', quote: 'metformin' });
  });
  it('is refused with every reason once, and not a word of it', () => {
    const of = draft({ body: 'Juniper Street Clinic: metformin, lisinopril, diabetes' });
    expect(() => refuseErrors(marksOfText(of, facts(), TODAY))).toThrow(/^body: A drug or a dose [^.]*\. A diagnosis [^.]*\.$/);
  });
});

describe('as it is sent', () => {
  it('it stays, however often it is read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (body) => {
        const once = asSent(body);
        expect(asSent(once.body)).toEqual(once);
      }),
    );
  });
});
