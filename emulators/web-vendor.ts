// A double of a vendor's web application, in a process of its own: a login with a cookie, visits that can be booked and listed, and a line that breaks when it is told to. It knows no
// idempotency key. Run with fork(), where its clock is not ours with the second of its minute in which it begins; told how to behave, and asked what it saw, by messages.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How its sign-in is now. `password`: what the account's is. `code`: it asks for this one after the password. `locked`: it lets nobody in. `unsure`: it lets in, and says nothing. */
export interface Door {
  password?: string;
  code?: string | null;
  locked?: boolean;
  unsure?: boolean;
}

/** What it does with the next requests of one kind. drop_before, drop_after: the line breaks before, or after, it is done. hang_after: it is done, and nothing is said. late: it is done
 *  after a while, and the line breaks at once. broken_after: done, and answered 500. login: the session is over. kicked: and somebody else has it now. wall: it takes us for a robot, and says so with 200. too_many: it refuses,
 *  with 429 and nothing else. other_answer: it is done, and answered in another shape. */
export type Manner =
  | 'take'
  | 'too_many'
  | 'drop_before'
  | 'drop_after'
  | 'hang_after'
  | 'late'
  | 'broken_after'
  | 'login'
  | 'kicked'
  | 'wall'
  | 'other_answer';
/** The form by which its people book a visit: as it was, or as after a change that nobody was told of. */
export type Form = 'usual' | 'other';

export interface Visit {
  id: string;
  patient: string;
  comment: string;
}

export interface Seen {
  visits: readonly Visit[];
  logins: number;
  /** The most logins that were under way at one moment. */
  most_logins_at_once: number;
  wrong_passwords: number;
  wrong_codes: number;
  requests: number;
  /** Of these, those by which something was to be booked, and those that read the form. */
  bookings: number;
  forms: number;
  /** Bookings that are done, and that nobody is told of yet. */
  hanging: number;
}

export const PRACTICE = { user: 'attending', password: 'double-of-a-password', practice_code: 'JUNIPER', late_ms: 300 };

const field = (name: string, label: string) =>
  `<label for="${name}">${label}</label><input id="${name}" name="${name}" type="text" required>`;
const formOf = (fields: string) =>
  `<!doctype html><html><body><p>Signed in: ${PRACTICE.user}</p><form action="/visits" method="post">${fields}<button id="book" type="submit">Book the visit</button></form></body></html>`;
const FORMS: Record<Form, string> = {
  usual: formOf(field('patient', 'Patient') + field('comment', 'Comment')),
  other: formOf(field('patient', 'Patient') + field('comment', 'Comment') + field('reason', 'Reason')),
};

const visits: Visit[] = [];
const seen = { logins: 0, most_logins_at_once: 0, wrong_passwords: 0, wrong_codes: 0, requests: 0, bookings: 0, forms: 0, hanging: 0 };
let manners: Manner[] = [];
let form: Form = 'usual';
let ids = 0;
let logging_in = 0;
let session = '';
/** A sign-in that waits for its code. */
let pending = '';
let door: Required<Door> = { password: PRACTICE.password, code: null, locked: false, unsure: false };
const MINUTE_MS = 60_000;
const begins_s = process.argv[2];
const skew_ms = begins_s === undefined ? 0 : (Number(begins_s) * 1000 - (Date.now() % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;

const server = http.createServer(async (request, response) => {
  response.sendDate = false;
  response.setHeader('date', new Date(Date.now() + skew_ms).toUTCString());
  const json = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const page = (says = '') =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<html><p>${says}</p><form id="login" action="/login"></form></html>`);
  const letIn = () => {
    // Another sign-in ends the session before.
    session = randomUUID();
    response.setHeader('set-cookie', `sid=${session}; Path=/; HttpOnly`);
    return json(200, { user: PRACTICE.user, practice: PRACTICE.practice_code });
  };
  let raw = '';
  for await (const chunk of request) raw += chunk;
  seen.requests += 1;

  if (request.url === '/login') {
    logging_in += 1;
    seen.logins += 1;
    seen.most_logins_at_once = Math.max(seen.most_logins_at_once, logging_in);
    await new Promise((resolve) => setTimeout(resolve, 150));
    logging_in -= 1;
    const { user, password } = JSON.parse(raw) as { user: string; password: string };
    if (door.locked) return json(200, { error: 'locked' });
    if (user !== PRACTICE.user || password !== door.password) {
      seen.wrong_passwords += 1;
      return json(200, { error: 'invalid user name or password' });
    }
    if (door.unsure) return request.socket.destroy();
    if (door.code === null) return letIn();
    pending = randomUUID();
    response.setHeader('set-cookie', `pending=${pending}; Path=/; HttpOnly`);
    return json(200, { wants: 'code' });
  }
  if (request.url === '/code') {
    if (pending === '' || !request.headers.cookie?.includes(`pending=${pending}`)) return page();
    if ((JSON.parse(raw) as { code: string }).code !== door.code) {
      seen.wrong_codes += 1;
      return json(200, { error: 'wrong code' });
    }
    pending = '';
    return letIn();
  }
  if (!request.headers.cookie?.includes(`sid=${session}`) || session === '') return page();
  if (request.method === 'GET' && request.url === '/visits') return json(200, { practice: PRACTICE.practice_code, visits });
  if (request.method === 'GET' && request.url === '/visits/new') {
    seen.forms += 1;
    return response.writeHead(200, { 'content-type': 'text/html' }).end(FORMS[form]);
  }
  if (request.method !== 'POST' || request.url !== '/visits') return json(404, {});
  seen.bookings += 1;

  const manner = manners.shift() ?? 'take';
  if (manner === 'drop_before') return request.socket.destroy();
  if (manner === 'too_many') return response.writeHead(429).end();
  if (manner === 'wall') return response.writeHead(200, { 'content-type': 'text/plain' }).end('Block Automation');
  if (manner === 'login' || manner === 'kicked') {
    session = '';
    return page(manner === 'kicked' ? 'You have signed in at another place.' : '');
  }
  const { patient, comment } = JSON.parse(raw) as Omit<Visit, 'id'>;
  ids += 1;
  const visit = { id: `visit-${ids}`, patient, comment };
  if (manner === 'late') {
    setTimeout(() => visits.push(visit), PRACTICE.late_ms);
    return request.socket.destroy();
  }
  visits.push(visit);
  if (manner === 'drop_after') return request.socket.destroy();
  if (manner === 'hang_after') {
    seen.hanging += 1;
    request.socket.once('close', () => {
      seen.hanging -= 1;
    });
    return undefined;
  }
  if (manner === 'broken_after') return json(500, { error: 'internal' });
  if (manner === 'other_answer') return json(200, { practice: PRACTICE.practice_code, booking: { number: visit.id } });
  return json(200, { practice: PRACTICE.practice_code, visit: visit.id });
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (asked: { n: number; behave?: Manner[]; door?: Door; form?: Form }) => {
  if (asked.behave) manners = asked.behave;
  if (asked.form) form = asked.form;
  if (asked.door) {
    door = { ...door, ...asked.door };
    session = '';
  }
  process.send?.({ n: asked.n, seen: { ...seen, visits } });
});
process.once('disconnect', () => process.exit());
