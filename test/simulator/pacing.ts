// T8: a day of fifty accounts at practices that count calls by the minute, on four nodes. Now and then somebody else's software uses up a minute, or a vendor is slow: what happens
// then and until the rate is whole again is counted apart. Source: connectors.md §1.5.
import { MINUTE_MS } from '../../src/connections/minute-budget.ts';
import { accountsOf, begin, HOUR_MS, RECOVERY_MS } from './pacing-day.ts';
import { PACING_BUGS, SOUND } from './pacing-parts.ts';
import { freshMinute, freshPractice, type Practice } from './pacing-vendor.ts';
import { fleetOf } from './pacing-world.ts';
import { BEGINNING, type World, worldOf } from './world.ts';

/** We allow ourselves 225 of the 250 calls of a minute. */
const OURS = 225;

export interface PacingResult {
  hours: number;
  accounts: number;
  practices: number;
  calls: number;
  /** Refused by the vendor where nobody but us used the minute. */
  vendor_429: number;
  /** Minutes in which the vendor counted more than we allow ourselves, but for calls that were longer on their way than anybody can know
   *  and the first call of a node that does not know the vendor's clock. */
  over_budget_minutes: number;
  /** Counted by the vendor in a minute in which they were not charged to the budget; but for those calls. */
  uncharged_calls: number;
  /** Sent by a node in a minute of which the vendor had told it that it is over. */
  sent_after_429: number;
  /** Refused in minutes that somebody else used up: there the vendor has to say it once. */
  vendor_429_disturbed: number;
  interactive_calls: number;
  interactive_wait_p95_ms: number;
  /** Of the account where it is worst. */
  interactive_wait_p95_worst_ms: number;
  write_wait_p95_ms: number;
  /** Refused by us, because they would have come too late. */
  interactive_refused: number;
  started_late: number;
  over_concurrency: number;
  /** Of what interactive calls and writes left of the budget. */
  batch_share: number;
  node_crashes: number;
  violations: number;
  first_failing_seed: number | null;
}

interface Size {
  hours: number;
  accounts: number;
  seed: number;
  bug?: string;
}

export async function simulatePacing(size: Size): Promise<PacingResult> {
  return run(worldOf(size.seed), size);
}

/** The lines of one run of a few simulated minutes. */
export async function traceOfPacing(seed: number, bug?: string): Promise<readonly string[]> {
  const world = worldOf(seed, { traced: true });
  run(world, { hours: 0.1, accounts: 10, seed, ...(bug !== undefined && { bug }) });
  return world.trace;
}

function run(world: World, { hours, accounts: many, seed, bug }: Size): PacingResult {
  const { chance } = world;
  const planted = bug === undefined ? {} : PACING_BUGS[bug];
  if (!planted) throw new Error(`no bug is called ${bug}; there are ${Object.keys(PACING_BUGS).join(', ')}`);
  const accounts = accountsOf(world, many);
  const practices = Array.from({ length: Math.max(...accounts.map(({ practice }) => practice)) + 1 }, freshPractice);
  const waits = { read: [] as number[], write: [] as number[] };
  const reads_of = accounts.map((): number[] => []);
  const seen = {
    calls: 0,
    vendor_429: 0,
    vendor_429_disturbed: 0,
    over_budget_minutes: 0,
    uncharged_calls: 0,
    sent_after_429: 0,
    refused: 0,
    late: 0,
    over_concurrency: 0,
    crashes: 0,
  };
  const batch = { had: 0, left: 0 };
  const isUsual = (practice: Practice) => world.now() >= practice.disturbed_until;

  const fleet = fleetOf(world, {
    ...{ accounts, practices, parts: { ...SOUND, ...planted } },
    watch: {
      started(call, practice, sent_after_429) {
        if (sent_after_429) seen.sent_after_429 += 1;
        if (call.deadline_at !== null && world.now() > call.deadline_at) seen.late += 1;
        if ((fleet.under_way[call.account] ?? 0) >= (accounts[call.account]?.concurrency ?? 1)) seen.over_concurrency += 1;
        if (!isUsual(practice)) return;
        const waited_ms = world.now() - call.asked_at;
        if (call.kind === 'write') waits.write.push(waited_ms);
        if (call.kind === 'read') for (const list of [waits.read, reads_of[call.account]]) list?.push(waited_ms);
      },
      counted({ practice, isRefused, isCharged }) {
        seen.calls += 1;
        if (!isCharged) seen.uncharged_calls += 1;
        if (isRefused) seen[isUsual(practice) ? 'vendor_429' : 'vendor_429_disturbed'] += 1;
      },
    },
  });

  const turnPage = () => {
    for (const practice of practices) {
      const { read, write, batch: pages, token } = practice.counted;
      const all = read + write + token + pages;
      if (all - practice.of_the_margin > OURS) seen.over_budget_minutes += 1;
      if (isUsual(practice) && world.now() - BEGINNING > 2 * MINUTE_MS) {
        batch.had += pages;
        batch.left += OURS - (read + write + token);
      }
      Object.assign(practice, freshMinute());
      if (!chance.happens(1 / (4 * 60))) continue;
      practice.foreign = chance.between(60, 200);
      practice.disturbed_until = Math.max(practice.disturbed_until, world.now() + RECOVERY_MS);
    }
    world.after(MINUTE_MS, turnPage);
  };
  world.after(MINUTE_MS, turnPage);
  begin(world, {
    ...{ accounts, practices, fleet },
    refused(practice) {
      if (isUsual(practice)) seen.refused += 1;
    },
    crashed() {
      seen.crashes += 1;
    },
  });
  world.runPlain(BEGINNING + hours * HOUR_MS);

  const batch_share = round(batch.had / Math.max(1, batch.left));
  const p95 = centile(waits.read);
  const { refused, late, crashes, ...counted } = seen;
  const violations =
    counted.vendor_429 +
    counted.over_budget_minutes +
    counted.uncharged_calls +
    counted.sent_after_429 +
    late +
    counted.over_concurrency +
    Number(p95 > 1000) +
    Number(batch_share < 0.85);
  return {
    ...{ hours, accounts: many, practices: practices.length, ...counted, interactive_calls: waits.read.length },
    ...{
      interactive_wait_p95_ms: p95,
      interactive_wait_p95_worst_ms: Math.max(0, ...reads_of.map(centile)),
      write_wait_p95_ms: centile(waits.write),
    },
    ...{ interactive_refused: refused, started_late: late, batch_share, node_crashes: crashes, violations },
    first_failing_seed: violations > 0 ? seed : null,
  };
}

function centile(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0);
}

const round = (share: number) => Math.round(share * 10_000) / 10_000;
