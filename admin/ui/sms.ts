/** How a text message is cut on its way to a phone: 160 characters of GSM 7-bit, or 70 of UCS-2; in parts, 153 or 67 (3GPP TS 23.038, 23.040). */
const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_TWICE = new Set('^{}\\[~]|€\f');

export function smsSegments(body: string): { segments: string[]; is_gsm: boolean } {
  const characters = [...body];
  const is_gsm = characters.every((each) => GSM.has(each) || GSM_TWICE.has(each));
  const sizeOf = (each: string) => (is_gsm ? (GSM_TWICE.has(each) ? 2 : 1) : each.length);
  const total = characters.reduce((sum, each) => sum + sizeOf(each), 0);
  const [alone, part] = is_gsm ? [160, 153] : [70, 67];
  if (total <= alone) return { segments: [body], is_gsm };
  const segments: string[] = [];
  let [text, size] = ['', 0];
  for (const each of characters) {
    if (size + sizeOf(each) > part) {
      segments.push(text);
      [text, size] = ['', 0];
    }
    text += each;
    size += sizeOf(each);
  }
  return { segments: [...segments, text], is_gsm };
}
