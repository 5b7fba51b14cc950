// The app that conformance and the official clients are run against, and the one place that says which.
import type { Extend } from '../../src/http/mcp-server.ts';
import { startAttending } from '../app.ts';

export interface AnApp {
  url: string;
  token: string;
  close(): Promise<void>;
}

/** A whole Attending on a clinic of its own, with a physician's token. */
export async function anApp({ extend }: { extend?: Extend } = {}): Promise<AnApp> {
  const { url, tokens, close } = await startAttending(extend ? { extend } : {});
  return { url, token: tokens.physician, close };
}
