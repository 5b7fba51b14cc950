// The double of a vendor's web application (emulators/web-vendor.ts), started for a test, and the recipe by which it is signed in to, written to and looked at.
import * as z from 'zod';
import { type Manner, PRACTICE, type Seen } from '../../emulators/web-vendor.ts';
import { type HttpRecipe, httpRecipe } from '../../src/connections/http-door.ts';
import { RESERVES } from '../../src/connections/lanes.ts';
import { ECLINICALWORKS_PACE } from '../../src/connections/pacer-state.ts';
import type { Pacers } from '../../src/connections/pacers.ts';
import { type Surface, surface } from '../../src/connections/surface.ts';
import type { Connection } from '../../src/db/pool.ts';
import { startDouble } from './double.ts';

/** What a process that works the account is started with. */
export interface ProcessSettings {
  database: Connection;
  port: number;
  tenant_id: string;
  connection_id: string;
  key_file: string;
  lease_ms: number;
}

/** Of the account's password in the vault. */
export const PASSWORD_ID = '00000000-0000-4000-8000-0000000000aa';

export const PRACTICE_BUDGET = 'practice:JUNIPER';
/** The double counts no calls: what is tried with it is not how many there may be. */
export const PRACTICE_PACE: Parameters<Pacers['of']>[1] = {
  pace: ECLINICALWORKS_PACE,
  allows: { counts: 'minute', per_minute: 6_000, share: 0.9, reserves: RESERVES },
};

export interface WebVendor {
  port: number;
  seen(): Promise<Seen>;
  /** What it does with the next bookings, one after the other. */
  behave(manners: readonly Manner[]): Promise<void>;
  close(): void;
}

/** `begins_s`: the second of its minute in which it begins; its clock is ours where nothing is said. */
export async function startWebVendor({ begins_s }: { begins_s?: number } = {}): Promise<WebVendor> {
  const { ready, ask, close } = await startDouble<Seen>('web-vendor', 'seen', ...(begins_s === undefined ? [] : [String(begins_s)]));
  return {
    port: ready.port as number,
    seen: () => ask(),
    behave: async (manners) => void (await ask({ behave: manners })),
    close,
  };
}

const booking: Surface = surface({
  ...{ vendor: 'practice', name: 'visits.create', kind: 'create', transport: 'web', lane: 'write' },
  ...{ marker: { field: 'comment', longest: 200 }, idempotency_key: 'none', before: 'none' },
  ...{ request_ms: 3_000, late_apply_ms: PRACTICE.late_ms + 200, staleness_ms: 100 },
  sentinels: [
    { name: 'login page', on: 'body', has: ['<form id="login"'], means: 'AUTH_EXPIRED', proves_not_applied: true },
    { name: 'bot wall', on: 'body', has: ['Block Automation'], means: 'AUTOMATION_BLOCKED', proves_not_applied: true },
  ],
  ...{ contract: { id: 'practice.visits', version: 1 }, budget: { name: 'practice', calls: 1 } },
});

const json = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
const reading = { content_type: 'application/json', sentinels: booking.sentinels, parse: json, verdict: () => undefined };
const Booked = z.object({ practice: z.string(), visit: z.string() });
const Visits = z.object({ practice: z.string(), visits: z.array(z.object({ id: z.string(), comment: z.string() })) });
const isOurs = ({ practice }: { practice: string }) => practice === PRACTICE.practice_code;

export const practiceRecipes = (port: number): Record<string, HttpRecipe> => {
  const visits = new URL(`http://127.0.0.1:${port}/visits`);
  const recipe = httpRecipe<z.infer<typeof Booked>, z.infer<typeof Visits>>({
    surface: booking,
    send: ({ patient }, marker) => ({
      ...{ method: 'POST', url: visits, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ patient, comment: `Attending ${marker}` }),
    }),
    sent: { ...reading, shape: Booked, isOurs },
    idOf: ({ visit }) => visit,
    look: () => ({ method: 'GET', url: visits }),
    listed: { ...reading, shape: Visits, isOurs },
    found: (list, _, marker) => list.visits.filter(({ comment }) => comment === `Attending ${marker}`).map(({ id }) => id),
  });
  return { [booking.name]: recipe };
};
