// The doubles of carriers, started for a test, and the transports that reach them.
import { AWS } from '../../emulators/aws-sms.ts';
import type { Manner, Taken } from '../../emulators/carrier.ts';
import { SMTP } from '../../emulators/smtp.ts';
import { SPRUCE_TOKEN } from '../../emulators/spruce.ts';
import { awsSms } from '../../src/outbound/aws-sms.ts';
import { smtp } from '../../src/outbound/smtp.ts';
import { spruce } from '../../src/outbound/spruce.ts';
import { startDouble } from './double.ts';

export interface Ports {
  smtp: number;
  spruce: number;
  aws: number;
}

export interface Carriers {
  ports: Ports;
  /** What came to a recipient, or all of it. */
  taken(recipient?: string): Promise<Taken[]>;
  behave(recipient: string, manner: Manner): Promise<void>;
  close(): void;
}

export async function startCarriers(): Promise<Carriers> {
  const { ready, ask, close } = await startDouble<Taken[]>('carriers', 'taken');
  const ports = ready.ports as Ports;
  return {
    ports,
    taken: async (recipient) => (await ask()).filter((each) => recipient === undefined || each.recipient === recipient),
    behave: async (recipient, manner) => void (await ask({ behave: { recipient, manner } })),
    close,
  };
}

/** Every carrier that there is, at its double. */
export const reaching = (ports: Ports, timeout_ms = 2_000) => ({
  spruce: spruce({ url: `http://127.0.0.1:${ports.spruce}/v1`, token: SPRUCE_TOKEN, endpoint_id: 'ep_1', timeout_ms }),
  aws: awsSms({
    ...{
      url: `http://localhost:${ports.aws}`,
      region: AWS.region,
      keys: AWS,
      origination: '+18045550100',
      now: () => new Date(),
      timeout_ms,
    },
  }),
  smtp: smtp({ host: '127.0.0.1', port: ports.smtp, tls: false, auth: SMTP, from: 'noreply@clinic.example' }, timeout_ms),
});
