// Short notes: the nurse's, and telephone calls.
import { dateOf } from '../days.ts';
import { orderOf } from '../labs/orders.ts';
import { drugOf } from '../medications/drugs.ts';
import type { Dice } from '../random.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { filled } from './compose.ts';
import type { Known, Past } from './facts.ts';

export type Sections = Partial<Record<'subjective' | 'objective' | 'assessment' | 'plan', string>>;

const ASIDES = [
  'Log: {n3} of {n12} readings high.',
  'Forgot the log.',
  'Log at home, will send.',
  'Home weight about the same.',
  'Home cuff within {n4} mmHg of ours.',
  'Walked here, {n20} min.',
  '{n2} cups of coffee this morning.',
  'Rested {n6} minutes first.',
  'Salt intake reviewed.',
  'Slept {n6} h.',
] as const;

const clock = (minute: number) =>
  `${((Math.floor(minute / 60) + 11) % 12) + 1}:${String(minute % 60).padStart(2, '0')} ${minute < 720 ? 'am' : 'pm'}`;

export function nurseNote(setting: Setting, visit: VisitFact, { known, past, dice }: { known: Known; past: Past; dice: Dice }): Sections {
  if (visit.kind === 'labs') return drawNote(setting, visit, dice);
  if (visit.kind === 'injection') return injectionNote(visit, { known, past, dice });
  if (visit.kind === 'phlebotomy') return phlebotomyNote(visit, known, dice);
  const heard = filled(
    dice.pick([
      'Feels fine today, busy with {hobby}.',
      'Here for {what}. No complaints.',
      'Reports {sleep}.',
      'Brought home cuff, log shows {n3} high readings.',
      'Asks about refill timing.',
      'Says shoes feel tighter in the evening.',
      'No dizziness. {Relative} drove.',
      'Stress from {stress}.',
    ]),
    {
      words: {
        what: dice.pick(['BP check', 'weight check', 'recheck']),
        sleep: dice.pick(['sleeping ok', 'poor sleep', 'waking early', 'better sleep']),
      },
    },
    dice,
  );
  return {
    subjective: `${clock(visit.minute)}. ${heard} ${filled(dice.pick(ASIDES), { words: {} }, dice)}`,
    objective: dice.pick([
      'Vitals in flowsheet, seated, left arm, x2.',
      'BP both arms, see flowsheet. Weight on clinic scale, no shoes.',
      'Flowsheet updated. Cuff large adult.',
      'Vitals done, second reading after 5 min rest.',
    ]),
    plan: filled(
      dice.pick([
        'Readings routed to provider.',
        'To recheck in {n4} weeks.',
        'Provider aware, no new orders.',
        'Home log sheet given, back in {n2} wk.',
        'Reviewed cuff technique. Next visit as scheduled.',
      ]),
      { words: {} },
      dice,
    ),
  };
}

function drawNote(setting: Setting, visit: VisitFact, dice: Dice): Sections {
  const draw = setting.arc.draws.find(({ label }) => label === visit.draw);
  const ordered = (draw?.orders ?? []).map((key) => orderOf(key).names[0].toLowerCase()).join(', ');
  const arm = dice.pick(['L AC', 'R AC', 'R hand', 'L forearm', 'R forearm']);
  const tries = dice.weighted([
    ['one stick', 8],
    ['second attempt successful', 2],
    ['two sticks, hard to find', 1],
  ] as const);
  const fasting = dice.weighted([
    [`Fasting ${dice.int(9, 14)} h`, 6],
    ['Not fasting, coffee with cream', 1],
    ['Fasting per pt, water only', 3],
  ] as const);
  return {
    objective: `${fasting}. ${dice.pick(['21G', '23G butterfly', '22G'])} ${arm}, ${tries}, ${clock(visit.minute + 6)}. ${dice.int(2, 6)} tubes.`,
    plan: `Sent: ${ordered}. ${dice.pick(['Tolerated well.', 'Pressure held, no hematoma.', 'Slightly lightheaded, juice given, ok at discharge.', 'Left in good condition.', 'Bandage, no bleeding.'])} ${dice.pick(['Courier 2 pm.', 'Spun and in fridge.', 'Picked up at noon.', 'Label checked with 2 identifiers.'])}`,
  };
}

