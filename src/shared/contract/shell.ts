import { z } from 'zod';

import type { RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

const offeredCommand = z.object({
  /** As the page's catalogue has it. */
  id: z.string().min(1).max(80),
  title: z.string().min(1).max(200),
  group: z.string().min(1).max(40),
  /** The chord that is shown, such as `Mod+Shift+P`; null: it has none. */
  chord: z.string().max(60).nullable(),
  /** Whether it can be done in this page now. */
  isEnabled: z.boolean(),
});
/** A command of the page, for the menus of the shell around it. */
export type OfferedCommand = z.output<typeof offeredCommand>;

/** What the shell asks of a page. */
export type ShellWish =
  /** The person chose it in a menu. */
  | { kind: 'command'; id: string }
  /** They followed a link to it, or chose it in a menu of the system's. */
  | { kind: 'show-runs'; runIds: readonly RunId[] };

/** The shell around a page: a desktop window. Around a browser's page there is none, and nothing is ever asked. */
export const shell = {
  /** Says what the menus can offer from now on. */
  offerCommands: call(z.object({ commands: z.array(offeredCommand).max(500) }), returns<void>(), fails<never>()),
  /** The page has gone back to its start screen, and another window may have the project. */
  leaveProject: call(z.object({}), returns<void>(), fails<never>()),
  onDidWish: feed(z.object({}), returns<ShellWish>()),
  /** The accent colour that the person has chosen for their system, `#rrggbb`; null: it has none, or does not say. */
  onDidChangeAccent: feed(z.object({}), returns<string | null>()),
};
