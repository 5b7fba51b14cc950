// The views that a chat shows beside an answer (MCP Apps, io.modelcontextprotocol/ui, 2026-01-26): pages without a network and without anything of a patient in them;
// what they show is the answer that the chat hands them. The text and structuredContent are there for who shows none.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Operation } from '../operations/operation.ts';

/** The one script of all views, as `npm run build` left it. Without it there are no views. */
const SCRIPT = path.join(import.meta.dirname, '../../admin/dist/views/view.js');
const MIME = 'text/html;profile=mcp-app';
const EXTENSION = 'io.modelcontextprotocol/ui';

const VIEWS = {
  'lab-trend': { title: 'Lab results over time', description: 'Each analyte as a line with its range, and all results as a table.' },
  draft: { title: 'Draft', description: 'What was drafted, that nothing has been done yet, and where a person decides on it.' },
} as const;
type View = keyof typeof VIEWS;

const uriOf = (view: View) => `ui://attending/${view}.html`;

function viewOf({ name, effect }: Operation): View | undefined {
  if (effect === 'draft' || effect === 'batch') return 'draft';
  return name === 'get_labs' ? 'lab-trend' : undefined;
}

/** Whether a chat that declared these capabilities shows views. In the older era it said so in another request, so nobody knows. */
export function showsViews(capabilities: unknown): boolean {
  const extensions = (capabilities as { extensions?: Record<string, { mimeTypes?: unknown }> } | undefined)?.extensions;
  const declared = extensions?.[EXTENSION];
  return declared !== undefined && (!Array.isArray(declared.mimeTypes) || declared.mimeTypes.includes(MIME));
}

/** What a tool's entry says of its view; nothing where it has none, or the views are not built. */
export function viewMetaOf(operation: Operation): { _meta?: { ui: { resourceUri: string } } } {
  const view = viewOf(operation);
  return view === undefined || !existsSync(SCRIPT) ? {} : { _meta: { ui: { resourceUri: uriOf(view) } } };
}

/** The views as entries of resources/list. */
export function viewEntries(): { uri: string; name: string; title: string; description: string; mimeType: string }[] {
  if (!existsSync(SCRIPT)) return [];
  return (Object.keys(VIEWS) as View[]).map((view) => ({ uri: uriOf(view), name: view, ...VIEWS[view], mimeType: MIME }));
}

/** Whether this URI is of a view: it is the same for everybody, so reading it is no call. */
export const isViewUri = (uri: unknown): boolean => (Object.keys(VIEWS) as View[]).some((view) => uriOf(view) === uri);

/** The page of a view by its URI; undefined for any other URI. */
export function viewAt(uri: unknown) {
  const view = (Object.keys(VIEWS) as View[]).find((candidate) => uriOf(candidate) === uri);
  if (view === undefined || !existsSync(SCRIPT)) return undefined;
  // No host is named: a view that asks for one is refused by the chat, whatever stands in it.
  const _meta = { ui: { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true } };
  return { contents: [{ uri: uriOf(view), mimeType: MIME, text: pageOf(view), _meta }] };
}

function pageOf(view: View): string {
  const script = readFileSync(SCRIPT, 'utf8').replaceAll('</', '<\\/');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${VIEWS[view].title}</title></head>
<body data-view="${view}"><main aria-live="polite"></main><script type="module">${script}</script></body></html>
`;
}
