// Every figure of the clinic's money twice: by SQL, and by a second hand in TypeScript from the rows alone (clinic/money/books*.ts).
import { expect } from 'vitest';
import { dateOf, dayOf, instantOf } from '../../clinic/days.ts';
import { booksOf } from '../../clinic/money/books.ts';
import { attendanceOf } from '../../clinic/money/books-attendance.ts';
import { denialsOf } from '../../clinic/money/books-denials.ts';
import { funnelOf } from '../../clinic/money/books-funnel.ts';
import { bridgeOf, membersAt } from '../../clinic/money/books-members.ts';
import { balanceOf, profitOf } from '../../clinic/money/books-patient.ts';
import { diceOf } from '../../clinic/random.ts';
import { SITES } from '../../clinic/sites.ts';
import { type MoneyClinic, moneyClinic } from '../builders/money-clinic.ts';
import type { Native, TestRecord } from '../builders/record.ts';
import { verifies } from '../promises.ts';
import { AS_OF, CLINICS, countedTwice, type Difference } from '../recount.ts';

/** The days between which the tool is asked, other ones for every clinic. */
function rangesOf({ options }: MoneyClinic): { from: string; to: string }[] {
  const dice = diceOf({ seed: options.seed, tenant: options.clinic, patient: '' })('recount.ranges');
  const today = dayOf(AS_OF);
  const start = today - dice.int(60, 680);
  return [
    { from: dateOf(start), to: dateOf(start + dice.int(0, 45)) },
    { from: dateOf(today - 365), to: dateOf(today - dice.int(0, 30) * dice.int(0, 1)) },
  ];
}

/** Only what both name; the rest of an answer (lists, definitions) has tests of its own. */
function like(said: unknown, told: unknown): unknown {
  if (Array.isArray(told) || told === null || typeof told !== 'object' || said === null || typeof said !== 'object') return said;
  return Object.fromEntries(
    Object.keys(told).map((key) => [key, like((said as Record<string, unknown>)[key], (told as Record<string, unknown>)[key])]),
  );
}
const sorted = <T>(list: readonly T[], key: (each: T) => string) => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));

async function billing(native: Native, whole: MoneyClinic, today: string): Promise<Difference[]> {
  const scopes = [undefined, whole.practitioners[whole.options.seed % 4]?.id];
  const asked = rangesOf(whole).flatMap((range, n) =>
    (n === 0 ? scopes : [undefined]).map((practitioner_id) => ({ ...range, practitioner_id })),
  );
  return Promise.all(
    asked.map(async ({ from, to, practitioner_id }) => {
      const { identity, charges, payouts, ...said } = await native.billing.summary({ from, to, practitioner_id });
      const told = booksOf(whole, { from, to, today, ...(practitioner_id && { practitioner_id }) });
      const identityOf = ({ charges_cents, taxes_cents, voided_cents, ...rest }: typeof identity) => ({
        ...rest,
        net: charges_cents + taxes_cents - voided_cents,
      });
      const kinds = ({ by_kind, ...rest }: typeof charges) => ({
        ...rest,
        by_kind: sorted(
          by_kind.filter(({ cents }) => cents !== 0),
          ({ kind }) => kind,
        ),
      });
      const { identity: own, charges: own_charges, payouts: own_payouts, ...rest } = told;
      return difference(`billing ${from} ${to} ${practitioner_id ?? ''}`, {
        said: { ...(like(said, rest) as object), identity: identityOf(identity), charges: kinds(charges), payouts },
        told: { ...rest, identity: identityOf(own), charges: kinds(own_charges), payouts: own_payouts?.count ? own_payouts : undefined },
      });
    }),
  );
}

const difference = (what: string, { said, told }: { said: unknown; told: unknown }): Difference => ({ what, said, told });

async function patients(native: Native, whole: MoneyClinic, today: string): Promise<Difference[]> {
  const some = whole.patients.filter((_, n) => n % 9 === whole.options.seed % 9 && whole.patients[n]?.replaced_by === null);
  const found = await Promise.all(
    some.map(async ({ id }) => {
      const [profit, balance] = await Promise.all([
        native.profits.get({ patient_id: id }),
        native.balances.get({ patient_id: id, limit: 5 }),
      ]);
      const own = profitOf(whole, { patient_id: id, today });
      const owed = balanceOf(whole, { patient_id: id, today });
      return [
        difference(`profit ${id}`, { said: like(profit, own), told: own }),
        difference(`balance ${id}`, { said: like(balance, owed), told: owed }),
      ];
    }),
  );
  return found.flat();
}

