// The double of a vendor's web application (emulators/web-vendor.ts), started for a test, and the recipe by which it is signed in to, written to and looked at.
import * as z from 'zod';
import { type Form, type Manner, PRACTICE, type Seen } from '../../emulators/web-vendor.ts';
import { HtmlContract, JsonContract } from '../../src/connections/contract-shape.ts';
import { type HttpRecipe, httpRecipe } from '../../src/connections/http-door.ts';
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
  /** Where it is given, the account's pages are held to their contracts, and looked at so often. */
  look_every_ms?: number;
  /** As if what another process finds changed were always found right after this one has asked whether a write may be begun. */
  asks_too_early?: true;
}

/** Of the account's password in the vault. */
export const PASSWORD_ID = '00000000-0000-4000-8000-0000000000aa';

export interface WebVendor {
  port: number;
  seen(): Promise<Seen>;
  /** What it does with the next bookings, one after the other. */
  behave(manners: readonly Manner[]): Promise<void>;
  /** Which form it shows from now on. */
  show(form: Form): Promise<void>;
  close(): void;
}

export async function startWebVendor(): Promise<WebVendor> {
  const { ready, ask, close } = await startDouble<Seen>('web-vendor', 'seen');
  return {
    port: ready.port as number,
    seen: () => ask(),
    behave: async (manners) => void (await ask({ behave: manners })),
    show: async (form) => void (await ask({ form })),
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
  });
  return { [booking.name]: recipe };
};
