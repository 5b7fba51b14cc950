// What the blood of one person holds on one day: set point × drift × drugs × season × biological and analytical variation, within bounds.

import type { Arc } from '../arcs/arc.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import type { Agent } from '../medications/drug.ts';
import type { Dice } from '../random.ts';
import { type Levels, POPULATION, type Primary, variationOf } from './population.ts';

/** A dose that was taken from one day until another. */
export interface Exposure {
  agent: Agent;
  dose: number;
  from: Day;
  until: Day;
}

export interface Body {
  sex: 'female' | 'male';
  arc: Arc;
  as_of: Day;
  exposures: readonly Exposure[];
  dice: (stream: string) => Dice;
}

const PRIMARIES = Object.keys(POPULATION) as Primary[];

/** Where this body settles when nothing is done to it: each quantity has its own stream. */
export function setPointsOf({ sex, arc, dice }: Body): Levels {
  const points = Object.fromEntries(
    PRIMARIES.map((primary) => {
      const { male, female, log } = variationOf(primary);
      const [median, spread] = sex === 'male' ? male : female;
      const sd = spread * (arc.calm ?? 1);
      const given = arc.set?.[primary];
      const stream = dice(`set.${primary}`);
      // Given ones differ a little too, so that two people with one disease do not have one number.
      if (given !== undefined) return [primary, log ? given * (1 + stream.normal(0, 0.035)) : given + stream.normal(0, 0.2 * sd)];
      return [primary, log ? median * Math.exp(stream.normal(0, sd)) : stream.normal(median, sd)];
    }),
  ) as Levels;
  // A liver that lets out one enzyme lets out the other.
  points.ast *= Math.sqrt(points.alt / POPULATION.alt[sex][0]);
  return points;
}

/** The dose that is felt on `day` when the body follows with time constant `days`: each change fades in, and out. */
export function felt(body: Pick<Body, 'exposures'>, agent: Agent, day: Day, days: number): number {
  const ramp = (since: number) => (since <= 0 ? 0 : 1 - Math.exp(-since / days));
  return body.exposures
    .filter((each) => each.agent === agent)
    .reduce((sum, { dose, from, until }) => sum + dose * (ramp(day - from) - ramp(day - until)), 0);
}

function drifted(body: Body, primary: Primary, day: Day): number {
  const knots = body.arc.drift?.[primary];
  if (!knots) return 1;
  const ago = body.as_of - day;
  const next = knots.findIndex(([at]) => at <= ago);
  if (next === 0) return (knots[0] as readonly [number, number])[1];
  if (next < 0) return (knots[knots.length - 1] as readonly [number, number])[1];
  const [[from, before], [to, after]] = [knots[next - 1], knots[next]] as [readonly [number, number], readonly [number, number]];
  return before + ((after - before) * (from - ago)) / (from - to);
}

function season(primary: Primary, day: Day): number {
  const date = dateOf(day);
  const wave = (peak: number) => Math.cos((2 * Math.PI * (day - dayOf(`${date.slice(0, 4)}-01-01`) - peak)) / 365.25);
  if (primary === 'vitd') return 1 + 0.11 * wave(230);
  if (primary === 'ldl') return 1 + 0.015 * wave(20);
  return primary === 'a1c' ? 1 + 0.006 * wave(35) : 1;
}

