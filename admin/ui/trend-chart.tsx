/** The course of a measure as a small picture: the reference range as a band, what is out of it by its shape, what the draft cites with a ring. */
import { HEIGHT, inWords, type Laid, laidOut, pathOf, type Trend, type TrendPoint, WIDTH } from './trend.ts';

const SIZE = 4;
/** A name stands clear of so many points. */
const NAMED_BY = 5;

export function TrendChart({ trend, dayOf }: { trend: Trend; dayOf(at: string): string }) {
  const laid = laidOut(trend);
  const { left, right, top, bottom, values, days, band, y } = laid;
  return (
    <svg className="trend" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={inWords(trend, dayOf)}>
      {band && <rect className="trend-band" x={left} width={right - left} y={band.y} height={band.height} />}
      {values.map((value) => (
        <g key={value}>
          <line className="trend-gridline" x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text x={left - 5} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {days.map(({ x, word }) => (
        <g key={word}>
          <line className="trend-tick" x1={x} x2={x} y1={bottom} y2={bottom + 4} />
          <text x={x} y={HEIGHT - 6} textAnchor={x > right - 12 ? 'end' : 'middle'}>
            {word}
          </text>
        </g>
      ))}
      <line className="trend-axis" x1={left} x2={left} y1={top} y2={bottom} />
      <line className="trend-axis" x1={left} x2={right} y1={bottom} y2={bottom} />
      {trend.lines.map(({ name, points }) => (
        <g key={name ?? ''}>
          <path className="trend-line" d={pathOf(points, laid)} />
          {name && <Name name={name} points={points} laid={laid} />}
          {points.map((point) => (
            <Point key={point.id} point={point} laid={laid} line={name} dayOf={dayOf} />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Above where its line begins. */
function Name({ name, points, laid }: { name: string; points: readonly TrendPoint[]; laid: Laid }) {
  const begin = points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(0, NAMED_BY);
  const highest = Math.max(...begin.map(({ value }) => value));
  return (
    <text x={laid.left + 6} y={laid.y(highest) - 8}>
      {name}
    </text>
  );
}

function Point({ point, laid, line, dayOf }: { point: TrendPoint; laid: Laid; line: string | undefined; dayOf(at: string): string }) {
  const { at, said, flag, isCited, apart, value } = point;
  const [x, y] = [laid.x(at), laid.y(value)];
  return (
    <g className="trend-point" data-flagged={flag && true} data-apart={apart && true}>
      <title>{[line, said, dayOf(at), flag?.word, apart, isCited && 'cited by the draft'].filter(Boolean).join(' · ')}</title>
      {isCited && <circle className="trend-cited" cx={x} cy={y} r={SIZE * 2} />}
      <Shape x={x} y={y} way={flag?.way} />
    </g>
  );
}

/** Out of range points up or down: colour is only on top of that. */
function Shape({ x, y, way }: { x: number; y: number; way: 'up' | 'down' | 'other' | undefined }) {
  const s = SIZE * 1.25;
  switch (way) {
    case 'up':
      return <path d={`M${x} ${y - s}L${x + s} ${y + s * 0.8}H${x - s}Z`} />;
    case 'down':
      return <path d={`M${x} ${y + s}L${x + s} ${y - s * 0.8}H${x - s}Z`} />;
    case 'other':
      return <path d={`M${x} ${y - s}L${x + s} ${y}L${x} ${y + s}L${x - s} ${y}Z`} />;
    case undefined:
      return <circle cx={x} cy={y} r={SIZE} />;
    default:
      return way satisfies never;
  }
}
