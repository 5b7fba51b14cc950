// What Attending promises, as data. A test keeps one by `verifies('its:id', …)`; promises.test.ts is red for a promise without a test, and for a test of none.
import { type TestFunction, test } from 'vitest';
import { DESK_PROMISES } from './promises-desk.ts';
import { WIRES_PROMISES } from './promises-wires.ts';
import { WIRES_ACTS_PROMISES } from './promises-wires-acts.ts';
import { WIRES_BROWSER_PROMISES } from './promises-wires-browser.ts';
import { WIRES_BUDGET_PROMISES } from './promises-wires-budget.ts';
import { WIRES_CONTRACT_PROMISES } from './promises-wires-contract.ts';
import { WIRES_CONTRACTS_PROMISES } from './promises-wires-contracts.ts';
import { WIRES_EGRESS_PROMISES } from './promises-wires-egress.ts';
import { WIRES_ENDS_PROMISES } from './promises-wires-ends.ts';
import { WIRES_HOOKS_PROMISES } from './promises-wires-hooks.ts';
import { WIRES_PACING_PROMISES } from './promises-wires-pacing.ts';
import { WIRES_PAGE_PROMISES } from './promises-wires-page.ts';
import { WIRES_SESSIONS_PROMISES } from './promises-wires-sessions.ts';
import { WIRES_SFTP_PROMISES } from './promises-wires-sftp.ts';
import { WIRES_VAULT_PROMISES } from './promises-wires-vault.ts';
import { WIRES_WEBHOOKS_PROMISES } from './promises-wires-webhooks.ts';

interface Promised {
  /** The requirement (mission.md: E, S, M, D, N) or the law that asks for it. */
  readonly source: string;
  /** One sentence, present tense, that a clinic could check. */
  readonly behavior: string;
}

