import { randomBytes, randomUUID } from 'node:crypto';

/** The port for chance. Secrets come from `bytes`; a seeded one replays a failing test. */
export interface Random {
  bytes(count: number): Buffer;
  uuid(): string;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count), uuid: () => randomUUID() };
