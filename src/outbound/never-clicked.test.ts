// What no recipe may press, as vendors write it.
import { expect, it } from 'vitest';
import { isNeverClicked } from './never-clicked.ts';

it.each([
  'Log out', 'Logout', 'LOG OUT', 'Log-out', 'Log‑out', 'Log off', 'Logoff', 'Sign out', 'Sign Out…', 'Signout', 'Sign off', 'Log me out', 'Yes, log me out now', 'Log\u00a0out', 'Ｌｏｇ　ｏｕｔ',
  'L\u200bog o\u00adut', '⎋ Log out', 'Log\nout', 'Lock', 'LOCK', 'Lock note', 'Lock progress note', 'Save & Lock', 'Save and lock', 'Unlock', 'Lock screen', 'Lockscreen', '🔒 Lock', 'Lock/Close',
  'End session', 'End my session', 'Switch user', 'Change user', 'Logging out', 'Log out (Ben Ruiz)', 'Don’t save and sign out', 'Auto-lock',
])('%j is never pressed', (name) => {
  expect(isNeverClicked(name)).toBe(true);
}); // biome-ignore format: a list

it.each([
  'Save', 'Save & Close', 'Block time', 'Blocks', 'Clock in', 'Unblock', 'Lockbox payments', 'Sign', 'Sign note', 'Log in', 'Login', 'Sign in', 'Log', 'Audit log', 'Out of office', 'Logs', 'Blog', 'Flock',
  'Log outcome', 'Sign output', 'Check out', 'Check-out', 'Sessions', 'Padlock', 'Users', 'Clinical logs, outpatient', '',
])('%j may be pressed', (name) => {
  expect(isNeverClicked(name)).toBe(false);
}); // biome-ignore format: a list
