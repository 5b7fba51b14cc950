/** The six digits of an authenticator. */
import { TextInput } from '@mantine/core';

export function CodeInput({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <TextInput
      label="Code of your authenticator"
      description="Six digits; they change every 30 seconds."
      className="code-input"
      size="md"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      data-autofocus
      autoFocus
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value.replaceAll(/\D/g, '').slice(0, 6))}
    />
  );
}
