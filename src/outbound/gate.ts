// The last door before the wire: what is asked here is asked in the same turn in which the bytes go to the operating system, with nothing awaited between.
import type net from 'node:net';

export interface Gate {
  /** Whether anything went through. */
  passed(): boolean;
  /** Lets nothing through any more. */
  shut(): void;
}

/** Sets a gate into a connected socket (and behind its TLS handshake). `mayPass` is asked once, for the first byte; where it says no, the socket ends without having written any. It stands
 *  at `_write` and `_writev`, where everything that is written passes last: a question at `write` would come before what waits there while a stream is corked. */
export function gated(socket: net.Socket, mayPass: () => boolean): Gate {
  let state: 'closed' | 'open' | 'shut' = 'closed';
  let passed = false;
  const lets = (): boolean => {
    if (state === 'closed') state = mayPass() ? 'open' : 'shut';
    if (state === 'shut') return false;
    passed = true;
    return true;
  };
  const refused = () => new Error('the right to write is gone: nothing was written');
  const write = socket._write.bind(socket);
  socket._write = (piece, encoding, done) => (lets() ? write(piece, encoding, done) : done(refused()));
  const writev = socket._writev?.bind(socket);
  if (writev) socket._writev = (pieces, done) => (lets() ? writev(pieces, done) : done(refused()));
  return {
    passed: () => passed,
    shut: () => {
      state = 'shut';
    },
  };
}
