import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Refused, textMessage } from './outgoing-messages.ts';

const own = {
  drugs: ['metformin hydrochloride 1000 MG Oral Tablet', 'metformin', 'fish oil'],
  problems: [
    { name: 'Type 2 diabetes mellitus with hyperglycemia', icd10: 'E11.65' },
    { name: 'Gout', icd10: 'M10' },
    { name: 'Low back pain' },
    { name: 'Encounter for general adult medical examination', icd10: 'Z00.00' },
  ],
  analytes: ['Hemoglobin A1c', 'Ferritin'],
};
const allowed_hosts = ['portal.juniper.example', 'diabetes-clinic.example'];
const message = (body: string) => textMessage(body, { own, allowed_hosts });
const refused = (body: string) => message(body).marks.map(({ kind }) => kind);

describe('a text message that may be signed', () => {
  it.each([
    'Juniper Health: please call us back at 212-555-0148.',
    'Hi Ada, your visit is on 11/24/2026 at 9:30 am with Dr. Lind, Suite B12. Reply C to confirm.',
    'Your labs are at 9 am tomorrow. Please fast for 12 hours; water is fine.',
    'You have a new message from your care team: https://portal.juniper.example/messages. Reply STOP to opt out.',
    'Your results are ready. See portal.juniper.example',
    'We missed you on Tuesday! Call 212-555-0148 to find a new time.',
    'Reminder: appointment 4/15 at 8:30 am, room A10. Bring your insurance card.',
    'See diabetes-clinic.example/messages',
    'Your medical examination is on Monday.',
    'Parking is on level 2. Please arrive 15 minutes early. Test center opens at 7.',
    'May 5 works. Visit us to sign forms.',
  ])('%s', (body) => {
    expect(message(body)).toMatchObject({ marks: [], segments: 1 });
  });
});

describe('a text message that may not', () => {
  it.each<[string, Refused[]]>([
    ['Your A1c 8.1 is better', ['result']],
    ['Your A1C is better', ['result']],
    ['Your ferritin came back', ['result']],
    ['glucose was 148 mg/dL', ['result']],
    ['Your BP was 148/92', ['result']],
    ['Your HIV test was negative', ['result', 'diagnosis']],
    ['Your biopsy is abnormal', ['result']],
    ['LDL: 132', ['result']],
    ['Your sugar was high', ['result']],
    ['Thyroid numbers look great!', ['result']],
    ['You tested positive for strep', ['result']],
    ['Take one tablet tonight', ['drug']],
    ['Your level is 5.2', ['result']],
    ['Take metformin with food', ['drug']],
    ['Take 500 mg twice daily', ['drug']],
    ['Take 2 tablets tonight', ['drug']],
    ['Your Ozempic is ready', ['drug']],
    ['atorvastatin refill sent', ['drug']],
    ['Stop the fish oil', ['drug']],
    ['Your testosterone 100 mg dose', ['result', 'drug']],
    ['About your diabetes', ['diagnosis']],
    ['GOUT flare?', ['diagnosis']],
    ['Visit for E11.65', ['diagnosis']],
    ['Seen for M10 today', ['diagnosis']],
    ['Your pregnancy test', ['diagnosis']],
    ['Any more low back pain?', ['diagnosis']],
    ['https://bit.ly/3abc', ['link']],
    ['see bit.ly/3abc', ['link']],
    ['see tinyurl.com/x', ['link']],
    ['https://evil.com/portal.juniper.example', ['link']],
    ['https://portal.juniper.example@evil.com/x', ['link']],
    ['https://portal.juniper.example.evil.com', ['link']],
    ['http://portal.juniper.example', ['link']],
    ['https://portal.juniper.example:8443/', ['link']],
    ['www.juniper.example', ['link']],
    ['https://portal.juniper.example/your-metformin', ['drug']],
    ['Hi {first_name}, see you', ['placeholder']],
    ['Hi [name]', ['placeholder']],
    ['   ', ['empty']],
    ['a'.repeat(307), ['length']],
    ['á'.repeat(135), ['length']],
  ])('%s', (body, kinds) => {
    expect([...new Set(refused(body))].sort()).toEqual([...kinds].sort());
  });

  it('is told why in words of what it may do instead, which repeat nothing of it', () => {
    const { marks } = message('Take metformin 500 mg for diabetes, A1c 8.1');
    for (const { text } of marks) {
      expect(text).toContain('link to the portal instead');
      expect(text).not.toMatch(/metformin|500|diabetes|8\.1/i);
    }
  });
});

describe('what is sent', () => {
  it('is plain, and its marks lie in it', () => {
    const { text, encoding, segments, marks } = message('“Don’t” wait… see bit.ly/x – metformin');
    expect({ text, encoding, segments }).toEqual({ text: '"Don\'t" wait... see bit.ly/x - metformin', encoding: 'GSM-7', segments: 1 });
    expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['bit.ly/x', 'metformin']);
  });

  it('fits two parts exactly', () => {
    expect(refused('b'.repeat(306))).toEqual([]);
    expect(refused('á'.repeat(134))).toEqual([]);
  });

  it('is never longer than two parts without a mark, and marks lie in the text, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('metformin', ' https://', 'bit.ly/', 'A1c 8.1', '500 mg ', '…', '“', 'portal.juniper.example', '{x}'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const { text, segments, marks } = message(pieces.join(''));
        expect(segments > 2 ? marks.some(({ kind }) => kind === 'length') : true).toBe(true);
        for (const { start, end } of marks) expect(start >= 0 && end <= text.length && start <= end).toBe(true);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('names no drug of the patient in any case, wherever it stands', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', '.', ',', '!', '(', '\n', 'é '), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(around, fc.constantFrom('metformin', 'Metformin', 'METFORMIN'), around, (before, drug, after) => {
        expect(refused(`x${before}${drug}${after}x`)).toContain('drug');
      }),
      { seed: 6 },
    );
  });
});
