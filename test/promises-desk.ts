// What Attending promises of the desk: of drafts, who signs them, what a signature does, and what leaves the house. The others stand in promises.ts, which takes these in.
export const DESK_PROMISES = {
  'desk:nothing-before-a-signature': {
    source: 'M27, M30, D2',
    behavior:
      'What an AI drafts changes nothing in the record until a person signs it at the desk; then it is there, with who signed and what',
  },
  'desk:signed-is-what-was-shown': {
    source: 'N2',
    behavior: 'A signature is bound to the hash of the exact payload shown: after an edit, a page that was open before cannot sign',
  },
  'desk:outside-text-holds-a-draft': {
    source: 'M41, M42, D3',
    behavior:
      'After text from outside the clinic was delivered to a person’s AI, its next drafts are held, on every connection and credential, until a person releases them',
  },
  'desk:release-is-bound': {
    source: 'D3, N2',
    behavior: 'A release lets exactly the payload and the outside text that were shown become a draft, once',
  },
  'desk:committed-once-through-crashes': {
    source: 'D2, N2',
    behavior:
      'However many sign at once, and whenever the server dies, a draft is in the record exactly once or still waits, with its audit row',
  },
  'desk:errors-are-marked': {
    source: 'D13, M27; connectors.md 2.15',
    behavior:
      'A note whose figure contradicts the chart is refused; what the chart does not hold, a changed dose and another patient’s name are marked for the signer',
  },
  'desk:signed-in-the-browser': {
    source: 'M24, M27, M29',
    behavior:
      'In a browser a physician signs in with a second factor, finds the draft that an AI made a moment before, edits and signs it; only then get_chart_notes has it',
  },
  'desk:rule-said-in-words': {
    source: 'D2, M29',
    behavior:
      'By keyboard alone a person signs a rule ahead, told in a sentence what it signs and asked for a second factor, finds what it signed, and revokes it at once',
  },
  'desk:cited-values-over-time': {
    source: 'M24; 45 CFR 164.312(b)',
    behavior:
      'Beside a draft stands the course of each laboratory value and vital sign that its text cites, and of no other, as a picture, in words and as a table; each look is in the audit log',
  },
  'desk:table-of-signers': {
    source: 'M30, M31, D16; mission.md, Roles',
    behavior:
      'For every role, kind of draft, clinic and state (pending, decided, over, stale, an old second factor) the outcome of a signature is that of the published table',
  },
  'views:lab-trend': {
    source: 'D11; MCP Apps 2026-01-26',
    behavior:
      'A chat that shows views draws the results of get_labs over time with their range, from the answer alone: no network, light and dark, with all of it as a table',
  },
  'views:draft': {
    source: 'D2; MCP Apps 2026-01-26',
    behavior:
      'Beside a draft a chat shows that nothing has been done, what was proposed as plain text, and the way to the person who decides',
  },
  'journey:due-for-labs': {
    source: 'M23, D16',
    behavior:
      'Who is due for a lab is found, the order that an AI drafts for her is signed, and she is then listed as ordered and no longer as due',
  },
  'journey:follow-up-note': {
    source: 'M24, M27',
    behavior:
      'A follow-up note on a visit, with figures of the chart, is drafted without an extra click, signed by the physician and then the newest note of that visit',
  },
  'desk:a-clinic-day': {
    source: 'M41, D3; security.md 2.4',
    behavior:
      'Forty patients in a day, the inbox opened at eight and no new conversation: a draft that its AI made after that takes one release more than a signature, and no other draft takes more than the signature',
  },
  'desk:obedient-model': {
    source: 'M41, D3; security.md 2.2',
    behavior:
      'A model that obeys every hostile message makes no pending draft and uses no standing approval, in any order of calls, over MCP and REST, with a second credential of the same person',
  },
  'desk:no-ai-signs': {
    source: 'M30, D2',
    behavior: 'No AI credential can sign, reject or change a draft, at any door',
  },
  'desk:chart-written-by-signature-only': {
    source: 'M30, D2; N1',
    behavior: 'The database refuses a row of the chart in any transaction of the serving role in which no draft was signed',
  },
  'drafts:message-names-another': {
    source: 'D13; security.md 2.4',
    behavior:
      'A message in which the full name of another patient of the clinic stands is marked there for the signer, who must look at it before signing',
  },
  'drafts:batch-read-together': {
    source: 'M25, D16',
    behavior:
      'One call drafts the same message to everyone who missed an appointment; a person reads the batch as one, and what she signs of it is sent once to each',
  },
  'drafts:batch-all-or-none': {
    source: 'N2, M25',
    behavior: 'Drafts that are signed together are all committed, or none of them, and the one that could not be is named',
  },
  'drafts:bundle-all-or-none': {
    source: 'D16',
    behavior:
      'A new patient’s registration and what is drafted for her before she is in the record are signed together or not at all, and no part of them alone',
  },
  'drafts:batch-held-after-outside-text': {
    source: 'M41, D3',
    behavior: 'After outside text was delivered a batch makes no pending draft: each of its drafts is held, to be released one by one',
  },
  'desk:no-double-booking': {
    source: 'D16; connectors.md 2.8',
    behavior:
      'Of a hundred signatures at the same moment for overlapping times of one clinician or one patient exactly one is in the calendar, and the other drafts still wait',
  },
  'drafts:no-controlled-substance': {
    source: 'D16',
    behavior:
      'No draft orders a controlled substance of schedule I to V, by generic or brand name, neither as proposed nor as revised by who signs it',
  },
  'drafts:allergy-stops-an-order': {
    source: 'D16',
    behavior:
      'A drug that crosses a recorded allergy or its class becomes a draft only with a reason, and the signer reads the allergy and the reason',
  },
  'drafts:impossible-vitals-refused': {
    source: 'D16',
    behavior:
      'A vital sign that no body shows becomes no draft and is never signed; one far from the last value reaches the signer with a warning',
  },
  'posting:to-the-cent': {
    source: 'E42, D16; connectors.md 2.18',
    behavior:
      'A signed remittance moves the ledger by exactly what the payer paid, what the contract takes off and what is the patient’s; every cent that is not posted is an exception in words',
  },
  'posting:once': {
    source: 'D16, D18; connectors.md 2.18',
    behavior: 'Of fifty signatures at the same moment under two drafts of one remittance exactly one posts it, and nothing is posted twice',
  },
  'plans:nobody-was-asked': {
    source: 'D16, E13',
    behavior:
      'A signed prior-authorization request stands in the record as a draft that was not sent: no answer of a tool says or lets a reader think that a payer was asked',
  },
  'plans:to-the-plan-that-was-shown': {
    source: 'D16, E20; mission.md "Roles"',
    behavior:
      'A care-plan update is signed onto the plan as it was shown: where anything in the plan changed since, nothing of the update is written',
  },
  'desk:approved-ahead': {
    source: 'D2, N13',
    behavior:
      'A booking that a live standing approval covers is signed by it as it is proposed, in its author’s name and with its id in the event; one that waited already, or comes after it was revoked, is not',
  },
  'desk:approval-limit': {
    source: 'D2, N13',
    behavior: 'A standing approval for three a day signs exactly three of a hundred drafts that come at the same moment',
  },
  'desk:nothing-else-ahead': {
    source: 'D2, N13',
    behavior:
      'A standing approval signs bookings, intake forms, contact confirmations and payment postings, and no draft of any other kind that a person can sign',
  },
  'desk:confirmation-ahead': {
    source: 'D2, E38',
    behavior: 'A standing approval signs a confirmation of contact details as they stand; a change of one of them waits for a person',
  },
  'desk:posting-ahead-to-a-limit': {
    source: 'D2, E42',
    behavior:
      'A standing approval signs a payment posting of at most its amount and without an exception; one above it, below zero, of no number or with an exception waits for a person',
  },
  'registration:likely-same-person-refused': {
    source: 'D13; connectors.md 2.1',
    behavior:
      'A new patient who may have a chart (nickname, former or misspelt name, a slip in the birth date, exchanged names, the same phone) becomes no draft: the refusal names the charts',
  },
  'registration:not-the-same-as': {
    source: 'D13',
    behavior:
      'Such a patient becomes a draft only where every one of those charts is said to be another person’s, and the signer reads whose they are',
  },
  'registration:one-chart-a-person': {
    source: 'D13, D16',
    behavior: 'Of twenty drafts of one new person that are signed at the same moment exactly one makes a chart',
  },
  'registration:a-name-holds-no-sentence': {
    source: 'D3; security.md 2.3',
    behavior:
      'A name, a city or an address with a sentence, a hidden or foreign character in it, a phone that cannot be dialled and a birth date to come make no draft and no chart',
  },
  'contacts:stale-change-refused': {
    source: 'E38, D16',
    behavior: 'Contact details are changed or confirmed only while the chart says of them what it said when that was drafted',
  },
  'contacts:no-name-or-birth-date': {
    source: 'D16; N1',
    behavior: 'The database lets no signature change a name, a birth date, a sex or an MRN, nor merge a chart',
  },
  'forms:told-by-e-mail': {
    source: 'D10, M36; connectors.md 2.16',
    behavior:
      'A signed form is told of by an e-mail to the address that the signer saw, which says nothing of the form; one on paper is told of to nobody',
  },
  'forms:same-form-once': {
    source: 'E38, D16',
    behavior: 'A form that is open for a visit is not asked for again for it, also where two are signed at the same moment',
  },
  'outbox:nothing-before-a-signature': {
    source: 'M28, M30, D2',
    behavior:
      'No message is sent, and none waits to be sent, before a person signed its draft; then exactly the signed words go to the signed number',
  },
  'outbox:minimum-necessary': {
    source: 'M28; connectors.md 2.16; 45 CFR 164.502(b)',
    behavior: 'A text that says a result, a drug or a diagnosis becomes no draft, and is not signed after an edit either',
  },
  'outbox:quiet-hours': {
    source: 'connectors.md 2.16; 47 CFR 64.1200(c)(1)',
    behavior: 'A signed text waits until it is day in every zone in which the patient may be, whenever it was signed',
  },
  'outbox:opt-out-stops': {
    source: 'connectors.md 2.16; 47 CFR 64.1200(a)(10)',
    behavior: 'An opt-out of the number that is recorded after the signature stops the text, whichever chart it was recorded in',
  },
  'outbox:caps': {
    source: 'connectors.md 2.16; FCC 15-72',
    behavior:
      'Of a hundred signed texts to one number that two processes send at once, one goes in a day and three in a week; what could go only three days after its signature is given up at once and told',
  },
  'outbox:at-most-once-through-crashes': {
    source: 'D2; connectors.md 2.16',
    behavior:
      'However often the sending process is killed, the carrier gets each signed message at most once, and each ends sent or plainly unknown',
  },
  'outbox:nothing-leaves-loopback': {
    source: 'D10, M36',
    behavior: 'Without a live addendum no carrier outside this machine is dialled, by name or by address',
  },
  'outbox:no-phi-in-logs': {
    source: 'D6, M38',
    behavior: 'What is sent, to whom and for whom stands in no log line, however the sending ends',
  },
  'outbox:sender-role-alone': {
    source: 'D4, N1',
    behavior: 'The serving role reads no message of another clinic and takes none to send; the sending role reads no table',
  },
} as const;
