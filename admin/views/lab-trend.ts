/** The results of get_labs over time: a line for each analyte that was measured more than once in one unit, its range as a band, and all of it as a table. */
import { el, show, svg } from './dom.ts';
import type { ToolResult } from './host.ts';

interface Lab {
  name: string;
  value?: number;
  comparator?: string;
  value_text?: string;
  unit?: string;
  ref_low?: number;
  ref_high?: number;
  flag: string;
  collected_at: string;
  status?: string;
}
interface Series {
  name: string;
  unit: string;
  /** Oldest first, each with a value. */
  points: (Lab & { value: number })[];
}

/** Two fit into the height that chats give a view. */
const FIRST_SERIES = 2;
const NORMAL = new Set(['N', 'NEG', 'ND', 'S', 'unknown']);
const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [132, 48, 14, 12, 26];
/** As wide as there is room, so that letters keep their size. */
const widthNow = () => Math.max(260, Math.min(document.documentElement.clientWidth - 32, 620));

export function showLabs({ isError, content, structuredContent }: ToolResult): void {
  const labs = structuredContent?.labs as Lab[] | undefined;
  if (isError || !Array.isArray(labs) || labs.length === 0) {
    show(el('p', { class: 'said' }, isError ? content?.[0]?.text : 'No lab results in this answer.'));
    return;
  }
  const series = seriesOf(labs);
  show(
    ...series.slice(0, FIRST_SERIES).map(chart),
    series.length > FIRST_SERIES &&
      el('details', {}, el('summary', {}, `${series.length - FIRST_SERIES} more over time`), ...series.slice(FIRST_SERIES).map(chart)),
    el('details', series.length === 0 ? { open: '' } : {}, el('summary', {}, `All ${labs.length} results of this answer`), table(labs)),
    structuredContent?.truncated === true && el('p', { class: 'quiet' }, 'There are more than these: ask for the rest.'),
  );
}

/** What can be drawn: two or more plain numbers of one analyte in one unit. A value beyond the scale (“<”) and one that is cancelled stand in the table alone. */
function seriesOf(labs: readonly Lab[]): Series[] {
  const found = new Map<string, Series>();
  for (const lab of [...labs].reverse()) {
    if (lab.value === undefined || lab.comparator !== undefined || lab.status === 'cancelled') continue;
    const unit = unitOf(lab);
    const key = `${lab.name}\0${unit}`;
    const series = found.get(key) ?? { name: lab.name, unit, points: [] };
    series.points.push({ ...lab, value: lab.value });
    found.set(key, series);
  }
  return [...found.values()]
    .filter(({ points }) => points.length > 1)
    .sort((a, b) => Number(isFlagged(b)) - Number(isFlagged(a)) || b.points.length - a.points.length);
}

/** Whether its newest result is: those one looks at first. */
const isFlagged = ({ points }: Series) => !NORMAL.has(points.at(-1)?.flag ?? 'N');

function chart({ name, unit, points }: Series): HTMLElement {
  const WIDTH = widthNow();
  const [first, last] = [points[0], points.at(-1)] as [Series['points'][number], Series['points'][number]];
  const { ref_low, ref_high } = last;
  const values = [...points.map(({ value }) => value), ...[ref_low, ref_high].filter((limit) => limit !== undefined)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  const [bottom, top] = [low - margin, high + margin];
  const [from, to] = [Date.parse(first.collected_at), Date.parse(last.collected_at)];
  const x = (at: string) => LEFT + ((Date.parse(at) - from) / (to - from || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + ((top - value) / (top - bottom)) * (HEIGHT - TOP - BOTTOM);
  const band = ref_low !== undefined || ref_high !== undefined;
  const [band_top, band_bottom] = [y(ref_high ?? top), y(ref_low ?? bottom)];
  const said = `${name}: ${points.length} results from ${day(first.collected_at)} to ${day(last.collected_at)}, the last ${shown(last)}${band ? `, range ${rangeOf(last)}` : ''}.`;
  return el(
    'section',
    {},
    el('h2', {}, name, el('span', { class: 'unit' }, unit)),
    el(
      'p',
      { class: 'last' },
      shown(last),
      el('span', { class: 'quiet' }, ` on ${day(last.collected_at)}${band ? ` · range ${rangeOf(last)}` : ''}`),
    ),
    el(
      'figure',
      {},
      svg(
        'svg',
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': said },
        band &&
          svg('rect', { class: 'band', x: LEFT, width: WIDTH - LEFT - RIGHT, y: band_top, height: Math.max(band_bottom - band_top, 1) }),
        ...[low, high].map((value) => svg('text', { class: 'tick', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, round(value))),
        svg('text', { class: 'tick', x: LEFT, y: HEIGHT - 8 }, day(first.collected_at)),
        svg('text', { class: 'tick', x: WIDTH - RIGHT, y: HEIGHT - 8, 'text-anchor': 'end' }, day(last.collected_at)),
        svg('polyline', { class: 'line', points: points.map(({ collected_at, value }) => `${x(collected_at)},${y(value)}`).join(' ') }),
        ...points.map((point) =>
          svg(
            'circle',
            {
              class: NORMAL.has(point.flag) ? 'point' : 'point flagged',
              cx: x(point.collected_at),
              cy: y(point.value),
              r: NORMAL.has(point.flag) ? 3.5 : 5,
            },
            svg('title', {}, `${shown(point)} on ${day(point.collected_at)}`),
          ),
        ),
      ),
    ),
  );
}

function table(labs: readonly Lab[]): HTMLElement {
  return el(
    'table',
    {},
    el('thead', {}, el('tr', {}, ...['Collected', 'Test', 'Result', 'Range', 'Flag'].map((head) => el('th', { scope: 'col' }, head)))),
    el(
      'tbody',
      {},
      ...labs.map((lab) =>
        el(
          'tr',
          NORMAL.has(lab.flag) ? {} : { class: 'flagged' },
          ...[day(lab.collected_at), lab.name, shown(lab), rangeOf(lab), lab.flag === 'unknown' ? 'not flagged' : lab.flag].map((cell) =>
            el('td', {}, cell),
          ),
        ),
      ),
    ),
  );
}

/** UCUM writes what is no unit in braces: {ratio}. */
const unitOf = ({ unit }: Lab) => (unit ?? '').replaceAll(/\{[^}]*\}/g, '');
const round = (value: number) => String(Math.round(value * 100) / 100);
const day = (at: string) => at.slice(0, 10);
const shown = (lab: Lab) => {
  const { comparator = '', value, value_text, status, flag } = lab;
  const said = value === undefined ? (value_text ?? status ?? '') : `${comparator}${value} ${unitOf(lab)}`.trim();
  return NORMAL.has(flag) ? said : `${said} ${flag}`;
};
const rangeOf = ({ ref_low, ref_high }: Lab) => {
  if (ref_low === undefined && ref_high === undefined) return '';
  if (ref_low === undefined) return `to ${ref_high}`;
  return ref_high === undefined ? `from ${ref_low}` : `${ref_low}–${ref_high}`;
};
