import { dateOf, dayOf, instantOf } from '../days.ts';
import { funnelOf } from '../money/books-funnel.ts';
import { bridgeOf, membersAt } from '../money/books-members.ts';
import type { Told } from './answer.ts';
import { leaves } from './books.ts';
import type { Question } from './expectation.ts';
import { ago, moneyTold, nowOf } from './money-told.ts';

interface Asked {
  ask: string;
  trap: string;
  range?: { from: string; to: string };
  within_days?: number;
}

export function funnel(told: Told): Question[] {
  const ask = (asked: Asked): Question => cohort(told, asked);
  return [
    ask({ ask: 'How is our lead conversion going?', trap: 'without a range: 180 days; the youngest cohorts are immature' }),
    ask({
      ask: 'Of the leads of a year ago, how many became paying patients?',
      trap: 'a cohort by the day of asking; who asked twice is one person',
      range: { from: ago(told, 420), to: ago(told, 240) },
    }),
    ask({
      ask: 'Show me the whole lead funnel of the last two years.',
      trap: 'spam, tests, duplicates and existing patients are out',
      range: { from: ago(told, 735), to: told.options.as_of },
    }),
    ask({
      ask: 'How many leads pay within six weeks of asking?',
      trap: 'what came later than the window does not count',
      range: { from: ago(told, 700), to: ago(told, 100) },
      within_days: 45,
    }),
    ask({
      ask: 'Leads from the last four weeks?',
      trap: 'a cohort younger than its window has no mature rate',
      range: { from: ago(told, 28), to: told.options.as_of },
    }),
  ];
}

function cohort(told: Told, { ask, trap, range, within_days = 90 }: Asked): Question {
  const today = told.options.as_of;
  const { from, to } = range ?? { from: ago(told, 179), to: today };
  const money = moneyTold(told);
  const { excluded: _, by_source: __, stages, ...figures } = funnelOf(money, { from, to, within_days, today, now: nowOf(told) });
  const same = [...leaves('stages', stages), ...Object.entries(figures).flatMap(([name, value]) => leaves(name, value))];
  return {
    tool: 'get_lead_funnel',
    as: 'owner',
    ask,
    trap,
    arguments: { ...(range && { date_range: range }), ...(within_days !== 90 && { within_days }) },
    expect: { same: { from, to, within_days, ...Object.fromEntries(same) } },
  };
}

export function members(told: Told): Question[] {
  const back = (months: number) => {
    const [year, month] = told.options.as_of.split('-').map(Number) as [number, number];
    return dateOf(Date.UTC(year, month - 1 - months, 1) / 86_400_000).slice(0, 7);
  };
  return [
    memberQuestion(told, { ask: 'How many members do we have, and what is our MRR?', trap: 'past due counts, paused and trials do not' }),
    memberQuestion(told, { ask: 'How did membership revenue move last month?', trap: 'the bridge holds to the cent', month: back(1) }),
    memberQuestion(told, {
      ask: 'Who churned two months ago, by choice or because the card failed?',
      trap: 'voluntary and involuntary apart',
      month: back(2),
    }),
    memberQuestion(told, { ask: 'Membership churn three months ago?', trap: 'an unpaid membership is lost as well', month: back(3) }),
    memberQuestion(told, { ask: 'MRR five months ago, and who came back?', trap: 'a reactivation is not new', month: back(5) }),
    memberQuestion(told, {
      ask: 'How many members did we have nine months ago?',
      trap: 'a finite coupon does not lower MRR',
      month: back(9),
    }),
  ];
}

function memberQuestion(told: Told, { ask, trap, month }: { ask: string; trap: string; month?: string }): Question {
  const { zone } = (told.all[0] as Told['all'][number]).setting.site;
  const money = moneyTold(told);
  const of = month ?? told.options.as_of.slice(0, 7);
  const midnight = (at: string) => Date.parse(instantOf(zone, dayOf(`${at}-01`), 0));
  const next = dateOf(dayOf(`${of}-01`) + 31).slice(0, 7);
  const before = dateOf(dayOf(`${of}-01`) - 1).slice(0, 7);
  const end = Math.min(nowOf(told), midnight(next));
  const { by_plan: _, ...standing } = membersAt(money, end);
  const figures = {
    ...standing,
    current: { month: of, ...bridgeOf(money, midnight(of), end) },
    previous: { month: before, ...bridgeOf(money, midnight(before), midnight(of)) },
  };
  return {
    tool: 'get_membership_metrics',
    as: 'owner',
    ask,
    trap,
    arguments: month ? { month } : {},
    expect: { same: Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => leaves(name, value))) },
  };
}
