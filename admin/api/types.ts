/** The names that the pages use of what the server answers. Operations are described by generated.ts; written by hand is what is none: the login, and words that a kind of draft holds. */
import type { Outputs } from './generated.ts';

export type Person = Outputs['list_people']['people'][number];
export type Role = Person['role'];
/** Of people: a program has its own. */
export type StaffRole = Exclude<Role, 'integration'>;

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

export type DraftRow = Outputs['list_drafts']['drafts'][number];
export type DraftStatus = DraftRow['status'];
/** What the queue can be asked for. */
export const DRAFT_STATUSES = [
  'pending',
  'signed',
  'parked',
  'committed',
  'failed',
  'rejected',
  'expired',
] as const satisfies DraftStatus[];
export type Counts = Outputs['list_drafts']['counts'];
export type Draft = Outputs['review_draft'];
/** One of those that are read together. */
export type TogetherDraft = Outputs['review_together']['drafts'][number];
export type Payload = Draft['payload'];
/** Something in the payload that a person should look at. `quote` is the piece of the field that it is about. */
export type Mark = Draft['marks'][number];

/** One text of a payload, and how a person reads it. */
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

/** A vital sign or laboratory value that the text of a draft gives figures of. */
export type CitedMeasure = Outputs['list_draft_figures']['measures'][number];
export type LabResult = Outputs['get_labs']['labs'][number];
export type VitalSign = Outputs['get_vitals']['vitals'][number];

/** The patient on one page. */
export type Summary = Outputs['get_patient_summary'];

export type HoldRow = Outputs['list_holds']['holds'][number];
export type Hold = Outputs['review_hold'];
/** Text from outside the clinic that stood in the conversation when this was proposed. */
export type OutsideText = Hold['sources'][number];

export type Approval = Outputs['list_approvals']['approvals'][number];

/** A link that works once; whoever invites hands it over. */
export type Invited = Pick<Outputs['invite_person'], 'invitation_url' | 'expires_at'>;
/** `is_this`: the one that asks. */
export type Login = Outputs['list_logins']['logins'][number];
export type Licence = Outputs['list_licences']['licences'][number];
export type Credential = Outputs['list_credentials']['credentials'][number];
/** `status` is absent while the call runs. */
export type AuditCall = Outputs['search_audit_log']['calls'][number];
/** What became of a message that a signature sent out of the house. */
export type Delivery = Outputs['list_deliveries']['deliveries'][number];
/** A record system of the clinic. */
export type Connection = Outputs['list_connections']['connections'][number];
export type DriftAlert = Outputs['list_drift_alerts']['alerts'][number];
/** Something that was signed and is carried out at a vendor. */
export type VendorWrite = Outputs['list_vendor_writes']['writes'][number];
export type OpenedWrite = Outputs['get_vendor_write'];
/** What holds for texts to a number of a chart. */
export type NumberConsent = Outputs['list_message_consents']['numbers'][number];
export type ConsentEntry = NumberConsent['ledger'][number];
/** A program of the clinic that is told of events, and one message on its way to it. */
export type Webhook = Outputs['list_webhook_endpoints']['endpoints'][number];
export type WebhookDelivery = Outputs['list_webhook_deliveries']['deliveries'][number];
