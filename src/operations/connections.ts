import * as z from 'zod';
import { ConnectionRow, ConnectionStatus } from '../domains/connections.ts';
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

export const listConnections = operation({
  name: 'list_connections',
  title: 'Connections to record systems',
  description:
    'Each record system of the clinic: how the connection is and why, what to do next, and how many writes to it wait, are in doubt, or need a person.',
  toolset: 'always',
  rest: 'GET /connections',
  doors: ['admin'],
  permission: 'connections:read',
  effect: 'read',
  needs: ['connections.list'],
  input: z.object({}),
  output: z.object({ connections: z.array(ConnectionRow) }),
  async run({ connections }) {
    return { connections: await connections.list() };
  },
});
