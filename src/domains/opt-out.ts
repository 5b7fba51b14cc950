// What an answered text says of further ones (connectors.md §2.16). Done at once, for the number, whoever has it.

/** opt_out: no further texts. opt_in: texts again. unclear: may mean it, a person reads it before anything else goes to the number. */
export type Consent = 'opt_out' | 'opt_in' | 'unclear';

/** Words that end it wherever they stand alone. Source: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe); the carriers' STOPALL;
 *  Spanish as many recipients write it. */
const STOP = 'stop|stopall|quit|end|revoke|opt[\\s-]?out|optout|cancel|unsubscribe|alto|parar|pare|cancelar';
const START = 'start|unstop|restart|opt[\\s-]?in|optin';
/** Said beside the word without changing it. */
const POLITE =
  /\b(?:please|pls|plz|now|thanks|thank you|thx|ok|okay|all|the|these|this|your|any|more|text|texts|texting|txt|txts|message|messages|messaging|msgs?|sms|sending|me|from|to|por favor|gracias)\b/g;
const ONLY_STOP = new RegExp(`^(?:(?:${STOP})\\s*)+$`);
const ONLY_START = new RegExp(`^(?:${START})$`);
const HOLDS_STOP = new RegExp(`\\b(?:${STOP})\\b`);
/** Any other reasonable means: what nobody could take for something else. */
const IN_WORDS = [
  /\b(?:stop|quit|cease)\s+(?:\w+\s+){0,2}(?:text|texting|texts|messag\w*|msgs?|contact\w*|sms)\b/,
  /\b(?:don'?t|do not|never|no longer)\s+(?:\w+\s+){0,3}(?:text|texting|texts|message|messages|contact)\b/,
  /\b(?:no more|no mas|no más)\s+(?:text|message|msg|sms|mensaje)/,
  /\b(?:remove|delete)\s+(?:me|my number|this number)\b/,
  /\btake\s+(?:me|my number|this number)\s+off\b/,
  /\b(?:opt|opting)\s+(?:me\s+)?out\b/,
  /\bunsubscribe\b/,
  /\brevoke\s+(?:my\s+)?consent\b/,
  /\b(?:wrong|not my)\s+number\b/,
];

/** What the inbound text says of further texts; undefined where it says nothing of it. A keyword that stands alone, in any case, with any punctuation or courtesy
 *  around it, is definite, and so is a plain sentence ("please stop texting me"). A keyword inside other words ("cancel my appointment") is unclear. */
export function consentIn(text: string): Consent | undefined {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[^\p{L}\p{N}'\s-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const bare = words
    .replaceAll(POLITE, ' ')
    .replaceAll(/['\s-]+/g, ' ')
    .trim();
  if (ONLY_STOP.test(bare)) return 'opt_out';
  if (ONLY_START.test(bare)) return 'opt_in';
  if (IN_WORDS.some((said) => said.test(words))) return 'opt_out';
  return HOLDS_STOP.test(words) ? 'unclear' : undefined;
}
