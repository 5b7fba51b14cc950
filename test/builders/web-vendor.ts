// The double of a vendor's web application (emulators/web-vendor.ts), started for a test, and the recipe by which it is signed in to, written to and looked at.
import * as z from 'zod';
import { type Door, type Form, type Manner, PRACTICE, type Seen } from '../../emulators/web-vendor.ts';
import type { Order } from '../../src/connections/account.ts';
import { HtmlContract, JsonContract } from '../../src/connections/contract-shape.ts';
import type { Dealings, Hands, Page } from '../../src/connections/dealings.ts';
import { type HttpRecipe, httpRecipe } from '../../src/connections/http-recipe.ts';
import { RESERVES } from '../../src/connections/lanes.ts';
import { ECLINICALWORKS_PACE } from '../../src/connections/pacer-state.ts';
import type { Pacers } from '../../src/connections/pacers.ts';
import { type Surface, surface } from '../../src/connections/surface.ts';
import type { Connection } from '../../src/db/pool.ts';
import { startDouble } from './double.ts';

/** What a process that works vendor accounts is started with. */
export interface ProcessSettings {
  api: Connection;
  keeper: Connection;
  key_file: string;
  lease_ms: number;
  /** Where it is given, the account's pages are held to their contracts, and looked at so often. */
  look_every_ms?: number;
  /** As if what another process finds changed were always found right after this one has asked whether a write may be begun. */
  asks_too_early?: true;
}

export const PRACTICE_BUDGET = 'practice:JUNIPER';
/** The double counts no calls: what is tried with it is not how many there may be. */
const PRACTICE_PACE: Parameters<Pacers['of']>[1] = {
  pace: ECLINICALWORKS_PACE,
  allows: { counts: 'minute', per_minute: 6_000, share: 0.9, reserves: RESERVES },
};

export interface WebVendor {
  port: number;
  seen(): Promise<Seen>;
  /** What it does with the next bookings, one after the other. */
  behave(manners: readonly Manner[]): Promise<void>;
  /** How its sign-in is from now on; whoever is signed in is not any more. */
  door(door: Door): Promise<void>;
  /** Which form it shows from now on. */
  show(form: Form): Promise<void>;
  close(): void;
}

/** `begins_s`: the second of its minute in which it begins; its clock is ours where nothing is said. */
export async function startWebVendor({ begins_s }: { begins_s?: number } = {}): Promise<WebVendor> {
  const { ready, ask, close } = await startDouble<Seen>('web-vendor', 'seen', ...(begins_s === undefined ? [] : [String(begins_s)]));
  return {
    port: ready.port as number,
    seen: () => ask(),
    behave: async (manners) => void (await ask({ behave: manners })),
    door: async (door) => void (await ask({ door })),
    show: async (form) => void (await ask({ form })),
    close,
  };
}

const booking: Surface = surface({
  ...{ vendor: 'practice', name: 'visits.create', kind: 'create', transport: 'web', lane: 'write' },
  ...{ marker: { field: 'comment', longest: 200 }, idempotency_key: 'none', before: 'none' },
  ...{ request_ms: 3_000, late_apply_ms: PRACTICE.late_ms + 200, staleness_ms: 100 },
  sentinels: [
    { name: 'elsewhere', on: 'body', has: ['signed in at another place'], means: 'AUTH_EXPIRED', proves_not_applied: true, evicted: true },
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

const needed = { types: ['string:text' as const], required: true };
const FORM = HtmlContract.parse({
  of: 'html',
  anchors: { book: { role: 'button', name: 'Book the visit', id: 'book' } },
  forms: {
    booking: {
      ...{ around: 'book', method: 'post', action: '/visits' },
      fields: [
        { name: 'patient', type: 'text', required: true },
        { name: 'comment', type: 'text', required: true },
      ],
    },
  },
} satisfies HtmlContract);
const SENT = JsonContract.parse({
  ...{ of: 'json', page: { items: null, total: null, next: null } },
  fields: { '$.practice': needed, '$.visit': needed },
} satisfies JsonContract);
const LISTED = JsonContract.parse({
  ...{ of: 'json', page: { items: '$.visits', total: null, next: null } },
  fields: {
    '$.practice': needed,
    '$.visits': { types: ['array'], required: true },
    '$.visits[].id': needed,
    '$.visits[].comment': needed,
  },
} satisfies JsonContract);

const practiceRecipes = (port: number, { isHeld }: { isHeld: boolean }): Record<string, HttpRecipe> => {
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
    ...(isHeld && {
      pages: {
        looked_at: {
          ...{ of: 'form', asked: () => ({ method: 'GET', url: new URL('/visits/new', visits) }), contract: FORM },
          reading: {
            ...reading,
            content_type: 'text/html',
            parse: (body) => body,
            shape: z.string(),
            isOurs: (body) => String(body).includes(PRACTICE.user),
          },
        },
        ...{ sent: SENT, listed: LISTED },
      },
    }),
  });
  return { [booking.name]: recipe };
};

const Settings = z.object({ port: z.int() });

const dealingsOf = (recipes: { isHeld: boolean }): Dealings => ({
  of(settings) {
    const { port } = Settings.parse(settings);
    return {
      rule: {
        session: { user_id: PRACTICE.user, practice_code: PRACTICE.practice_code, lock_after: 5, lock_window_ms: 3_600_000 },
        factor: { channel: 'person', senders: [], pattern: /(\d{6})/ },
      },
      recipes: practiceRecipes(port, recipes),
      budgets: { practice: { key: PRACTICE_BUDGET, ...PRACTICE_PACE } },
      signs_in_under: 'practice',
      signIn: (order, hands) => signIn(port, order, hands),
    };
  },
});
/** What a connector of this vendor would bring. The settings of an account say at which port its double listens. */
export const practiceDealings: Dealings = dealingsOf({ isHeld: false });
/** The same, its pages held to their contracts. */
export const heldDealings: Dealings = dealingsOf({ isHeld: true });

const SignedIn = z.object({
  user: z.string().optional(),
  practice: z.string().optional(),
  error: z.string().optional(),
  wants: z.string().optional(),
});

async function signIn(port: number, order: Order, { ask, password, code }: Hands): Promise<Page | null> {
  if (order.do !== 'login' && order.do !== 'submit') return null;
  const body = order.do === 'login' ? { user: PRACTICE.user, password: (await password()).reveal().toString() } : { code };
  const told = await ask({
    ...{ method: 'POST', url: new URL(`http://127.0.0.1:${port}/${order.do === 'login' ? 'login' : 'code'}`) },
    ...{ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });
  if (!told.sent || told.cut !== null || told.status !== 200) return null;
  const { user, practice, error, wants } = SignedIn.parse(json(told.body.toString()));
  if (wants === 'code') return { page: 'mfa', channel: 'person', date_ms: null };
  if (error === 'locked') return { page: 'locked', window_ms: 0 };
  if (error !== undefined) return order.do === 'login' ? { page: 'wrong_password' } : { page: 'wrong_code', date_ms: null };
  return {
    ...{ page: 'home', user_id: user ?? null, practice_code: practice ?? null },
    ...{ ttl_ms: 3_600_000, idle_limit_ms: 3_600_000, can_refresh: false },
  };
}