function injectionNote(visit: VisitFact, { past, dice }: { known: Known; past: Past; dice: Dice }): Sections {
  const given = past.taken
    .filter(
      ({ drug, from, until }) =>
        from <= visit.day && until > visit.day && ['Injectable Solution', 'Pen Injector'].includes(drugOf(drug).form),
    )
    .at(-1);
  const site = dice.pick(['L ventrogluteal', 'R ventrogluteal', 'L vastus lateralis', 'R vastus lateralis', 'RLQ abdomen', 'L deltoid']);
  const expiry = `${String(dice.int(1, 12)).padStart(2, '0')}/${Number(dateOf(visit.day).slice(0, 4)) + dice.int(1, 2)}`;
  const lot = `${dice.pick(['A', 'K', 'M', 'T'])}${dice.int(1000, 9899)}${dice.pick(['', 'B', 'C'])}`;
  if (!given)
    return {
      objective: `Injection teaching with saline, ${site}. ${clock(visit.minute)}.`,
      plan: dice.pick(['Return demonstration good.', 'Needs one more session.', 'Comfortable to start at home.']),
    };
  return {
    subjective: `${clock(visit.minute)}. ${filled(dice.pick(['No reaction to last injection.', 'Reports slight soreness after last one, gone in {n2} d.', 'Doing fine, no complaints.', 'Wants to learn to self-inject.', 'In a hurry today, {stress}.', 'Last dose on time.', 'Came with {relative}.', 'Back from {trip}.', 'Small bruise last time, faded.', 'Asks if {weekday} works for the next one.']), { words: {} }, dice)}`,
    objective: `${drugOf(given.drug).short}: dose given ${site}, lot ${lot}, exp ${expiry}, ${clock(visit.minute + 4)}. ${dice.pick(['No bleeding.', 'Tolerated well.', 'Z-track.', 'Observed 10 min.'])}`,
    plan: dice.pick([
      'Next dose per schedule.',
      'Next one at home.',
      'Back next week if still unsure.',
      'Supplies given for 4 weeks.',
      'Will self-inject with RN watching next time.',
    ]),
  };
}

function phlebotomyNote(visit: VisitFact, { words }: Known, dice: Dice): Sections {
  return {
    subjective: dice.pick(['Ate breakfast, well hydrated. No headache today.', 'Had lunch and two bottles of water. Feels ok.']),
    objective: `Therapeutic phlebotomy ${dice.int(47, 51)}0 mL, ${dice.pick(['R AC', 'L AC'])} 16G, ${clock(visit.minute + 3)}. Pre-procedure Hct ${words.hct ?? 'on file'}. Vitals pre and post in flowsheet.`,
    plan: dice.pick(['Tolerated. Fluids, no lifting today. CBC in 4 weeks.', 'No dizziness on standing. Provider notified.']),
  };
}

/** A call about results, or about whatever the patient has been told to call about. */
export function phoneNote(setting: Setting, visit: VisitFact, { known, dice }: { known: Known; dice: Dice }): Sections {
  const newest = [...known.labs.values()]
    .filter(({ fact }) => fact.flag !== 'N')
    .map(({ fact }) => `${fact.row.name_raw} ${fact.row.comparator ?? ''}${fact.row.value}`);
  const results = newest.length > 0 ? `Reviewed: ${newest.slice(-3).join('; ')}.` : 'No abnormal results pending.';
  const who = setting.person.preferred ?? setting.person.given;
  return {
    subjective: filled(
      dice.pick([
        'Reached {who} on the second try, {time}.',
        '{time}: {who} returned our call.',
        'Called {who}, identity confirmed with DOB.',
        'Spoke with {who} at {time}, voicemail earlier today.',
      ]),
      { words: { who, time: clock(visit.minute) } },
      dice,
    ),
    assessment: results,
    plan: filled(
      dice.pick([
        '{who} understands, will repeat as discussed.',
        'Questions answered. Keep next visit.',
        'Will come in for repeat. {who} agrees.',
        'Advised to call with any change; verbalized understanding.',
        'Plan unchanged until visit. Message sent to provider.',
      ]),
      { words: { who } },
      dice,
    ),
  };
}
