/** A text with a button that copies it. */
import { Button, CopyButton } from '@mantine/core';

export function Copy({ text, what = 'Copy', compact = false }: { text: string; what?: string; compact?: boolean }) {
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <Button variant={compact ? 'subtle' : 'default'} size={compact ? 'compact-xs' : 'xs'} onClick={copy}>
          <span aria-live="polite">{copied ? 'Copied' : what}</span>
        </Button>
      )}
    </CopyButton>
  );
}

/** Lines to paste elsewhere. */
export function Block({ text, label }: { text: string; label: string }) {
  return (
    <div className="block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it. */}
      <section tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <Copy text={text} />
    </div>
  );
}