/** What drugs make of the set points; each effect is bounded. */
function treated(body: Body, at: Levels, day: Day): Levels {
  const to = { ...at };
  const less = (primary: Primary, part: number) => {
    to[primary] *= 1 - Math.min(0.95, part);
  };
  const sugar = Math.min(
    0.75,
    0.3 * felt(body, 'metformin', day, 40) + 0.4 * felt(body, 'incretin', day, 50) + 0.18 * felt(body, 'sglt2', day, 40),
  );
  to.a1c = 5.3 + (to.a1c - 5.3) * (to.a1c > 5.3 ? 1 - sugar : 1);
  to.glucose = 90 + (to.glucose - 90) * (to.glucose > 90 ? 1 - sugar : 1);
  const incretin = felt(body, 'incretin', day, 70);
  less('tg', 0.2 * incretin);
  less('insulin', 0.35 * incretin);
  less('alt', to.alt > 30 ? 0.3 * incretin : 0);
  less('ldl', felt(body, 'statin', day, 14));
  less('tg', 0.25 * felt(body, 'statin', day, 14));
  if (body.sex === 'male') {
    const weekly = felt(body, 'testosterone', day, 14);
    const response = body.dice('set.testosterone_response').normal(5.3, 0.35);
    const suppressed = Math.min(1, weekly / 60);
    to.tt = to.tt * (1 - suppressed) * (1 + 0.9 * Math.min(1, felt(body, 'clomiphene', day, 20) / 25)) + weekly * response;
    less('lh', 0.97 * suppressed);
    less('fsh', 0.96 * suppressed);
    to.e2 += 0.11 * weekly;
    less('shbg', 0.08 * (weekly / 100));
    less('hdl', 0.06 * (weekly / 100));
    to.hgb += (0.75 * felt(body, 'testosterone', day, 110)) / 100;
    to.psa *= 1 + 0.12 * Math.min(1, felt(body, 'testosterone', day, 60) / 100);
  } else {
    const estradiol = felt(body, 'estradiol', day, 12);
    to.e2 += estradiol;
    less('fsh', (0.5 * estradiol) / 44);
    less('lh', (0.4 * estradiol) / 44);
    to.tt += felt(body, 'testosterone_f', day, 14);
  }
  less('tsh', Math.min(0.6, (0.5 * felt(body, 'levothyroxine', day, 28)) / 75));
  const biotin = felt(body, 'biotin', day, 1.5);
  less('tsh', 0.94 * biotin);
  to.ft4 *= 1 + 1.05 * biotin;
  to.ft3 *= 1 + 0.75 * biotin;
  to.k += 0.1 * felt(body, 'acei', day, 10) - 0.28 * felt(body, 'thiazide', day, 14) - 0.15 * felt(body, 'loop', day, 14);
  to.na -= felt(body, 'thiazide', day, 14);
  to.uric += 0.5 * felt(body, 'thiazide', day, 20);
  less('uric', 0.28 * felt(body, 'allopurinol', day, 14));
  const iron = felt(body, 'iron', day, 60);
  to.ferritin *= 1 + (to.ferritin < 40 ? 2.2 * iron : 0.3 * iron);
  if (at.hgb < 12.3) to.hgb += 1.1 * iron;
  if (at.mcv < 84) to.mcv += 5 * iron;
  to.vitd += 15 * Math.min(1.2, felt(body, 'vitamin_d', day, 50));
  return to;
}

/** The measured levels of one draw, before rounding. `pins` are what comes out, whatever the rest says. */
export function levelsOn(body: Body, draw: { label: string; day: Day; pins?: Partial<Record<Primary, number>> | undefined }): Levels {
  const usual = setPointsOf(body);
  for (const primary of PRIMARIES) usual[primary] *= drifted(body, primary, draw.day) * season(primary, draw.day);
  const levels = treated(body, usual, draw.day);
  const { pins = {} } = draw;
  if (pins.a1c !== undefined) levels.glucose = (28.7 * pins.a1c - 46.7) * 0.84;
  const water = body.dice(`draw.${draw.label}.water`).normal(0, 0.009 * (body.arc.calm ?? 1));
  const { calm = 1 } = body.arc;
  const concentrated: readonly Primary[] = ['hgb', 'alb', 'tp', 'ldl', 'hdl', 'ca'];
  for (const primary of PRIMARIES) {
    const { cvi, cva, bounds } = variationOf(primary);
    const noise = body.dice(`draw.${draw.label}.${primary}`);
    const measured =
      levels[primary] *
      (1 + noise.normal(0, (calm * cvi) / 100)) *
      (1 + noise.normal(0, (calm * cva) / 100)) *
      (concentrated.includes(primary) ? 1 + water : 1);
    levels[primary] = pins[primary] ?? Math.max(bounds[0], Math.min(bounds[1], measured));
  }
  levels.ast = Math.max(8, levels.ast * (0.6 + (0.4 * levels.alt) / Math.max(1, usual.alt)));
  return levels;
}
