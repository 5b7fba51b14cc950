/** Cents as people write them: $1,234.50, and −$12.00 of what is taken back. */
const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

export const money = (cents: number): string => `${cents < 0 ? '−' : ''}${DOLLARS.format(Math.abs(cents) / 100)}`;
