// The sandbox's carrier: a folder, one file a message. Nothing leaves it.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transport } from './transport.ts';

/** Writes `<message_id>.json` into `folder`, readable by its owner alone. A file that is there already was sent. */
export function fileTransport(folder: string): Transport {
  return {
    async send(message) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(path.join(folder, `${message.message_id}.json`), `${JSON.stringify(message, null, 2)}\n`, {
          mode: 0o600,
          flag: 'wx',
        });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code !== 'EEXIST') return { outcome: 'unknown', code: 'no_answer' };
      }
      return { outcome: 'sent', provider_id: message.message_id };
    },
  };
}
