// MCP in bytes, for tests of the wire.
import { openServer } from '../../src/http/server.ts';
import { CATALOGUE, type FakeGate, fakeGate, PORTS, TOKEN } from './gate.ts';

export const LEGACY = {
  authorization: `Bearer ${TOKEN}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};
export const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'wire\u0007', version: '1' },
};
export const modern = (method: string, name?: string) => ({
  ...LEGACY,
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name && { 'mcp-name': name }),
});
export const rpc = (method: string, params: unknown, id: unknown = 7) => ({ jsonrpc: '2.0', id, method, params });
export const call = (name: unknown, args: unknown = {}, meta?: object) =>
  rpc('tools/call', { name, arguments: args, ...(meta && { _meta: meta }) });

/** The doors over the small house, asked in process: what was answered, and what the book of calls says. */
export function aDoor(gate: FakeGate = fakeGate()) {
  const app = openServer({ ...PORTS, gate, catalogue: CATALOGUE });
  const send = async (body: unknown, headers: Record<string, string> = LEGACY, method = 'POST') => {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const answer = await app.request('/mcp', { method, headers, ...(method === 'POST' && { body: raw as string }) });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {},
    };
  };
  /** Every begun call and how it ended; each must have ended exactly once. */
  const rows = () => gate.rows.map(({ name, ended }) => `${name} ${ended.join('+')}`);
  return { gate, app, send, rows };
}
