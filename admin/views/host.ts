/** The chat that shows a view (MCP Apps 2026-01-26): JSON-RPC over postMessage with the window around it, and nothing else; a view has no network. */

/** CallToolResult, as far as a view reads it. */
export interface ToolResult {
  isError?: boolean;
  content?: { type: string; text?: string }[];
  structuredContent?: Record<string, unknown>;
}
interface HostContext {
  theme?: 'light' | 'dark';
  styles?: { variables?: Record<string, string | undefined> };
}

export interface Host {
  /** Whether the chat opens a link when asked. */
  opens_links: boolean;
  open(url: string): void;
}

const PROTOCOL = '2026-01-26';

/** Says hello to the chat, dresses as it does, and hands on what it sends: the arguments of the call, its result, or that it was called off. */
export async function meetHost(
  view: string,
  told: { input(args: Record<string, unknown>): void; result(result: ToolResult): void; cancelled(): void },
): Promise<Host> {
  let next = 1;
  const waiting = new Map<number, (result: Record<string, unknown>) => void>();
  const send = (message: object) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const request = (method: string, params: object) =>
    new Promise<Record<string, unknown>>((answered) => {
      const id = next++;
      waiting.set(id, answered);
      send({ id, method, params });
    });

  window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || typeof data !== 'object' || data === null) return;
    const { id, method, params, result } = data as { id?: number; method?: string; params?: unknown; result?: Record<string, unknown> };
    if (method === undefined && id !== undefined) {
      waiting.get(id)?.(result ?? {});
      waiting.delete(id);
    }
    if (method === 'ui/notifications/tool-input') told.input((params as { arguments?: Record<string, unknown> }).arguments ?? {});
    if (method === 'ui/notifications/tool-result') told.result(params as ToolResult);
    if (method === 'ui/notifications/tool-cancelled') told.cancelled();
    if (method === 'ui/notifications/host-context-changed') dress(params as HostContext);
    if (method === 'ui/resource-teardown') send({ id, result: {} });
  });

  const { hostContext, hostCapabilities } = await request('ui/initialize', {
    appInfo: { name: `attending-${view}`, version: '1' },
    appCapabilities: { availableDisplayModes: ['inline'] },
    protocolVersion: PROTOCOL,
  });
  dress((hostContext ?? {}) as HostContext);
  send({ method: 'ui/notifications/initialized' });
  // As high as what it shows: the chat makes room for it.
  new ResizeObserver(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    send({ method: 'ui/notifications/size-changed', params: { width: Math.ceil(width), height: Math.ceil(height) } });
  }).observe(document.documentElement);
  return {
    opens_links: (hostCapabilities as { openLinks?: object } | undefined)?.openLinks !== undefined,
    open: (url) => void request('ui/open-link', { url }),
  };
}

function dress({ theme, styles }: HostContext): void {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (/^--[a-z0-9-]+$/.test(name) && value !== undefined) root.style.setProperty(name, value);
}
