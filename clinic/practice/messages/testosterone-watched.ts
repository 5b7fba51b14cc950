// Messages of men on testosterone who are to be watched, or who stopped.
import type { Threads } from './thread.ts';

export const TESTOSTERONE_WATCHED: Threads = {
  'trt.hct': [
    {
      ago: 2,
      draw: 'h546',
      via: 'phone',
      about: 'clinical',
      by: 'nurse',
      taken: 'Patient called back about the hematocrit, message taken 11:40:',
      said: [
        [
          'in',
          0,
          "says he saw 54.6 in red on the portal, headaches off and on, wants to know if he should skip this week's shot or go give blood",
        ],
        [
          'out',
          0,
          'Spoke with {me}. Per {dr}: do not inject this week, visit moved up, phlebotomy to be scheduled. ER if chest pain, vision change or one-sided weakness. He read it back. - {nurse}',
        ],
      ],
    },
    {
      ago: 1,
      via: 'portal',
      about: 'clinical',
      subject: 'before tomorrow',
      said: [
        [
          'in',
          0,
          'Do you want me to get blood drawn before I come in or will you do it there? Also head feels clearer since the phlebotomy, for what its worth. BP at the drugstore was 148/90.',
        ],
      ],
    },
  ],
  'trt.psa': [
    {
      ago: 2,
      draw: 'p4',
      via: 'portal',
      about: 'clinical',
      subject: 'PSA',
      said: [
        ['in', 0, 'Doctor, 3.5 now, it was 1.9 a year and a half ago. My brother has it. I would rather know. What is the next step?'],
        [
          'out',
          1,
          'I agree that we should not wait. Please repeat the PSA in two weeks: no cycling and no ejaculation for 48 hours before. I am also sending a referral to urology today. No change to the gel until we have talked.',
        ],
        ['in', 0, "Understood, same gel for now. Should I tell my brother's doctor anything?"],
        ['out', 2, 'Not needed now. If your brother had genetic testing, bring a copy.'],
      ],
    },
    {
      ago: 9,
      via: 'phone',
      about: 'administrative',
      taken: 'Wife called the front desk:',
      said: [
        [
          'in',
          0,
          'urology says they never got the referral packet, only the cover page. please fax again with the labs, attn new patient desk',
        ],
        ['out', 1, 'Re-faxed 11 pages, confirmation received. Called her back. {desk}'],
      ],
    },
  ],
  'trt.stopped': [
    {
      ago: 118,
      via: 'portal',
      about: 'administrative',
      subject: 'records',
      said: [
        [
          'in',
          0,
          'We moved. Can you send my whole chart to the new place? They said 2 years of labs and the last note. Form attached I think.',
        ],
        [
          'out',
          6,
          'Hello {me}, the release came through without a signature. I re-sent it to your e-mail; once signed we send within 5 business days. {desk}',
        ],
      ],
    },
  ],
  'trt.overdue': [
    {
      ago: 44,
      via: 'sms',
      about: 'clinical',
      said: [
        ['in', 0, 'need my test refilled im out since last week'],
        [
          'out',
          3,
          'Hi {me}, {dr} needs the blood work before another refill, the last was over a year ago. The lab opens at 7:30, no appointment. Standing order is in.',
        ],
        ['in', 0, 'ok ok. i work 6 to 4. any evening?'],
        ['out', 1, 'Saturday 8 to noon at the draw station works for most. We cannot send it without labs.'],
      ],
    },
    {
      ago: 8,
      via: 'sms',
      about: 'scheduling',
      said: [['in', 0, 'did i have an appt last month? got a text about unconfirmed']],
    },
  ],
};
