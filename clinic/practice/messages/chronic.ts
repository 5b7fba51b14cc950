// Messages of patients with diabetes, blood pressure and kidneys.
import type { Threads } from './thread.ts';

export const CHRONIC_WORDS: Threads = {
  'dm.improving': [
    {
      ago: 3,
      draw: 'q8',
      via: 'portal',
      about: 'clinical',
      subject: '7.1!!!',
      said: [
        [
          'in',
          0,
          'SEVEN POINT ONE. From 9.8. I framed it. Can I come off one of them now? The water pill for sugar makes me pee all day (empa something).',
        ],
        [
          'out',
          1,
          'You earned that frame. We keep the empagliflozin, it protects your heart and kidneys besides the sugar. Take it in the morning. We can talk about halving the metformin at the visit.',
        ],
      ],
    },
    {
      ago: 8,
      via: 'portal',
      about: 'administrative',
      subject: 'Form for my CDL',
      said: [
        [
          'in',
          0,
          'Need the insulin-free diabetes form filled before the 30th for the medical card. I uploaded page 1 to 4. They want a signature on 3.',
        ],
        ['out', 2, "Got it, {me}. It is on {dr}'s desk for signature. We will call you when it is ready. {desk}"],
      ],
    },
  ],
  'dm.controlled': [
    {
      ago: 14,
      via: 'phone',
      about: 'clinical',
      by: 'nurse',
      taken: 'Patient on the line, call taken by the front desk:',
      said: [
        [
          'in',
          0,
          'got shaky and sweaty at the hardware store, sugar was 61, ate a candy bar, fine after. skipped lunch. asks if he should skip the metformin tonight',
        ],
        ['out', 0, 'Called back. No need to skip. Not to skip meals, carry glucose tabs, log the next 5 days and bring it. - {nurse}'],
      ],
    },
  ],
  'dm.none': [
    {
      ago: 3,
      via: 'phone',
      about: 'scheduling',
      taken: 'Daughter left a voicemail:',
      said: [
        [
          'in',
          0,
          'he says he forgot about the appointment, really he did not want to come. can we get the yearly one on a day when I can drive him, not before 11. call my number not his',
        ],
      ],
    },
  ],
  'dm.ifcc': [
    {
      ago: 2,
      draw: 'd',
      via: 'portal',
      about: 'clinical',
      subject: 'Result 52',
      said: [
        [
          'in',
          0,
          'Now it is 52. Lower is better I think? In your letter you write 6.9. Please explain once more, I want to tell my sister.',
        ],
        ['out', 1, '52 mmol/mol and 6.9 % are the same result in two units. Yes, lower, and now at goal. Well done.'],
      ],
    },
    {
      ago: 4,
      via: 'portal',
      about: 'billing',
      subject: 'copay',
      said: [
        [
          'in',
          0,
          'I paid 40 at the desk and now a bill for 40 for the same day. I have the receipt, I can send a photo. Please check, I do not want to go to collections.',
        ],
      ],
    },
  ],
  'ckd.equation': [
    {
      ago: 3,
      draw: 'd',
      via: 'portal',
      about: 'clinical',
      subject: 'kidney number went UP',
      said: [
        ['in', 0, 'Filtration went from 48 to 51 with the same creatinine. Engineer here. Same input, different output. What changed?'],
        [
          'out',
          2,
          'You found it: the laboratory changed the equation (2021, without race). Your kidneys did the same work as before. Stable, which is what we want.',
        ],
      ],
    },
    {
      ago: 0,
      draw: 'k68',
      via: 'phone',
      about: 'clinical',
      by: 'nurse',
      taken: 'Lab called a critical, patient reached at home, his question:',
      said: [
        ['in', 0, 'potassium 6.8, he asks if he needs the emergency room, feels completely normal, ate two bananas'],
        [
          'out',
          0,
          'Specimen was hemolyzed per laboratory. {dr} wants a redraw tomorrow first thing. ER tonight if weak, palpitations or faint. Repeated back. - {nurse}',
        ],
      ],
    },
    {
      ago: 21,
      via: 'portal',
      about: 'clinical',
      subject: 'gout med and naproxen',
      said: [
        ['in', 0, 'Toe is the size of a plum. Neighbor offered naproxen. You told me never. Still never?'],
        [
          'out',
          1,
          'Still never, with your kidneys. Acetaminophen, ice and the foot up today; come in tomorrow if it is not better. Keep taking the allopurinol, do not stop it during a flare.',
        ],
      ],
    },
  ],
  'ckd.decline': [
    {
      ago: 3,
      draw: 'f',
      via: 'phone',
      about: 'clinical',
      taken: 'Grandson called for her (release on file), 3:20 pm:',
      said: [
        [
          'in',
          0,
          'wants to know what the kidney specialist visit is for, she thinks it means dialysis and will not go. asks if {dr} can call HER',
        ],
        [
          'out',
          1,
          'Called her at home, 15 min. The visit is to slow things down, not to start dialysis. She agrees to go if the grandson drives.',
        ],
      ],
    },
    {
      ago: 1,
      via: 'phone',
      about: 'clinical',
      taken: 'Home health nurse called on behalf of the patient:',
      said: [
        [
          'in',
          0,
          'wt up 5 lb since Monday, ankles 2+, patient says breathing ok but sleeps in the recliner. asking for furosemide orders today',
        ],
      ],
    },
  ],
};
