// The hosts outside that a clinic may ever be connected to, and the agreement each needs. Data: a host that is not here is not dialled for anybody.

/** `host` is spelled as `new URL` spells it. `baa_reference` says where the clinic's business associate agreement with whoever runs it is kept. */
export interface Host {
  host: string;
  what: string;
  baa_reference: string;
}

/** What a clinic has signed: that its AI may reach outside, until when, and under which agreement each host. */
export interface Addendum {
  live_until: Date;
  baa_references: Readonly<Record<string, string>>;
}

const KNOWN: Readonly<Record<string, string>> = {
  'fhir4.eclinicalworks.com': 'eClinicalWorks FHIR R4',
  'fhir4.healow.com': 'eClinicalWorks FHIR R4 (healow)',
  'api.sprucehealth.com': 'Text messages by Spruce',
  'sms-voice.us-east-1.amazonaws.com': 'Text messages by AWS End User Messaging',
};

/** The hosts that a clinic's addendum opens now. Without one that lives: none. No clinic has one yet. */
export function hostsOf(addendum: Addendum | null, now: Date): readonly Host[] {
  if (addendum === null || addendum.live_until <= now) return [];
  return Object.entries(KNOWN).flatMap(([host, what]) => {
    const baa_reference = addendum.baa_references[host]?.trim();
    return baa_reference ? [{ host, what, baa_reference }] : [];
  });
}
