// The carriers' doubles, in a process of their own: what they took outlives whoever sent it. Run with fork(); told how to behave, and asked what came, by messages.
import type { AddressInfo, Server } from 'node:net';
import { awsDouble } from './aws-sms.ts';
import type { Carrier, Manner, Taken } from './carrier.ts';
import { smtpDouble } from './smtp.ts';
import { spruceDouble } from './spruce.ts';

const manners = new Map<string, Manner>();
const carrier: Carrier = {
  taken: [] as Taken[],
  mannerTo(recipient) {
    const manner = manners.get(recipient) ?? 'take';
    if (manner !== 'break_once') return manner;
    manners.delete(recipient);
    return 'break';
  },
};

const listening = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
const [smtp, spruce, aws] = await Promise.all([smtpDouble(carrier), spruceDouble(carrier), awsDouble(carrier)].map(listening));

process.on('message', (asked: { n: number; behave?: { recipient: string; manner: Manner } }) => {
  if (asked.behave) manners.set(asked.behave.recipient, asked.behave.manner);
  process.send?.({ n: asked.n, taken: carrier.taken });
});
process.once('disconnect', () => process.exit());
process.send?.({ ports: { smtp, spruce, aws } });
