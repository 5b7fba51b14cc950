import * as z from 'zod';
import { ConnectionStatus } from '../domains/connections.ts';
import { operation } from './operation.ts';

export const connectionStatus = operation({
  name: 'connection_status',
  title: 'How the record systems stand',
  description:
    'The record systems of this clinic, whether they are connected, since when, and what can be asked of each. Use it when an answer is missing or stale.',
  toolset: 'always',
  rest: 'GET /connections',
  doors: ['mcp', 'rest'],
  permission: 'connections:read',
  effect: 'read',
  needs: ['connections.status'],
  input: z.object({}),
  output: z.object({ connections: z.array(ConnectionStatus) }),
  async run({ connections }) {
    return { connections: await connections.status() };
  },
});
