// Messages of patients with a thyroid out of step, and of a twin.
import type { Threads } from './thread.ts';

export const THYROID_WORDS: Threads = {
  'thyroid.over': [
    {
      ago: 4,
      draw: 'd',
      via: 'phone',
      about: 'clinical',
      taken: 'Left on the nurse line 7:52 am:',
      said: [
        [
          'in',
          0,
          'this is about the thyroid letter. I take the rose one and the purple one every morning like the bottles say. heart goes pitter patter at night. do you want me to stop one',
        ],
        [
          'out',
          2,
          'Reached her. To take the rose (112) only and set the other bottle aside. Teach-back good. Pharmacy called to inactivate the 88.',
        ],
      ],
    },
    {
      ago: 3,
      via: 'portal',
      about: 'clinical',
      subject: 'still shaky',
      by: 'nurse',
      said: [
        ['in', 0, 'My hands shake when I hold the coffee. Found BOTH bottles in the pill box again, my daughter filled it. Am I poisoned?'],
        [
          'out',
          1,
          'Not poisoned, but please take none tomorrow and bring both bottles and the box. Call us right away if your heart races and does not settle or you feel faint. See you at your visit. - {nurse}',
        ],
      ],
    },
  ],
  'thyroid.biotin': [
    {
      ago: 236,
      via: 'portal',
      about: 'clinical',
      subject: 'no gummies for 2 weeks',
      said: [
        [
          'in',
          0,
          'Redid the blood like you asked, no biotin. Is it really possible that a vitamin did that? My friend has Graves and I was convinced.',
        ],
        [
          'out',
          1,
          'Really possible. Your thyroid is normal. The biotin fools the test, not your body. Leave it off a week before any blood work.',
        ],
      ],
    },
    {
      ago: 9,
      via: 'portal',
      about: 'clinical',
      subject: 'iron and hair',
      said: [
        [
          'in',
          0,
          'My ferritin was good last time so I stopped the iron, but the hair is coming out in the shower again, like a small animal. Should I restart? I have half a bottle. Also is it ok with an IUD, I am getting one in two weeks.',
        ],
      ],
    },
  ],
  'thyroid.hashimoto': [
    {
      ago: 2,
      draw: 'm19',
      via: 'portal',
      about: 'clinical',
      subject: 'TSH 2.6',
      said: [
        ['in', 0, 'TSH is normal, I feel tired same as before. Is it possible the pill is not for me?'],
        [
          'out',
          3,
          'Your dose is right. Let us look for other reasons: sleep, iron, mood. I added ferritin to your blood, same tube. Visit next week as planned.',
        ],
      ],
    },
    {
      ago: 48,
      via: 'portal',
      about: 'administrative',
      subject: 'letter for travel',
      said: [
        [
          'in',
          0,
          'I travel for 2 months to see my mother. I need letter for the airport with name of the medicine, and 90 days. Thank you',
        ],
        ['out', 1, 'The letter is in your portal, and {dr} approved one 90-day fill. Good trip! {desk}'],
      ],
    },
  ],
  'thyroid.twin': [
    {
      ago: 1,
      via: 'sms',
      about: 'administrative',
      said: [['in', 0, 'hi my sister got my lab text again lol we have the same bday pls fix']],
    },
  ],
  'well.twin': [
    {
      ago: 52,
      via: 'portal',
      about: 'clinical',
      subject: 'missed 2 pills',
      by: 'nurse',
      said: [
        ['in', 0, 'missed fri and sat (festival). took both sunday. is that bad? do i need plan b'],
        [
          'out',
          1,
          'With this pill more than 3 hours late counts as missed. Use condoms for 2 days, and if you had sex without one in those days, yes, take emergency contraception today; you can get it without a prescription. - {nurse}',
        ],
      ],
    },
  ],
};
