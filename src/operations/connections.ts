import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { AlertId, CONNECTION_ACTS, ConnectionRow, ConnectionStatus, DriftAlert } from '../domains/connections.ts';
import { clear, recordId, secret, system } from '../domains/mark.ts';
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

const ENTERED = ['enter_password', 'enter_code'] as const satisfies readonly (typeof CONNECTION_ACTS)[number][];

export const manageConnection = operation({
  name: 'manage_connection',
  title: 'Restore or pause a connection',
  description:
    'A person brings a connection back: has Attending sign in once, enters the password of the account or the code that the vendor sent, pauses it, or resumes it. What is entered is sealed and shown to nobody again. It is begun within seconds; list_connections tells what came of it.',
  toolset: 'always',
  rest: 'POST /connections/{connection_id}',
  doors: ['admin'],
  permission: 'connections:restore',
  effect: 'write',
  needs: ['connections.act'],
  input: z.object({
    connection_id: clear(recordId('list_connections gives it')),
    act: z.enum(CONNECTION_ACTS),
    entered: secret(z.string().min(1).max(500)).optional(),
  }),
  output: z.object({ connection_id: system('id') }),
  async run({ connections }, { connection_id, act, entered }) {
    const isEntered = ENTERED.some((each) => each === act);
    if (isEntered !== (entered !== undefined))
      throw new Fault('invalid_input', isEntered ? 'entered: enter it.' : 'entered: nothing is entered for this. Leave it out.');
    await connections.act({ connection_id, act, entered });
    return { connection_id };
  },
});

export const listDriftAlerts = operation({
  name: 'list_drift_alerts',
  title: 'What vendors have changed',
  description:
    'Pages and answers of the clinic’s vendors that are not what they were: what changed, as before and now, since when, what it means, and what happens next. What is stopped comes first.',
  toolset: 'always',
  rest: 'GET /drift-alerts',
  doors: ['admin'],
  permission: 'connections:read',
  effect: 'read',
  needs: ['connections.drift'],
  input: z.object({}),
  output: z.object({ alerts: z.array(DriftAlert) }),
  async run({ connections }) {
    return { alerts: await connections.drift() };
  },
});

export const clearDriftAlert = operation({
  name: 'clear_drift_alert',
  title: 'Clear shifted values',
  description: 'A person knows why the values of a vendor’s page have shifted, and that they are right: they are not marked any more.',
  toolset: 'always',
  rest: 'POST /drift-alerts/{alert_id}/clear',
  doors: ['admin'],
  permission: 'connections:manage',
  effect: 'write',
  needs: ['connections.clearDrift'],
  input: z.object({ alert_id: AlertId, revision: z.int().min(1) }),
  output: z.object({}),
  async run({ connections }, seen) {
    await connections.clearDrift(seen);
    return {};
  },
});
