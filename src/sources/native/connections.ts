import type { Connections } from '../../domains/connections.ts';
import type { Connection, Surroundings } from '../connector.ts';

/** How the native record stands: it is this database, so a call that can ask is connected. */
export function connections(
  { tx }: Surroundings,
  connection: Connection & { title: string; domains: string[] },
): Pick<Connections, 'status'> {
  return {
    async status() {
      const rows = await tx.rows<{ connected_at: string }>('select c.connected_at from connections c where c.id = $1', [connection.id]);
      return rows.map(({ connected_at }) => ({
        source: connection.vendor,
        title: connection.title,
        state: 'connected' as const,
        since: connected_at,
        domains: connection.domains,
      }));
    },
  };
}
