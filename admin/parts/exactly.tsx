/** What will be signed, to the letter: the payload and its hash. */
import type { Payload } from '../api/types.ts';
import { Copy } from '../ui/copy.tsx';
import { Text } from './field-text.tsx';

export function Exactly({ payload, hash, version }: { payload: Payload; hash: string; version?: number }) {
  return (
    <details className="exactly">
      <summary>
        To the letter{version !== undefined && `: version ${version}`}, <code>{hash.slice(0, 12)}</code>
      </summary>
      <p className="hash">
        SHA-256 <code>{hash}</code> <Copy text={hash} what="Copy the hash" compact />
      </p>
      <div className="letter">
        <Text text={JSON.stringify(payload, null, 2)} />
      </div>
    </details>
  );
}
