/** What the admin API answers and takes (docs/openapi.json will say the same once it lists the door `admin`). */

export type Role = 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance' | 'integration';

export interface Me {
  user_id: string;
  email: string;
  display_name: string;
  role: Role;
  tenant_id: string;
  clinic: string;
  time_zone: string;
  practitioner_id?: string;
  mfa_at: string | null;
  mfa_fresh: boolean;
  mfa_minutes: number;
  permissions: string[];
  licensed: boolean;
}

/** What the e-mail and password were good for: the second step, or the choice of a clinic. */
export type SignedIn = { challenge: string; needs: 'totp' } | { clinics: { tenant_id: string; name: string }[] };

export interface Enrolment {
  challenge: string;
  totp_uri: string;
  totp_secret: string;
  recovery_codes: string[];
}

export const DRAFT_STATUSES = ['pending', 'committed', 'rejected', 'expired', 'failed'] as const;
export type DraftStatus = (typeof DRAFT_STATUSES)[number] | 'signed' | 'parked';

export interface DraftRow {
  draft_id: string;
  kind: string;
  /** What it is called, where its kind alone does not say it. */
  title?: string;
  patient_id?: string;
  patient?: string;
  birth_date?: string;
  status: DraftStatus;
  version: number;
  created_at: string;
  expires_at: string;
  proposed_by?: string;
  /** It was held because outside text stood in the conversation, and a person released it. */
  released: boolean;
  /** How many marks it has. */
  marks?: number;
  decided_at?: string;
  decided_by?: string;
  record_id?: string;
}

export interface Counts {
  pending: number;
  held: number;
  by_kind: { kind: string; n: number }[];
}

export interface DraftPage {
  drafts: DraftRow[];
  counts: Counts;
  cursor?: string;
  truncated?: boolean;
}

/** Something in the payload that a person should look at. `quote` is the piece of the field that it is about. */
export interface Mark {
  path: string;
  level: 'warn' | 'error';
  text: string;
  quote?: string;
}

export interface DraftEvent {
  at: string;
  what: string;
  by?: string;
  version?: number;
  payload_hash?: string;
  reason?: string;
}

export interface Field {
  path: string;
  label: string;
  text: string;
}

/** Words from outside that a note quotes: `{{ref}}` stands in its text, and the AI never read them. */
export interface Quote {
  ref: string;
  kind: string;
  said_on?: string;
  text: string;
}

/** The patient on one page, as get_patient_summary gives it. */
export type Summary = Record<string, unknown> & {
  patient: { family_name?: string; given_name?: string; birth_date?: string; sex?: string; mrn?: string; status?: string };
};

export type Payload = Record<string, unknown>;

export interface Draft extends Omit<DraftRow, 'marks'> {
  payload: Payload;
  payload_hash: string;
  /** What the AI wrote, before anybody edited it. */
  proposed_payload: Payload;
  /** How a person reads the payload, where its kind has no form of its own here. */
  fields?: Field[];
  events: DraftEvent[];
  marks: Mark[];
  may_sign: boolean;
  why_not?: string;
}

export interface HoldRow {
  hold_id: string;
  kind: string;
  title?: string;
  patient_id?: string;
  patient?: string;
  birth_date?: string;
  created_at: string;
  expires_at: string;
  proposed_by?: string;
  why_not?: string;
}

/** Text from outside the clinic that stood in the conversation when this was proposed. */
export interface OutsideText {
  ref?: string | null;
  kind: string;
  said_on?: string | null;
  text: string | null;
}

export interface Hold extends HoldRow {
  payload: Payload;
  fields?: Field[];
  binding_hash: string;
  sources: OutsideText[];
}

export interface Person {
  user_id: string;
  email: string;
  display_name: string;
  role: Role;
  practitioner_id?: string;
  active: boolean;
  use_ai: boolean;
  licensed: boolean;
  login: 'ready' | 'second_factor_reset' | 'invited' | 'none';
  invited_until?: string;
  last_sign_in_at?: string;
}

/** A link that works once; whoever invites hands it over. */
export interface Invited {
  user_id: string;
  invitation_url: string;
  expires_at: string;
}

export interface Login {
  login_id: string;
  user_id: string;
  display_name: string;
  email: string;
  role: Role;
  signed_in_at: string;
  seen_at: string;
  mfa_at: string;
  expires_at: string;
  ip?: string;
  user_agent?: string;
  /** The one that asks. */
  is_this: boolean;
}

export interface Licence {
  licence_id: string;
  user_id?: string;
  display_name?: string;
  kind: string;
  number: string;
  state: string;
  issued_on?: string;
  expires_on?: string;
  revoked_on?: string;
}

export interface Credential {
  credential_id: string;
  user_id: string;
  person: string;
  role: Role;
  name: string;
  toolsets?: string[];
  state: 'live' | 'expired' | 'revoked';
  created_at: string;
  revoked_at?: string;
  last_call_at?: string;
}

/** What became of a message that a signature sent out of the house. */
export interface Delivery {
  message_id: string;
  draft_id: string;
  channel: 'sms' | 'email';
  patient_id: string;
  patient?: string;
  to_last4?: string;
  status: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled';
  reason?: string;
  signed_at: string;
  not_before?: string;
  /** Where the patient is, as far as that holds it back. */
  time_zone?: string;
  attempts: number;
  settled_at?: string;
}

export interface AuditCall {
  audit_id: string;
  at: string;
  user_id: string;
  person?: string;
  role?: string;
  credential_id: string;
  credential?: string;
  tool: string;
  door: string;
  /** Absent while the call runs. */
  status?: 'ok' | 'error' | 'rate_limited' | 'blocked_injection';
  outcome?: string;
  latency_ms?: number;
  response_bytes?: number;
  args_redacted: Record<string, unknown>;
}
