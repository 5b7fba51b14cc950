// Raw MCP over HTTP, for tests that count every byte and every call. The official clients have their own tests (clients.test.ts).
import { TOOLSETS } from '../src/operations/operation.ts';

export interface Answered {
  status: number;
  /** The result of the call; absent for a protocol error. */
  result?: {
    isError?: boolean;
    content: { type: 'text'; text: string }[];
    structuredContent?: Record<string, unknown>;
    _meta?: Record<string, unknown>;
  };
  error?: { code: number; message: string };
  body: string;
}

/** The MCP door with every toolset that the credential has. */
export const EVERY_TOOLSET = `/mcp?toolsets=${TOOLSETS.join(',')}`;

let next = 1;

/** One JSON-RPC request of 2026-07-28, each on its own. */
export async function rpc(
  url: string,
  token: string,
  method: string,
  params: Record<string, unknown>,
  path = '/mcp',
  capabilities: object = {},
): Promise<{ status: number; body: string; json: Record<string, unknown> }> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const named = [params.name, params.uri].find((name): name is string => typeof name === 'string');
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(named !== undefined && { 'mcp-name': named }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: next++, method, params: { ...params, _meta: meta } }),
  });
  const body = await response.text();
  return { status: response.status, body, json: body.startsWith('{') ? JSON.parse(body) : {} };
}

/** One tools/call of 2026-07-28. */
export async function callTool(url: string, token: string, name: string, args: unknown, path = '/mcp'): Promise<Answered> {
  const { status, body, json } = await rpc(url, token, 'tools/call', { name, arguments: args }, path);
  return { status, body, ...(json as Pick<Answered, 'result' | 'error'>) };
}

/** The names that tools/list gives. */
export async function listTools(url: string, token: string, path = '/mcp'): Promise<{ name: string }[]> {
  const { json } = await rpc(url, token, 'tools/list', {}, path);
  return (json.result as { tools: { name: string }[] }).tools;
}
