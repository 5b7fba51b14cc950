// One visit with a clinician as a SOAP note, in the author's hand.
import type { Span } from '../../src/domains/mark.ts';
import type { Topic } from '../arcs/arc.ts';
import type { Dice } from '../random.ts';
import type { NoteBody } from '../rows.ts';
import type { Setting } from '../setting.ts';
import type { Clinician } from '../sites.ts';
import type { VisitFact } from '../visit.ts';
import type { Teller } from './compose.ts';
import type { Known } from './facts.ts';
import { DIABETES_TALK } from './phrases/diabetes.ts';
import { GENERAL_TALK } from './phrases/general.ts';
import { GLP1_TALK } from './phrases/glp1.ts';
import { HRT_TALK } from './phrases/hrt.ts';
import { KIDNEY_TALK } from './phrases/kidney.ts';
import { LIVES } from './phrases/lives.ts';
import type { Talk } from './phrases/phrase.ts';
import { PROBLEMS } from './phrases/problems.ts';
import { THYROID_TALK } from './phrases/thyroid.ts';
import { TRT_TALK } from './phrases/trt.ts';
import { decided, quoted, written } from './voice.ts';

export const TALKS: Record<Topic, Talk> = {
  trt: TRT_TALK,
  glp1: GLP1_TALK,
  hrt: HRT_TALK,
  thyroid: THYROID_TALK,
  diabetes: DIABETES_TALK,
  kidney: KIDNEY_TALK,
  general: GENERAL_TALK,
};

export interface Written {
  setting: Setting;
  visit: VisitFact;
  author: Clinician;
  known: Known;
  teller: Teller;
  /** Names the streams of this note. */
  at: string;
  dice: Dice;
}

export const own = (text: string): Span => ({ text, origin: 'clinic' });

/** Sickness that came by itself is no chronic visit. */
export function talkOf({ setting, visit }: Pick<Written, 'setting' | 'visit'>): Talk {
  return TALKS[visit.kind === 'acute' ? 'general' : setting.arc.topic];
}

export function soapOf(note: Written): NoteBody {
  const { setting, author, known, teller, at, dice } = note;
  const talk = talkOf(note);
  const { voice } = author;
  const say = (slots: Talk['subjective'], section: string) => slots.map((slot, i) => teller.say(slot, `${section}.${i}`, known, at));
  const told = say(talk.subjective, 'subjective').filter((text, i) => text !== '' && (i === 0 || dice.chance(0.86)));
  const life = dice.chance(0.62) || told.length < 3 ? teller.say(LIVES, 'life', known, at) : '';
  const exam = say(talk.exam, 'exam');
  const results = quotesOf(note, talk);
  const old = dice.pick(['No new labs since last visit.', 'No interval labs.', 'Labs: none new.', 'Next labs pending.']);
  const others = setting.arc.conditions.slice(1).flatMap((icd10) => {
    const slot = PROBLEMS[icd10];
    return slot && dice.chance(0.55) ? [teller.say(slot, `problem.${icd10}`, known, at)] : [];
  });
  const changes = known.changes.map((change) => decided(change, dice));
  const assessment = [...say(talk.assessment, 'assessment').filter((text, i) => i === 0 || text !== ''), ...others.slice(0, 2)];
  const plan = [...changes, ...say(talk.plan, 'plan')];
  return {
    subjective: [own(written(voice, [...told.slice(0, 2), life, ...told.slice(2)]))],
    objective: [own([results || old, written(voice, exam)].join(voice === 'list' ? '\n' : ' '))],
    assessment: [own(written(voice, assessment, true))],
    plan: [own(written(voice, plan, true))],
  };
}

/** The results that came since the last visit, or those an annual visit looks back on. */
function quotesOf({ author, known, visit }: Written, talk: Talk): string {
  const results = talk.quotes.flatMap(([analyte, full, short]) => {
    const found = known.labs.get(analyte);
    return found && (found.isNew || visit.kind === 'annual') ? [{ ...found, full, short }] : [];
  });
  const days = results.map(({ fact }) => fact.day);
  const newest = results.filter(({ fact }) => fact.day === Math.max(...days));
  return quoted(author.voice, newest);
}
