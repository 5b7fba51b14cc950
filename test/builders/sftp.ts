// The double of a partner's SFTP server (emulators/sftp.ts), and how the clinic knows it.
import { type Behaviour, type SeenFiles, SFTP } from '../../emulators/sftp.ts';
import { secretOf } from '../../src/base/secret.ts';
import type { SftpServer } from '../../src/outbound/sftp-line.ts';
import { startDouble } from './double.ts';

export interface PartnerFiles {
  server: SftpServer;
  /** As OpenSSH writes them: a key by which the clinic may sign in, and an RSA key. */
  private_key: string;
  rsa_key: string;
  /** How it is from now on. What it has seen so far is forgotten. */
  behave(behaviour: Behaviour): Promise<void>;
  seen(): Promise<SeenFiles>;
  /** When it has been asked so many things since it was told how to be. */
  whenAsked(requests: number): Promise<SeenFiles>;
  close(): void;
}

export async function startPartnerFiles(): Promise<PartnerFiles> {
  const { ready, ask, close } = await startDouble<SeenFiles>('sftp', 'seen');
  const { port, host_keys, private_key, rsa_key } = ready as { port: number; host_keys: string[]; private_key: string; rsa_key: string };
  return {
    server: { host: '127.0.0.1', port, host_keys, user: SFTP.user, credential: { password: secretOf(SFTP.password) } },
    ...{ private_key, rsa_key },
    behave: async (behave) => void (await ask({ behave })),
    seen: () => ask(),
    whenAsked: (wait_for) => ask({ wait_for }),
    close,
  };
}
