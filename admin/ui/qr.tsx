/** A QR code, drawn as one path; it keeps its white ground in the dark, since cameras want it. */
import { generate } from 'lean-qr';

const QUIET = 4;

export function Qr({ text, label }: { text: string; label: string }) {
  const code = generate(text);
  const path: string[] = [];
  for (let y = 0; y < code.size; y++) for (let x = 0; x < code.size; x++) if (code.get(x, y)) path.push(`M${x} ${y}h1v1h-1z`);
  const side = code.size + 2 * QUIET;
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} shapeRendering="crispEdges">
      <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="#fff" />
      <path d={path.join('')} fill="#000" />
    </svg>
  );
}
