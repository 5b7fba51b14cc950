// Messages of men on testosterone that goes well.
import type { Threads } from './thread.ts';

export const TESTOSTERONE: Threads = {
  'trt.stable': [
    {
      ago: 96,
      via: 'portal',
      about: 'clinical',
      subject: 'Needles',
      by: 'nurse',
      said: [
        [
          'in',
          0,
          'Pharmacy gave me the 22 gauge AGAIN. Can you send it over for 25G 1 inch like before? I am good on testosterone until the end of the month.',
        ],
        [
          'out',
          1,
          'Hi {me}, I re-sent the supplies as 25G x 1" and called the pharmacy so they change it on file. Let me know if they give you any trouble. - {nurse}',
        ],
      ],
    },
    {
      ago: 5,
      via: 'sms',
      about: 'scheduling',
      said: [
        ['in', 0, 'hey can i move my injection next week to the morning, flying out at 3'],
        ['out', 0, 'Hi {me}, {desk} here. We have 8:15 or 9:30 that day, which one works?'],
        ['in', 0, '8:15 pls'],
        ['out', 1, 'You are set for 8:15. Safe travels!'],
      ],
    },
  ],
  'trt.unit_switch': [
    {
      ago: 3,
      draw: 'b1',
      via: 'portal',
      about: 'clinical',
      subject: 'result says 26??',
      said: [
        [
          'in',
          0,
          'My testosterone was over 600 in the fall and this one says 26 something. Did my dose stop working? I have not missed a shot. Pretty worried to be honest.',
        ],
        [
          'out',
          1,
          'The number is fine. This laboratory reports in nmol/L, the last one in ng/dL; the same level looks about 29 times smaller. Converted, you are where you were. Nothing to change, and sorry for the scare.',
        ],
        [
          'in',
          0,
          'ok wow. thank you for explaining. Maybe put a note on those so people dont panic. Is the prostate number in the same units?',
        ],
        ['out', 3, 'Fair point, I passed it on. Yes, PSA is ng/mL at both laboratories and yours has not moved.'],
      ],
    },
  ],
  'trt.steady': [
    {
      ago: 36,
      via: 'portal',
      about: 'administrative',
      subject: 'CPAP compliance form',
      said: [
        [
          'in',
          0,
          'My DOT physical place wants proof I use the CPAP. The machine company says the doctor has to ask for the report? I drive for work so I need it by the 1st.',
        ],
        [
          'out',
          2,
          'Hi {me}, we requested the 90-day usage report from the equipment company and will upload it to your portal under Documents. Usually 2 to 3 days. {desk}',
        ],
      ],
    },
    {
      ago: 4,
      draw: 'y3',
      via: 'portal',
      about: 'clinical',
      subject: 'Test says QNS',
      by: 'nurse',
      said: [
        ['in', 0, 'One of my results just says QNS. What is that? Do I have to fast again?'],
        [
          'out',
          1,
          'Hi, QNS means there was not enough blood in that tube to run the test. You do not need to fast for the repeat. Call or reply with a day and I will put you on the lab schedule. - {nurse}',
        ],
      ],
    },
  ],
  'trt.titrating': [
    {
      ago: 63,
      via: 'portal',
      about: 'clinical',
      subject: 'New dose',
      said: [
        [
          'in',
          0,
          'Two shots into the 140. Energy is noticeably better but I am breaking out on my shoulders and my wife says I am snippy. Give it time or is that too much?',
        ],
        [
          'out',
          4,
          'Both can come with the peak after each injection. Split the dose: 70 mg twice a week, same total. If mood is not better in two weeks tell me and we go back to 100. Labs as planned.',
        ],
        ['in', 9, 'Splitting helped a lot with the mood. Skin still meh. Do I keep this up until the blood draw?'],
        ['out', 1, 'Yes, keep it. Draw on the morning before an injection please.'],
      ],
    },
    {
      ago: 4,
      via: 'sms',
      about: 'scheduling',
      said: [
        ['in', 0, 'So sorry I missed the nurse visit, kid had a fever. Do I get charged??'],
        ['out', 1, 'No charge this time, {me}. Hope the little one is better. Want me to rebook it?'],
        ['in', 1, 'yes please, any day but wed'],
      ],
    },
  ],
  'trt.titrating_late': [
    {
      ago: 1,
      draw: 'm8',
      via: 'portal',
      about: 'clinical',
      subject: 'which result is newer',
      said: [
        ['in', 0, 'A result came in today that says 1090 but I already had one that says 706. Am I too high?'],
        [
          'out',
          6,
          'The 1090 was drawn two weeks BEFORE the 706, the laboratory was just late with it, and it was the day after an injection. 706 is the one we go by. No change until I see you.',
        ],
      ],
    },
    {
      ago: 7,
      via: 'portal',
      about: 'clinical',
      subject: 'Night sweats',
      said: [
        [
          'in',
          0,
          'Since going down to 140 I wake up soaked around 3. Not every night, maybe 4 of 7. No fever. Is this from lowering the dose?',
        ],
        ['in', 3, 'Checking on this. Happened again last night.'],
      ],
    },
  ],
};
