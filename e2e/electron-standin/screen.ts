import { Link, type Message } from './link.ts';
import type { Screen } from './protocol.ts';

if (!process.send) throw new Error('the stand-in for Electron runs only as a child of a test, which is its screen');

export const link = new Link<Screen>((message) => {
  process.send?.(message, undefined, {}, () => undefined);
});
process.on('message', (message) => {
  link.receive(message as Message);
});
// A test that was ended has nobody who looks at its windows.
process.on('disconnect', () => process.exit(1));

/** What shows windows. Answers that nobody waits for may be lost when the process ends. */
export const screenLink: Screen = link.theirs;

export const report = (doing: string) => (error: unknown) => {
  console.error(`stand-in: ${doing}:`, error);
};
