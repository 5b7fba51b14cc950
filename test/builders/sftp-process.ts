// A process that puts one file to a partner, run as a child by tests that kill it.
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { openSftp } from '../../src/outbound/sftp.ts';
import type { SftpServer } from '../../src/outbound/sftp-line.ts';

export interface PutSettings {
  server: Omit<SftpServer, 'credential'> & { password: string };
  folder: string;
  name: string;
  text: string;
}

const { server, folder, name, text } = JSON.parse(process.argv[2] ?? '') as PutSettings;
const { password, ...known } = server;
const sftp = openSftp({ ...known, credential: { password: secretOf(password) } }, { clock: systemClock, random: systemRandom });
await sftp.put({ folder, name }, Buffer.from(text), async () => ({ good_until_ms: systemClock.elapsed() + 60_000 }));
process.once('disconnect', () => process.exit());
