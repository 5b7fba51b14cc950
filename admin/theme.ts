/** How the application looks: one quiet petrol, the system's own type, both colour schemes with enough contrast. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#ebf5f6',
  '#d7e8ea',
  '#aad0d6',
  '#7fbac3',
  '#5ba5b0',
  '#3d929f',
  '#2c8290',
  '#1e7180',
  '#146472',
  '#0b4f5b',
];

export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: 8,
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
});
