// A vault in this process's memory, for tests: what was put is answered to its own clinic.
import { randomUUID } from 'node:crypto';
import type { Sealer } from '../../src/connections/webhook-teller.ts';

export interface MemoryVault {
  sealerOf(tenant_id: string): Sealer;
  /** Every secret that was put, in order. */
  secrets(): string[];
}

export function aVault(): MemoryVault {
  const sealed = new Map<string, { tenant_id: string; value: string }>();
  const sealerOf = (tenant_id: string): Sealer => ({
    async put(value) {
      const id = randomUUID();
      sealed.set(id, { tenant_id, value });
      return id;
    },
    async open(id) {
      const found = sealed.get(id);
      if (found?.tenant_id !== tenant_id) throw new Error('nothing by this id in the vault');
      return found.value;
    },
  });
  return { sealerOf, secrets: () => [...sealed.values()].map(({ value }) => value) };
}
