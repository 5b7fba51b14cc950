/** One script for the views that a chat shows; `data-view` of the body says which. src/http/apps.ts lays it into one page without a network. */
import { el, show } from './dom.ts';
import { showDraft } from './draft.ts';
import { type Host, meetHost, type ToolResult } from './host.ts';
import { showLabs } from './lab-trend.ts';
import css from './view.css?inline';

document.head.append(el('style', {}, css));
const view = document.body.dataset.view ?? '';
let args: Record<string, unknown> = {};
let result: ToolResult | undefined;
let host: Host = { opens_links: false, open: () => {} };

function draw(): void {
  if (!result) return;
  if (view === 'lab-trend') showLabs(result);
  else showDraft(result, { args, host });
}

window.addEventListener('resize', draw);
host = await meetHost(view, {
  input(came) {
    args = came;
    draw();
  },
  result(came) {
    result = came;
    draw();
  },
  cancelled: () => show(el('p', { class: 'said' }, 'This call was called off.')),
});
draw();