export const PROMISES = {
  ...DESK_PROMISES,
  ...WIRES_PROMISES,
  ...WIRES_VAULT_PROMISES,
  ...WIRES_EGRESS_PROMISES,
  ...WIRES_BROWSER_PROMISES,
  ...WIRES_SESSIONS_PROMISES,
  ...WIRES_WEBHOOKS_PROMISES,
  ...WIRES_CONTRACT_PROMISES,
  ...WIRES_HOOKS_PROMISES,
  ...WIRES_CONTRACTS_PROMISES,
  ...WIRES_PAGE_PROMISES,
  ...WIRES_ACTS_PROMISES,
  ...WIRES_PACING_PROMISES,
  ...WIRES_BUDGET_PROMISES,
  ...WIRES_ENDS_PROMISES,
  ...WIRES_SFTP_PROMISES,
  'tenancy:no-foreign-row': {
    source: 'M3, M37',
    behavior: 'No statement of the serving role reads or changes a row of another clinic, whatever its text, in any table',
  },
  'tenancy:sealed-context': {
    source: 'D4, N3',
    behavior: 'A clinic set by SQL instead of by a live credential is refused by the database; it is sealed anew in each transaction',
  },
  'tenancy:same-answer-for-foreign-and-absent': {
    source: 'M37, D1',
    behavior: 'An id of another clinic and an id that does not exist get the same answer, byte for byte but for the request_id',
  },
  'audit:row-per-call': {
    source: 'M38, M39; 45 CFR 164.312(b)',
    behavior: 'Every call of a known credential, whether it succeeds or is refused, by MCP or by REST, leaves exactly one result row',
  },
  'audit:append-only': {
    source: 'M39, D5; 45 CFR 164.312(b)',
    behavior: 'UPDATE, DELETE and TRUNCATE of audit rows are refused by the database',
  },
  'audit:intent-before-read': {
    source: 'D5',
    behavior: 'The intent of a call is committed before the first record of a patient is read',
  },
  'audit:no-row-no-answer': {
    source: 'D5, M38',
    behavior: 'When the audit row cannot be committed, no byte of the record leaves',
  },
  'audit:no-phi-in-clear': {
    source: 'M39, D6',
    behavior: 'Arguments that identify or tell of a patient stand in the audit as keyed hashes of the clinic, never in clear',
  },
  'audit:orphans-closed': {
    source: 'D5',
    behavior: 'A call that was cut off by a crash gets a result row that says so, exactly once',
  },
  'audit:unknown-credential-to-edge-log': {
    source: 'D5, M39',
    behavior: 'A call with an unknown credential is written to the edge log, without the secret, and to no audit of a clinic',
  },
  'credential:revoked-next-call-401': {
    source: 'M43',
    behavior: 'After a credential is revoked, the next call with it answers 401',
  },
  'credential:shown-once': {
    source: 'M2, M3, M43',
    behavior: 'The secret of a credential is shown when it is made and never again: the database and the logs hold only its hash',
  },
  'credential:revoked-in-the-browser': {
    source: 'M43, M2',
    behavior: 'An owner ends a credential on the admin page, and the very next MCP call with it answers 401',
  },
  'audit:people-in-the-same-log': {
    source: 'M38',
    behavior:
      'What people view, change, sign and export at the desk stands in the same audit log as the calls of AIs, with the same redaction',
  },
  'audit:who-drafted-who-signed': {
    source: 'M38, M43, N2',
    behavior:
      'On npm start, in a browser, the log shows who drafted and who signed which hash, and an owner who revokes the credential there ends it: its very next call answers 401',
  },
  'login:second-factor': {
    source: 'D2; 45 CFR 164.312(d)',
    behavior: 'No one is signed in by a password alone: a fresh code of the second factor is asked for, and each code lets in once',
  },
  'login:not-forged': {
    source: 'D4; 45 CFR 164.312(d)',
    behavior:
      'Neither a leaked bearer nor SQL of the serving role makes a login: the database makes one against a proven password and a code alone',
  },
  'login:no-lockout-of-others': {
    source: '45 CFR 164.312(a); NIST SP 800-63B',
    behavior:
      'A thousand wrong passwords from elsewhere are answered a few times at most, and do not keep a person out who signed in from this browser before',
  },
  'login:cookie-only-at-admin': {
    source: 'M3, D2',
    behavior: 'The cookie of a login opens /admin and is refused with 401 as a bearer over MCP and REST, as a credential is in the cookie',
  },
  'login:revoked-next-call-401': {
    source: 'M43; 45 CFR 164.312(a)',
    behavior: 'After a login is revoked or signed out, the next request with its cookie answers 401',
  },
  'login:factor-reset-by-another': {
    source: '45 CFR 164.312(d); NIST SP 800-63B',
    behavior:
      'A second factor is reset by a person who manages people and by the own password or a recovery code of its owner, never by one of both; all logins end',
  },
  'login:people-by-owner-alone': {
    source: 'D2; 45 CFR 164.308(a)(4)',
    behavior:
      'Rights, licences, invitations and resets change by a login of an owner with a fresh second factor alone: the database refuses anyone else, any credential, and any other clinic',
  },
  'login:no-foreign-page': {
    source: 'D2',
    behavior: 'No page of another site can change anything with the cookie of a person who is signed in, nor read an answer',
  },
  'tools:list-agrees-with-refusals': {
    source: 'D1, M31',
    behavior: 'For every role, a tool is listed if and only if calling it is not refused as unknown',
  },
  'tools:unknown-and-forbidden-look-alike': {
    source: 'D1, M31',
    behavior: 'A tool that the role may not use is answered exactly as a tool that does not exist',
  },
  'tools:toolsets-only-narrow': {
    source: 'D1',
    behavior: 'The toolsets of a credential and those of the URL take tools away, in the list and at the call, and never give one',
  },
  'tools:list-below-32-kb': {
    source: 'D1, D11',
    behavior: 'What tools/list says to any role of the sandbox stays below 32 KB',
  },
  'tools:found-by-their-words': {
    source: 'D1, M23',
    behavior:
      'For eleven of twelve questions as staff ask them, plain word matching over names and descriptions has the right tool among the first three',
  },
  'tools:no-tool-writes': {
    source: 'D2, M30',
    behavior: 'No listed tool changes a record of the clinic; the effect "write" is never offered over MCP',
  },
  'answers:byte-budget': {
    source: 'D11, N5',
    behavior: 'No answer to a model exceeds its byte budget, and one that is cut says so and gives the cursor to the rest',
  },
  'answers:figures-counted-twice': {
    source: 'M13, M16-M20; connectors.md 2.4, 2.8-2.13',
    behavior:
      'Every aggregate of money, members, leads and attendance, to the cent, and every unusual lab trend equals a recomputation by a second hand from the rows of generated clinics',
  },
  'answers:measures-agree-with-oracle': {
    source: 'E19, E45, D14',
    behavior: 'The five ecqm-like measures judge each generated patient as an independent CQL engine does',
  },
  'answers:few-false-trends': {
    source: 'M13; connectors.md 2.4',
    behavior: 'Of stable patients at most two in a hundred are flagged as a trend, with one gross outlier at most five',
  },
  'changes:none-missed': {
    source: 'D11',
    behavior: 'Who goes on from the last change told misses none, whatever transactions were under way when it was told',
  },
  'money:own-scope-in-the-database': {
    source: 'M33',
    behavior: 'A physician whose role has the scope own sees no money of another clinician, by any statement: the database refuses it',
  },
  'answers:say-source-and-as-of': {
    source: 'D12',
    behavior: 'Every answer says which record system it comes from and as of when',
  },
  'answers:candidates-never-first-match': {
    source: 'D13',
    behavior: 'A search that fits two or more patients answers all of them as candidates, never the first one alone',
  },
  'answers:missing-is-never-normal': {
    source: 'D12',
    behavior: 'A value, flag or range that the record does not hold is absent or unknown in the answer, never normal, zero or no',
  },
  'words:external-text-by-reference': {
    source: 'M40, D3; security.md 2.4',
    behavior: 'Text from outside the clinic is delivered as a reference, unless the tool is made to deliver it delimited',
  },
  'words:taint-before-delivery': {
    source: 'M41, M42, D3; security.md 2.5',
    behavior: 'The taint of a principal is committed before the first byte of outside text leaves; without it nothing leaves',
  },
  'words:inbox-taints-first': {
    source: 'M14, M40, M41; security.md 2.5',
    behavior: 'Reading messages in the inbox taints the reader before a byte of them leaves; where that cannot be written, nothing leaves',
  },
  'words:every-string-labelled': {
    source: 'D3; security.md 2.3',
    behavior: 'Every string of every output schema says whose words it holds',
  },
  'errors:say-what-to-do-next': {
    source: 'D11; RFC 9457',
    behavior: 'Every refusal names what was wrong, what is allowed and the next call to make',
  },
  'errors:no-phi': {
    source: 'M38, D6',
    behavior: 'No error text and no log line holds a value of a record or of an argument',
  },
  'doors:mcp-both-eras': {
    source: 'M51, E48, D17',
    behavior: 'Clients of MCP 2025-06-18, 2025-11-25 and 2026-07-28 list and call the same tools at /mcp and at /api/mcp/v1',
  },
  'doors:rest-same-json': {
    source: 'E2, D1, D11',
    behavior:
      'The same question over REST and over MCP is answered with the same record JSON, and leaves the same audit row but for the door',
  },
  'doors:stdio': {
    source: 'E22, E25, D17',
    behavior: 'The bundle over stdio lists and calls the same tools as HTTP, and writes nothing but MCP on standard output',
  },
  'start:two-commands': {
    source: 'N11, M34',
    behavior:
      'From a fresh checkout `npm start` alone brings up a clinic that answers, and `npm test` proves it: no account, no Docker, no installed database',
  },
  'start:survives-kill-9': {
    source: 'N11, D5',
    behavior: 'After kill -9 of the server the next start adopts the running database, loses no committed row and serves',
  },
  'start:one-per-folder': {
    source: 'N11',
    behavior: 'A second start in the same folder changes nothing and names the one that is running',
  },
  'start:loopback-only': {
    source: 'E56, M54',
    behavior: 'Unless told otherwise, the server and its database listen on loopback only',
  },
  'sandbox:only-synthetic': {
    source: 'M34, D15',
    behavior: 'The sandbox holds 36 synthetic patients, all marked so, with phone numbers and e-mail domains that belong to nobody',
  },
} as const satisfies Record<string, Promised>;

export type PromiseId = keyof typeof PROMISES;

/** Registers the test that keeps the promise `id`. The id is written as a literal, so that the promise can be found by searching for it. */
export function verifies(id: PromiseId, run: TestFunction, timeout_ms?: number): void {
  test(`[${id}] ${PROMISES[id].behavior}`, run, timeout_ms);
}
