// Messages of everybody else.
import type { Threads } from './thread.ts';

export const GENERAL_WORDS: Threads = {
  'gen.checkup': [
    {
      ago: 92,
      via: 'portal',
      about: 'clinical',
      subject: 'Back MRI?',
      said: [
        [
          'in',
          0,
          'PT guy says if the leg tingling is not gone by now I should ask for an MRI. It is maybe 30% better. Down the left side to the ankle. No bathroom problems.',
        ],
        [
          'out',
          1,
          'With tingling to the ankle after six weeks of therapy an MRI is reasonable. Your plan needs approval first, we are sending it. If you get weakness, numbness in the saddle area or trouble with bladder, go to the ER.',
        ],
        ['in', 8, 'any word from insurance?'],
        ['out', 2, 'Still pending on their side. We called yesterday.'],
      ],
    },
    {
      ago: 1,
      via: 'portal',
      about: 'scheduling',
      subject: 'tomorrow',
      said: [
        ['in', 0, 'Could you squeeze me in first thing, I have to be at the site by 9:30? Heartburn is worse at night, I will explain.'],
      ],
    },
  ],
  'gen.prediabetes': [
    {
      ago: 33,
      via: 'phone',
      about: 'scheduling',
      taken: 'Called with interpreter:',
      said: [
        [
          'in',
          0,
          'cannot come on Friday because of prayer, asks for any other morning, and that the interpreter is there from the start this time',
        ],
        ['out', 1, 'Moved, interpreter booked for the whole hour. Confirmed with his son. {desk}'],
      ],
    },
  ],
  'gen.duplicate': [
    {
      ago: 50,
      via: 'portal',
      about: 'administrative',
      subject: 'cant log in',
      said: [
        ['in', 0, 'The portal says there are two of me and to call. I called, was on hold for 25 min. Can somebody just fix it?'],
        [
          'out',
          7,
          'I am sorry about the hold. It looks as if two charts were opened; we have to check the birth date with you in person or by phone before we put anything together. {desk}',
        ],
      ],
    },
  ],
  'gen.deceased': [
    {
      ago: 196,
      via: 'phone',
      about: 'clinical',
      by: 'nurse',
      taken: 'Daughter, on the nurse line:',
      said: [
        [
          'in',
          0,
          'dad weighs 11 lbs more than at the hospital, sleeping in the chair, wont use the oxygen. is the water pill supposed to be once or twice',
        ],
        [
          'out',
          0,
          'Furosemide twice daily until seen per {dr}, visit moved to the first open slot. Daily weights. 911 if he cannot finish a sentence. - {nurse}',
        ],
      ],
    },
  ],
  'well.member': [
    {
      ago: 66,
      via: 'email',
      about: 'administrative',
      subject: 'HSA receipt',
      said: [
        ['in', 0, 'Hi, could I get an itemized receipt for the membership this year for my HSA? Needs the tax ID on it.'],
        ['out', 13, 'Apologies for the wait, {me}. Attached, with the tax ID. {biller}'],
      ],
    },
    {
      ago: 160,
      via: 'portal',
      about: 'clinical',
      subject: 'Lp(a)',
      said: [['in', 0, 'A podcast said everybody should know their Lp(a). Mine was 14. Is that in the units where 14 is good?']],
    },
  ],
};
