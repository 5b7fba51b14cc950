import * as z from 'zod';
import { system } from './mark.ts';

/** One record system of the clinic, and how it stands. */
export const ConnectionStatus = z.object({
  source: system('code'),
  title: system('term'),
  state: z.enum(['connected', 'degraded', 'disconnected']),
  since: system('instant').optional(),
  domains: z.array(system('code')).describe('what can be asked of it'),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

/** How the clinic's record systems stand. */
export interface Connections {
  status(): Promise<ConnectionStatus[]>;
}
