// What vendors do to the page on which a visit is entered, by name, and what has to come of it.
import type { Mutation } from './drift-mutation.ts';
import type { Chance } from './world.ts';

const replaced =
  (from: string | RegExp, to: string) =>
  (body: string): string => {
    const next = body.replace(from, to);
    if (next === body) throw new Error(`a mutation found nothing to change: ${from}`);
    return next;
  };
const field = (html: string) => replaced('<textarea', `${html}<textarea`);
const SAVE = /<button id="btnSave"[^>]*>\s*Save visit\s*<\/button>/;

const PAGE_BREAKS: Record<string, (body: string, chance: Chance) => string> = {
  'the label of the reason renamed': replaced('Reason for visit', 'Chief complaint'),
  'the label of the reason in another language': replaced('Reason for visit', 'Motivo de la visita'),
  'the label of the reason at another field': replaced('<label for="reason"', '<label for="vtype"'),
  'the labels of two fields exchanged': (body) =>
    body.replace('for="reason"', 'for="x"').replace('for="vtype"', 'for="reason"').replace('for="x"', 'for="vtype"'),
  'the ids of two fields exchanged': (body) =>
    body.replace('id="reason"', 'id="x"').replace('id="vtype"', 'id="reason"').replace('id="x"', 'id="vtype"'),
  'the names of two fields exchanged': (body) =>
    body.replace('name="reason"', 'name="x"').replace('name="starts_at"', 'name="reason"').replace('name="x"', 'name="starts_at"'),
  'the label of the reason twice': field('<label>Reason for visit <input aria-hidden="false"></label>'),
  'the id of the reason twice': field('<input id="reason">'),
  'the label of the type renamed': replaced('>Visit type<', '>Kind of visit<'),
  'the label of the start gone': replaced('Starts at <input', '<input'),
  'the label of the start renamed': replaced('Starts at <input', 'Ends at <input'),
  'the button renamed': replaced(/Save visit/, 'Continue'),
  'the button deletes': replaced(/Save visit/, 'Delete visit'),
  'the id of the button at another one': (body) =>
    body.replace('id="btnSave"', '').replace('<textarea', '<button id="btnSave" type="submit">Cancel</button><textarea'),
  'the id of the button gone': replaced(' id="btnSave"', ''),
  'two buttons of that name': field('<button>Save visit</button>'),
  'the button is a link': replaced(SAVE, '<a href="#" id="btnSave">Save visit</a>'),
  'the button hidden': replaced('<button id="btnSave"', '<button hidden id="btnSave"'),
  'the button hidden by its style': replaced('<button id="btnSave"', '<button style="color:red; display: none" id="btnSave"'),
  'the button outside of its form': replaced(/(<button id="btnSave"[^>]*>\s*Save visit\s*<\/button>)([\s\S]*<\/form>)/, '$2$1'),
  'the button of another form': replaced('<button id="btnSave"', '<button form="other" id="btnSave"'),
  'the reason a heading': replaced(/<input[^>]*id="reason"[^>]*>/, '<h2 id="reason">Reason</h2>'),
  'the reason hidden': replaced(/(<input[^>]*id="reason")/, '$1 aria-hidden="true"'),
  'the form sent to another path': replaced('/visits?mode', '/visits/draft?mode'),
  'the form sent to the visits of all': replaced(/action="\/patients\/\d+\/visits/, 'action="/visits'),
  'the form sent to another kind of patient': replaced(/action="\/patients\/\d+\//, 'action="/patients/abc-d/'),
  'the form sent to another place': replaced(/action="\/p/, 'action="https://forms.test/p'),
  'the form sent without a scheme': replaced(/action="\/p/, 'action="//forms.test/p'),
  'the form sent to a script': replaced(/action="\/patients[^"]*"/, 'action="javascript:void(0)"'),
  'the form sent to its own page': replaced(/action="\/patients[^"]*"/, ''),
  'the form with another parameter': replaced('?mode=', '?kind='),
  'the form with one parameter more': replaced('?mode=', '?dry_run=1&mode='),
  'the form sent by get': replaced(/method="(post|POST)" action="\/p/, 'method="get" action="/p'),
  'the form without a method': replaced(/method="(post|POST)" action="\/p/, 'action="/p'),
  'the button with its own way': replaced('<button id="btnSave"', '<button formaction="/patients/1/delete" id="btnSave"'),
  'the button with its own method': replaced('<button id="btnSave"', '<button formmethod="get" id="btnSave"'),
  'everything relative to elsewhere': replaced('<head>', '<head><base href="https://forms.test/">'),
  'a field more': field('<input name="room">'),
  'a hidden field more': field('<input type="hidden" name="version" value="2">'),
  'a required field more': field('<select name="location" required><option value="1">Main</option></select>'),
  'a box to tick more': field('<input type="checkbox" name="confirm" value="yes">'),
  'a field whose name is a patient': field('<input name="Okafor_Ada">'),
  'a field of another place of the page': (body) =>
    body.replace(/<form([^>]*action="\/patients)/, '<form id="f2"$1').replace('</body>', '<input name="extra" form="f2"></body>'),
  'the reason twice': field('<input type="hidden" name="reason" value="x">'),
  'the token renamed': replaced('name="csrf"', 'name="__token"'),
  'the token gone': replaced(/<input type="hidden" name="csrf"[^>]*>/, ''),
  'the note gone': replaced(/<textarea[\s\S]*<\/textarea>/, ''),
  'the note renamed': replaced('name="note"', 'name="comments"'),
  'the note required': replaced('name="note"', 'name="note" required'),
  'the note one line': replaced(/<textarea name="note"[^>]*>[\s\S]*<\/textarea>/, '<input name="note">'),
  'the reason renamed': replaced('name="reason"', 'name="visit_reason"'),
  'the reason not required': replaced(/name="reason" required/, 'name="reason"'),
  'the reason a password': replaced(/id="reason" name="reason"/, 'type="password" id="reason" name="reason"'),
  'the reason not to be filled in': replaced(/name="reason"/, 'name="reason" disabled'),
  'the start a date': replaced('name="starts_at"', 'type="date" name="starts_at"'),
  'the start a whole number': replaced('name="starts_at"', 'type="number" name="starts_at"'),
  'the type a list of several': replaced('name="visit_type"', 'multiple name="visit_type"'),
  'the type a line of text': replaced(/<select name="visit_type"[\s\S]*?<\/select>/, '<input name="visit_type" id="vtype" required>'),
  'a choice gone': replaced('<option value="1">New patient</option>', ''),
  'a choice means another one': (body) =>
    body.replace('New patient', 'x').replace('Follow-up', 'New patient').replace('>x<', '>Follow-up<'),
  'a choice renamed': replaced('New patient', 'New client'),
  'a choice with another number': replaced('<option value="1">', '<option value="101">'),
  'all choices gone': replaced(/(<select name="visit_type"[^>]*>)[\s\S]*?<\/select>/, '$1</select>'),
  'the form gone': replaced(/<form[^>]*action="\/patients[\s\S]*<\/form>/, ''),
  'the form without its tags': replaced(/<form[^>]*action="\/patients[^>]*>/, ''),
  'the form in a template': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<template>$1</template>'),
  'the form in a comment': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<!-- $1 -->'),
  'the form made by a script': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<script>write(`$1`)</script>'),
  'the form twice': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '$1$1'),
  'the sign-in page': () =>
    '<html><body><form action="/login" method="post"><label>User <input name="user" id="user"></label><button id="btnSave">Sign in</button></form></body></html>',
  'a page about maintenance': () => '<html><body><h1>We are back soon</h1></body></html>',
  'a page of nothing': () => '',
  'an answer in JSON': () => '{"ok":true}',
  'cut off in the form': (body) => body.slice(0, body.indexOf('<textarea')),
};

const PAGE_CHANGES: Record<string, (body: string) => string> = {
  'a banner more': replaced('<h1>', '<div class="banner">New: telehealth</div><h1>'),
  'another style': replaced('<h1>', '<style>p{color:red}</style><h1>'),
  'another form more': replaced('</body>', '<form action="/rate" method="post"><input name="stars"><button>Rate</button></form></body>'),
  'a choice more': replaced('<option value="">', '<option value="7">Annual</option><option value="">'),
  'another frame around the fields': replaced('<textarea', '<fieldset><legend>More</legend></fieldset><textarea'),
  'another heading': replaced(/<h1>[\s\S]*?<\/h1>/, '<h1>Visit</h1>'),
  'a note of the author': replaced('<h1>', '<!-- build 77 --><h1>'),
};

export const PAGE_MUTATIONS: readonly Mutation[] = [
  ...Object.entries(PAGE_BREAKS).map(([name, change]): Mutation => ({ surface: 'visit', name, outcome: 'break', change })),
  ...Object.entries(PAGE_CHANGES).map(([name, change]): Mutation => ({ surface: 'visit', name, outcome: 'info', change })),
  { surface: 'visit', name: 'the id of the start gone, its name still there', outcome: 'warn', change: replaced(' id="starts"', '') },
];
