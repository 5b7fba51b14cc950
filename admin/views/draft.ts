/** What a draft tool answered, beside what was proposed: that nothing has been done, who decides, and where. */
import { el, show } from './dom.ts';
import type { Host, ToolResult } from './host.ts';

const STATES: Record<string, string> = {
  pending: 'Waits for a person',
  signed: 'Signed, and being written',
  parked: 'Signed, and a person has to look',
  failed: 'Signed, and not written',
  committed: 'Signed, and in the record',
  rejected: 'Rejected',
  expired: 'Expired',
};
/** Of the arguments, what tells a reader nothing. */
const UNTOLD = new Set(['request_key', 'patient_id', 'patient_ids', 'encounter_id', 'provider_id', 'appointment_id', 'reply_to']);

export function showDraft(
  { isError, content, structuredContent }: ToolResult,
  { args, host }: { args: Record<string, unknown>; host: Host },
): void {
  const { status, note, review_url, drafts } = (structuredContent ?? {}) as {
    status?: string;
    note?: string;
    review_url?: string;
    drafts?: unknown[];
  };
  const said = content?.[0]?.text ?? '';
  const where = review_url ?? /https?:\/\/\S+\/ai-drafts\/\S*[\w/]/.exec(said)?.[0];
  const title = isError
    ? said.includes('outside the clinic')
      ? 'Held for a person'
      : 'Not drafted'
    : (STATES[status ?? 'pending'] ?? 'Draft');
  show(
    el('h2', {}, title, drafts !== undefined && el('span', { class: 'unit' }, `${drafts.length} drafts`)),
    el('p', { class: 'said' }, isError ? said : (note ?? '')),
    ...proposal(args),
    where !== undefined && /^https?:/.test(where) && review(where, host),
  );
}

function review(url: string, host: Host): HTMLElement {
  if (!host.opens_links) return el('p', { class: 'quiet' }, `Review it at ${url}`);
  const button = el('button', { type: 'button' }, 'Review and sign');
  button.addEventListener('click', () => host.open(url));
  return button;
}

/** The words that were proposed, in the order in which they were written. */
function proposal(args: Record<string, unknown>): HTMLElement[] {
  const rows = leaves(args);
  if (rows.length === 0) return [];
  return [el('dl', {}, ...rows.flatMap(([label, text]) => [el('dt', {}, label), el('dd', {}, text)]))];
}

function leaves(value: Record<string, unknown>, above = ''): [label: string, text: string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    if (UNTOLD.has(name) || inner === null || inner === undefined || inner === '') return [];
    const words = name.replaceAll('_', ' ');
    const label = above === '' ? words.charAt(0).toUpperCase() + words.slice(1) : `${above} · ${words}`;
    if (Array.isArray(inner))
      return inner.flatMap((item): [string, string][] =>
        typeof item === 'object' && item !== null ? leaves(item as Record<string, unknown>, label) : [[label, String(item)]],
      );
    return typeof inner === 'object'
      ? leaves(inner as Record<string, unknown>, above === '' && name === 'soap' ? '' : label)
      : [[label, String(inner)]];
  });
}
