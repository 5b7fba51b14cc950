/** A draft being edited. Ctrl Enter keeps the edit, Escape leaves it. */
import { Alert, Button, Group, NativeSelect, Stack, Textarea } from '@mantine/core';
import { type KeyboardEvent, type SubmitEvent, useEffect, useState } from 'react';
import type { Draft, Payload } from '../api/types.ts';
import { plainPath, textAt, withText } from '../ui/payload.ts';
import { smsSegments } from '../ui/sms.ts';
import { labelWord } from '../ui/words.ts';
import { editableFields } from './payload.tsx';
import { Fault } from './refused.tsx';

interface EditProps {
  draft: Draft;
  kept: Payload | undefined;
  /** Called on every change, so that nothing is lost on the way to another page. */
  changed(payload: Payload): void;
  save(payload: Payload): Promise<void>;
  leave(): void;
}

export function Edit({ draft, kept, changed, save, leave }: EditProps) {
  const [payload, setPayload] = useState(kept ?? draft.payload);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const isSame = JSON.stringify(payload) === JSON.stringify(draft.payload);

  useEffect(() => {
    if (isSame) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [isSame]);

  const keep = async () => {
    if (isSame) return leave();
    setBusy(true);
    setError(undefined);
    await save(payload).catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void keep();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      // One slip of the finger loses nothing.
      if (isSame || isLeaving) leave();
      else setLeaving(true);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void keep();
  };
  return (
    <form onSubmit={submit} onKeyDown={pressed} aria-label="Edit the draft">
      <Stack>
        {editableFields(draft).map(({ path, label, choices }, index) => {
          const text = textAt(payload, path);
          const write = (written: string) => {
            const next = withText(payload, path, written);
            setPayload(next);
            setLeaving(false);
            changed(next);
          };
          if (choices)
            return (
              <NativeSelect
                key={path}
                label={label}
                autoFocus={index === 0}
                value={text}
                data={[...new Set([text, ...choices])].map((value) => ({ value, label: labelWord(value) }))}
                onChange={({ currentTarget }) => write(currentTarget.value)}
              />
            );
          return (
            <Textarea
              key={path}
              label={label}
              description={hintOf({ path, text, draft })}
              classNames={{ input: 'growing' }}
              rows={2}
              autoFocus={index === 0}
              value={text}
              onChange={({ currentTarget }) => write(currentTarget.value)}
            />
          );
        })}
        {error !== undefined && <Fault error={error} />}
        <Group className="actions">
          <Button type="submit" loading={isBusy}>
            Keep the edit
          </Button>
          <Button variant="default" onClick={leave}>
            Leave it
          </Button>
          <span className="hint" role="status">
            {isLeaving ? 'Escape once more throws your edit away.' : 'Nothing is signed by keeping an edit.'}
          </span>
        </Group>
      </Stack>
    </form>
  );
}

function hintOf({ path, text, draft: { payload, marks } }: { path: string; text: string; draft: Draft }): string | undefined {
  if (path === 'body' && payload.channel === 'sms') {
    const { segments } = smsSegments(text);
    return `${[...text].length} characters, ${segments.length} ${segments.length === 1 ? 'part' : 'parts'}`;
  }
  const said = marks.filter((mark) => plainPath(mark.path) === plainPath(path)).map((mark) => mark.text);
  return (
    [
      ...said,
      ...(text.includes('{{u_') ? ['What stands in {{ }} are words quoted from outside: leave it, or take it out whole.'] : []),
    ].join(' ') || undefined
  );
}

/** What was written into a version that somebody else changed meanwhile. */
export function Lost({ draft, payload, forget }: { draft: Draft; payload: Payload; forget(): void }) {
  const [isGone, setGone] = useState(false);
  if (isGone) return null;
  return (
    <Alert color="orange" title="Your edit was not kept" mb="md">
      <Stack gap="xs">
        <span>Somebody changed the draft first. What you wrote stands here to be copied:</span>
        {editableFields({ ...draft, payload })
          .filter(({ path }) => textAt(payload, path) !== textAt(draft.payload, path))
          .map(({ path, label }) => (
            <div key={path}>
              <strong>{label}</strong>
              <p className="text">{textAt(payload, path)}</p>
            </div>
          ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setGone(true);
              forget();
            }}
          >
            Done with it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
