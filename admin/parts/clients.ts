/** What to paste into which client. */
interface Connection {
  /** Of the MCP door. */
  url: string;
  origin: string;
  token: string;
}

const json = (value: object) => JSON.stringify(value, null, 2);

export const CLIENTS = [
  {
    id: 'claude-code',
    name: 'Claude Code',
    how: 'Run this in a terminal.',
    block: ({ url, token }: Connection) => `claude mcp add --transport http attending ${url} --header "Authorization: Bearer ${token}"`,
  },
  {
    id: 'cursor',
    name: 'Cursor',
    how: 'Put this into ~/.cursor/mcp.json.',
    block: ({ url, token }: Connection) => json({ mcpServers: { attending: { url, headers: { Authorization: `Bearer ${token}` } } } }),
  },
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    how: 'Over stdio: put this into claude_desktop_config.json, with the folder where Attending lies on that computer. Or open the bundle that npm run pack:mcpb makes, and paste address and token there.',
    block: ({ origin, token }: Connection) =>
      json({
        mcpServers: {
          attending: {
            command: 'node',
            args: ['/path/to/attending/bin/attending.mjs', 'stdio'],
            env: { ATTENDING_URL: origin, ATTENDING_TOKEN: token },
          },
        },
      }),
  },
  {
    id: 'sdk',
    name: 'An SDK',
    how: 'Streamable HTTP with any MCP SDK; here the one for TypeScript.',
    block: ({ url, token }: Connection) =>
      `const transport = new StreamableHTTPClientTransport(new URL('${url}'), {\n  requestInit: { headers: { Authorization: 'Bearer ${token}' } },\n});`,
  },
] as const;
