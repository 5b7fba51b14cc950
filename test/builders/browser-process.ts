// A process that works a vendor account in a browser, run as a child by tests that kill it: told what to do by messages, in order, and answering each.
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { startBrowser } from '../../src/outbound/browser.ts';
import type { BrowserAccount } from '../../src/outbound/browser-tab.ts';

export type Asked =
  | { open: string | null; executable_path: string; folder: string }
  | { go: string }
  | { see: string }
  | { press: string; writes: string }
  | { state: true };

const always = async () => ({ good_until_ms: systemClock.elapsed() + 60_000 });
let account: BrowserAccount;

async function answer(asked: Asked): Promise<unknown> {
  if ('open' in asked) {
    const { executable_path, folder } = asked;
    const may_run_unwalled = process.getuid?.() === 0;
    const browser = await startBrowser({ executable_path, folder, may_run_unwalled, clock: systemClock, random: systemRandom });
    if ('why' in browser) return browser;
    const state = asked.open === null ? {} : { state: secretOf(asked.open) };
    const opened = await browser.openAccount({ maySpeak: always, step_ms: 10_000, ...state });
    if ('done' in opened) return opened;
    account = opened;
    return { done: true };
  }
  if ('go' in asked) return await account.go(new URL(asked.go));
  if ('see' in asked) return await account.see({ role: 'heading', name: asked.see });
  if ('press' in asked)
    return await account.submit({
      ...{ press: { role: 'button', name: asked.press }, mayWrite: always },
      write: { method: 'POST', url: new URL(asked.writes) },
    });
  const state = await account.state();
  return 'reveal' in state ? state.reveal().toString() : state;
}

process.on('message', async ({ n, asked }: { n: number; asked: Asked }) => process.send?.({ n, told: await answer(asked) }));
process.once('disconnect', () => process.exit());
