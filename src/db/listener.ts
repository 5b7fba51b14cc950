// What the database tells by NOTIFY, heard on a connection of its own: one that lives in a pool hears nothing once it has been handed back.
import pg from 'pg';
import type { Connection } from './pool.ts';

export interface Listener {
  close(): Promise<void>;
}

export interface Listening {
  channel: string;
  heard(payload: string): void;
  /** After each connecting: whatever was told before it was not heard. */
  connected(): void;
  failed(error: unknown): void;
}

const AGAIN_MS = 1_000;
const CONNECT_MS = 10_000;

/** Listens until it is closed, and connects anew where the connection breaks. What is told meanwhile is lost: no listener may rest on hearing everything. */
export function openListener(connection: Connection, { channel, heard, connected, failed }: Listening): Listener {
  let isClosed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  function connect(): void {
    const mine = new pg.Client({
      ...connection,
      ...{
        connectionTimeoutMillis: CONNECT_MS,
        keepAlive: true,
        keepAliveInitialDelayMillis: CONNECT_MS,
        application_name: 'attending listener',
      },
    });
    client = mine;
    let isOver = false;
    const over = (error: unknown) => {
      if (isOver || isClosed) return;
      isOver = true;
      mine.end().catch(() => {});
      failed(error);
      timer = setTimeout(connect, AGAIN_MS);
    };
    mine.on('error', over);
    mine.on('end', () => over(new Error('The connection that listens has ended.')));
    mine.on('notification', ({ payload }) => heard(payload ?? ''));
    const begin = async () => {
      await mine.connect();
      await mine.query(`listen ${mine.escapeIdentifier(channel)}`);
      if (!isClosed) connected();
    };
    begin().catch(over);
  }

  connect();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
