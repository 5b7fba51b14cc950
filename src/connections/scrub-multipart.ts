// A form in parts (RFC 7578): the names of its fields stay where they may be said, a file keeps the kind of its name, each part is scrubbed as what it says it is.
import { likeWord } from './pseudonyms.ts';
import { droppedText } from './scrub.ts';
import type { Scrubber } from './scrub-text.ts';

export const BOUNDARY = 'scrubbed';
const EXTENSIONS = /\.(?:pdf|png|jpe?g|tiff?|xml|json|txt|csv|html?|dcm|docx?)$/i;

/** `said`: the content type with its boundary. `document` scrubs a part. Undefined for what is not in parts; a part that cannot be read is dropped by itself. */
export function scrubMultipart(
  text: string,
  said: string,
  { scrubber, document }: { scrubber: Scrubber; document: (part: string, type: string | undefined) => string | undefined },
): string | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(said);
  const between = boundary?.[1] ?? boundary?.[2];
  if (between === undefined) return undefined;
  const pieces = `\r\n${text}`.split(`\r\n--${between}`);
  if (pieces.length < 3 || !/^--\s*$/.test(pieces.at(-1) ?? '')) return undefined;
  const parts = pieces.slice(1, -1).map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    if (!piece.startsWith('\r\n') || end === -1) return undefined;
    const headers = piece.slice(2, end);
    const body = piece.slice(end + 4);
    const type = /^content-type:\s*(\S[^\r\n]*)/im.exec(headers)?.[1];
    const name = /\bname="([^"\r\n]*)"/i.exec(headers.replace(/filename\*?=/gi, 'file='))?.[1];
    const file = /\bfilename="([^"\r\n]*)"/i.exec(headers)?.[1];
    const disposition = [
      'form-data',
      ...(name === undefined ? [] : [`name="${scrubber.name(name)}"`]),
      ...(file === undefined ? [] : [`filename="${fileNameLike(file, scrubber)}"`]),
    ].join('; ');
    return `\r\nContent-Disposition: ${disposition}\r\n\r\n${document(body, type) ?? droppedText('a part', body.length)}`;
  });
  if (parts.includes(undefined)) return undefined;
  return `${parts.map((part) => `--${BOUNDARY}${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
}

function fileNameLike(name: string, { draw }: Scrubber): string {
  const extension = EXTENSIONS.exec(name)?.[0] ?? '';
  return `${likeWord(name.slice(0, name.length - extension.length).replaceAll(/[^\p{L}\p{N}]/gu, ''), { draw, place: name })}${extension.toLowerCase()}`;
}
