import type { Source } from '../domains/index.ts';
import type { Connection, Connector, Surroundings } from './connector.ts';
import { native } from './native/connector.ts';

/** Every record system that a clinic can be connected to, by vendor. */
export const CONNECTORS: Readonly<Record<string, Connector>> = { [native.vendor]: native };

/** The source of one connection, opened in one call. No I/O yet. Throws for a vendor that is not among the connectors. */
export function openSource(connection: Connection, around: Surroundings, connectors = CONNECTORS): Source {
  const connector = Object.hasOwn(connectors, connection.vendor) ? connectors[connection.vendor] : undefined;
  if (!connector) throw new Error(`no connector for the vendor of connection ${connection.id}`);
  return connector.open(connection, around);
}