async function funnel(native: Native, whole: MoneyClinic, { today, now }: { today: string; now: number }): Promise<Difference[]> {
  return Promise.all(
    [...rangesOf(whole), { from: '2024-11-15', to: AS_OF }].map(async ({ from, to }, n) => {
      const within_days = n === 0 ? 30 : 90;
      const { excluded, stages, by_source, ...said } = await native.leads.funnel({ from, to, within_days });
      const { excluded: out, ...told } = funnelOf(whole, { from, to, within_days, today, now });
      const reasons = new Map(excluded.map(({ reason, count }) => [reason, count]));
      return difference(`funnel ${from} ${to}`, {
        said: {
          ...(like(said, { ...told, stages: undefined, by_source: undefined }) as object),
          stages: stages.map(({ median_days: _, ...stage }) => stage),
          by_source: sorted(by_source, ({ source }) => source),
          out: [...reasons.values()].reduce((sum, count) => sum + count, 0),
        },
        told: { ...told, out: Object.values(out).reduce((sum, count) => sum + count, 0) },
      });
    }),
  );
}

const nextMonth = (month: string) => dateOf(dayOf(`${month}-01`) + 31).slice(0, 7);

async function members(native: Native, whole: MoneyClinic, now: number): Promise<Difference[]> {
  const zone = SITES[whole.options.clinic].zone;
  const midnight = (month: string) => Date.parse(instantOf(zone, dayOf(`${month}-01`), 0));
  const dice = diceOf({ seed: whole.options.seed, tenant: whole.options.clinic, patient: '' })('recount.month');
  const months = [AS_OF.slice(0, 7), dateOf(dayOf(AS_OF) - dice.int(31, 430)).slice(0, 7)];
  return Promise.all(
    months.map(async (month) => {
      const said = await native.memberships.metrics({ month });
      const end = Math.min(now, midnight(nextMonth(month)));
      const told = {
        ...membersAt(whole, end),
        current: bridgeOf(whole, midnight(month), end),
        previous: bridgeOf(whole, midnight(dateOf(dayOf(`${month}-01`) - 1).slice(0, 7)), midnight(month)),
      };
      const listed = like(said, told) as typeof told;
      return difference(`members ${month}`, { said: { ...listed, by_plan: sorted(listed.by_plan, ({ plan }) => plan) }, told });
    }),
  );
}

async function denials(native: Native, whole: MoneyClinic): Promise<Difference[]> {
  return Promise.all(
    rangesOf(whole)
      .slice(1)
      .map(async ({ from, to }) => {
        const { summary } = await native.claims.denials({ from, to, limit: 5 });
        const { ids: _, ...told } = denialsOf(whole, { from, to });
        return difference(`denials ${from} ${to}`, { said: like(summary, told), told });
      }),
  );
}

async function attendance(native: Native, whole: MoneyClinic, now: number): Promise<Difference[]> {
  return Promise.all(
    rangesOf(whole)
      .slice(1)
      .map(async ({ from, to }) => {
        const { overview } = await native.appointments.attendance({ from, to, list: 'no_show', limit: 5 });
        const { outcomes, ...figures } = attendanceOf(whole, { from, to, now });
        return difference(`attendance ${from} ${to}`, {
          said: { outcomes: like(overview?.outcomes, outcomes), ...(like(overview?.figures, figures) as object) },
          told: { outcomes, ...figures },
        });
      }),
  );
}

async function recount(record: TestRecord, whole: MoneyClinic): Promise<Difference[]> {
  const at = instantOf(SITES[whole.options.clinic].zone, dayOf(AS_OF), 600);
  const now = Date.parse(at);
  const call = { tenant_id: whole.tenant.tenant_id, now: new Date(now).toISOString() };
  return record.ask(async (native) => {
    const all = await Promise.all([
      billing(native, whole, AS_OF),
      patients(native, whole, AS_OF),
      funnel(native, whole, { today: AS_OF, now }),
      members(native, whole, now),
      denials(native, whole),
      attendance(native, whole, now),
    ]);
    return all.flat();
  }, call);
}

/** Several clinics into one database, table by table. */
async function loadAll(record: TestRecord, wholes: readonly MoneyClinic[]): Promise<void> {
  for (const { tenant } of wholes) await record.load({ tenant_id: tenant.tenant_id });
  const { options: _, tenant: __, ...tables } = wholes[0] as MoneyClinic;
  const all = Object.keys(tables).map(
    (table) => [table, wholes.flatMap((whole) => whole[table as keyof typeof tables] as object[])] as const,
  );
  await record.load({ tenant_id: (wholes[0] as MoneyClinic).tenant.tenant_id, ...Object.fromEntries(all) });
  await record.admin.query('analyze');
}

const counted = countedTwice('the money', { make: moneyClinic, load: loadAll, recount });
verifies('answers:figures-counted-twice', () => expect(counted()).toBe(CLINICS));
