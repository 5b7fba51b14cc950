/** What a measure did over time, laid out to be drawn: where each point lies, which days and values stand at the axes. Knows nothing of records. */
export interface TrendPoint {
  id: string;
  /** When it was collected or taken, RFC 3339. */
  at: string;
  value: number;
  /** The value as it is read: `8.1 %`, `<0.01 mIU/L`. */
  said: string;
  /** Out of its range, and which way; the word is for the reader. */
  flag?: { way: 'up' | 'down' | 'other'; word: string };
  /** The draft speaks of it. */
  isCited: boolean;
  /** Why no line runs to it: another method, beyond the scale, a suspected slip. */
  apart?: string;
}

export interface Trend {
  name: string;
  unit: string;
  /** One line each; a blood pressure has two, and then each has a name. */
  lines: { name?: string; points: TrendPoint[] }[];
  /** Where values are as expected, in words too. */
  band?: { low?: number; high?: number; said: string };
  /** First and last day of the picture. */
  from: string;
  to: string;
}

/** The picture in its own units; it grows with the page. */
export const WIDTH = 300;
export const HEIGHT = 168;
const INSIDE = { left: 36, right: WIDTH - 12, top: 14, bottom: HEIGHT - 24 };

export interface Laid {
  x(at: string): number;
  y(value: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  values: number[];
  days: { x: number; word: string }[];
  band?: { y: number; height: number };
}

/** Lays a trend out: all of its points, and all of its range that is near them. */
export function laidOut({ lines, band, from, to }: Trend): Laid {
  const drawn = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const [least, most] = [Math.min(...drawn), Math.max(...drawn)];
  // A range far away would press the points together: it is seen at the edge.
  const room = Math.max(most - least, Math.abs(most) * 0.1, Number.EPSILON);
  const near = [band?.low, band?.high].filter(
    (edge): edge is number => edge !== undefined && edge > least - 2 * room && edge < most + 2 * room,
  );
  const values = roundValues(Math.min(least, ...near), Math.max(most, ...near));
  const [low, high] = [values[0] as number, values.at(-1) as number];
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const x = (at: string) => INSIDE.left + ((Date.parse(at) - first) / (last - first)) * (INSIDE.right - INSIDE.left);
  const y = (value: number) => INSIDE.bottom - ((value - low) / (high - low)) * (INSIDE.bottom - INSIDE.top);
  const inside = (value: number) => Math.min(Math.max(y(value), INSIDE.top), INSIDE.bottom);
  const edges = band && { top: inside(band.high ?? high), bottom: inside(band.low ?? low) };
  return {
    x,
    y,
    ...INSIDE,
    values,
    days: monthsOf(from, to).map((day) => ({ x: x(day), word: monthWord(day) })),
    ...(edges && edges.bottom > edges.top && { band: { y: edges.top, height: edges.bottom - edges.top } }),
  };
}

/** Three to six round numbers that hold both between them. */
export function roundValues(least: number, most: number): number[] {
  const size = Math.max(Math.abs(least), Math.abs(most));
  // What differs by nothing that could be read is one value, and stands alone.
  const alone = size > 1e-9 ? size : 1;
  const spread = most - least > Math.max(size * 1e-6, 1e-9) ? most - least : alone;
  const power = 10 ** Math.floor(Math.log10(spread / 3));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((each) => spread / each <= 4) as number;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(Math.ceil(most / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The first day of every sixth month within, as many as can be read; of a longer time of every year. */
function monthsOf(from: string, to: string): string[] {
  const [start, end] = [new Date(from), new Date(to)];
  const months = (end.getTime() - start.getTime()) / (30.44 * 86_400_000);
  const every = [3, 6, 12, 24, 60, 120].find((each) => months / each <= 4.5) ?? 240;
  const found: string[] = [];
  for (let at = new Date(Date.UTC(start.getUTCFullYear(), 0, 1)); at <= end; at.setUTCMonth(at.getUTCMonth() + every))
    if (at >= start) found.push(at.toISOString());
  return found;
}

const monthWord = (at: string) =>
  new Intl.DateTimeFormat('en-US', { month: 'short', year: '2-digit', timeZone: 'UTC' }).format(new Date(at)).replace(' ', ' ’');

/** The line through the points that are on it, in the order of time, as an SVG path. */
export function pathOf(points: readonly TrendPoint[], { x, y }: Pick<Laid, 'x' | 'y'>): string {
  return points
    .filter(({ apart }) => apart === undefined)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
}

/** The picture in a sentence, for who does not see it. */
export function inWords({ name, unit, lines, band }: Trend, dayOf: (at: string) => string): string {
  const points = lines.flatMap((line) => line.points.map((point) => ({ ...point, line: line.name })));
  const times = points.map(({ at }) => at).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const told = lines.map((line) => {
    const values = line.points.map(({ value }) => value);
    return `${line.name ? `${line.name} ` : ''}from ${Math.min(...values)} to ${Math.max(...values)}`;
  });
  const cited = points.filter(({ isCited, line }) => isCited && (line === undefined || line === lines[0]?.name));
  return [
    `${name}${unit && ` in ${unit}`}, ${lines[0]?.points.length} ${lines[0]?.points.length === 1 ? 'value' : 'values'} between ${dayOf(times[0] as string)} and ${dayOf(times.at(-1) as string)}, ${told.join(', ')}.`,
    ...(band ? [`Reference range ${band.said}.`] : []),
    ...cited.map(({ said, at, flag }) => `Cited: ${said} of ${dayOf(at)}${flag ? `, ${flag.word}` : ''}.`),
  ].join(' ');
}
