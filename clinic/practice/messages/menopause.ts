// Messages of patients in menopause.
import type { Threads } from './thread.ts';

export const MENOPAUSE_WORDS: Threads = {
  'hrt.patch': [
    {
      ago: 190,
      via: 'portal',
      about: 'clinical',
      subject: 'Patch rash',
      by: 'nurse',
      said: [
        ['in', 0, 'Red square wherever the patch was, itchy, gone after two days. Other cheek, same thing. Should I switch to the gel?'],
        [
          'out',
          1,
          'Try the lower abdomen, clean dry skin with no lotion, and a new spot each time for two weeks. If it still happens we can talk about a gel. Hydrocortisone 1% on the red spot is fine, not under the patch. - {nurse}',
        ],
      ],
    },
    {
      ago: 2,
      via: 'portal',
      about: 'clinical',
      subject: 'Labs from last week',
      said: [
        [
          'in',
          0,
          'I see estradiol is "preliminary". Is it final before I come in? I would like to discuss going up to .075, the 3 am sweats are creeping back.',
        ],
      ],
    },
  ],
  'hrt.oral': [
    {
      ago: 210,
      via: 'email',
      about: 'clinical',
      subject: 'black cohosh',
      said: [['in', 0, 'My sister swears by black cohosh. Can I add it or does it fight with the pills? No rush.']],
    },
    {
      ago: 70,
      via: 'portal',
      about: 'clinical',
      subject: 'progesterone makes me sleepy',
      said: [
        [
          'in',
          0,
          'I take both at breakfast and then I could lie down on the kitchen floor. Would it be wrong to take the progesterone at night?',
        ],
        ['out', 1, 'Night is exactly when to take it. Estradiol in the morning, progesterone at bedtime.'],
      ],
    },
    {
      ago: 3,
      via: 'sms',
      about: 'scheduling',
      said: [
        ['in', 0, 'Running behind that day, may I come at half past instead?'],
        ['out', 0, 'That is fine, {me}. We have you down 30 minutes later. {desk}'],
      ],
    },
  ],
  'hrt.pellets': [
    {
      ago: 3,
      draw: 'b',
      via: 'portal',
      about: 'clinical',
      subject: 'Testosterone 118??',
      said: [
        ['in', 0, "Isn't that a man's number? I have been using one pump like it says. The chin hair makes sense now I guess."],
        [
          'out',
          1,
          "Not a man's number, but above where we want you. Stop the cream today. It comes down within two to three weeks; we will restart much lower later if you still want it.",
        ],
      ],
    },
    {
      ago: 28,
      via: 'email',
      about: 'billing',
      subject: 'EOB question',
      said: [
        [
          'in',
          0,
          'My husband\'s plan says "not medically necessary" for the hormone panel, patient owes 84. Is there a code you can change?',
        ],
        [
          'out',
          5,
          "We cannot change a code to get it paid, but the diagnosis was missing on the laboratory's claim. They are resubmitting with it. Please hold off on paying until you get a new EOB. {biller}",
        ],
      ],
    },
  ],
  'hrt.stopped': [
    {
      ago: 283,
      via: 'phone',
      about: 'clinical',
      taken: 'Patient called, tearful, message taken at the desk:',
      said: [
        [
          'in',
          0,
          'breast center wants a biopsy on the 14th. should she stop hormones now. please have doctor call, cell is best, ok to leave message',
        ],
        [
          'out',
          0,
          'Called her. Stop estradiol and progesterone today, no taper needed. Explained that most biopsies after a callback are benign. Will call the day the result is in.',
        ],
      ],
    },
    {
      ago: 205,
      via: 'portal',
      about: 'clinical',
      subject: 'flashes without the patch',
      said: [
        [
          'in',
          0,
          'Biopsy was benign, thank God. But I am back to 8 or 9 a day and I cannot think at work. The antidepressant takes the edge off, maybe. Is there any way back on the patch or is that over?',
        ],
        [
          'out',
          2,
          'So glad it was benign. We decide together after the six-month pictures. Until then we can go up to 75 mg if you tolerate it.',
        ],
        ['in', 1, "Let's wait for the pictures then. I will stay where I am. Do you need the biopsy report from me?"],
        ['out', 1, 'We have it, it came by fax on Monday.'],
      ],
    },
  ],
};
