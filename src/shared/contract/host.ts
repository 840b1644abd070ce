import { z } from 'zod';

import { scrollbackMegabytes } from '#shared/terminal/scrollback.ts';
import type { WindowsPty } from '#shared/terminal/windows-pty.ts';
import { keptKeyBindings, keyBindings } from '#shared/key-chord.ts';

import { call, fails, feed, returns } from './define.ts';

export interface HostInfo {
  /** Which shell runs the services. Only `desktop` has native dialogs. */
  kind: 'desktop' | 'headless';
  version: string;
  platform: 'linux' | 'darwin' | 'win32';
  homeFolder: string;
  /** How the terminals are made on Windows; null elsewhere. */
  windowsPty: WindowsPty | null;
  /** What the command line asked for: a project to open at once. */
  startProject: string | null;
}

/** A fault: something that should never happen did. It is in the log already; the page shows it once. */
export interface Fault {
  at: number;
  where: string;
  message: string;
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const settingValues = {
  theme: z.enum(['system', 'dark', 'light']),
  /** Whether the page takes the system's accent colour, where the system has one that can be read on. */
  systemAccent: z.boolean(),
  terminalFontSize: z.number().int().min(8).max(32),
  editorFontSize: z.number().int().min(8).max(32),
  /** How much each terminal keeps above its screen, in megabytes of memory of the pty host. */
  terminalScrollbackMegabytes: z.number().int().min(scrollbackMegabytes.min).max(scrollbackMegabytes.max),
  /** Whether a program that wants text on the clipboard (OSC 52) makes the app ask, or is not heard. */
  terminalClipboard: z.enum(['ask', 'never']),
  /** Chords by command id, in place of the command's own. Ids of commands that nobody knows are kept. */
  keys: keyBindings,
  /** After so many minutes without a key, typing into several terminals ends by itself. */
  severalIdleMinutes: z.number().int().min(1).max(240),
  /** So many runs are at work at most; further ones are queued. 0: no limit. */
  mostRunning: z.number().int().min(0).max(99),
  /** So much may wait for the person's review before further runs are queued. 0: no limit. */
  mostToReview: z.number().int().min(0).max(99),
  /** The only variables that what runs in terminals is passed on, beside the usual ones; `AWS_*` names several. Null: all. */
  environmentNames: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/))
    .max(200)
    .nullable(),
  /** Whether the person is told outside of the app that a run needs them. */
  notifications: z.boolean(),
  notificationSound: z.boolean(),
  /** From when to when nothing is told, `HH:MM` in the zone of the host; null: never. */
  quietHours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** Whether the desktop shell shows what needs the person in the system's tray. */
  tray: z.boolean(),
  /** Whether the desktop shell keeps the machine from sleeping while agents work. */
  stayAwake: z.boolean(),
};

export const settingsSchema = z.object({
  theme: settingValues.theme.default('system'),
  systemAccent: settingValues.systemAccent.default(true),
  terminalFontSize: settingValues.terminalFontSize.default(13),
  editorFontSize: settingValues.editorFontSize.default(13),
  terminalScrollbackMegabytes: settingValues.terminalScrollbackMegabytes.default(scrollbackMegabytes.default),
  terminalClipboard: settingValues.terminalClipboard.default('ask'),
  keys: keptKeyBindings.default({}),
  severalIdleMinutes: settingValues.severalIdleMinutes.default(5),
  mostRunning: settingValues.mostRunning.default(10),
  mostToReview: settingValues.mostToReview.default(12),
  environmentNames: settingValues.environmentNames.default(null),
  notifications: settingValues.notifications.default(false),
  notificationSound: settingValues.notificationSound.default(false),
  quietHours: settingValues.quietHours.default(null),
  tray: settingValues.tray.default(true),
  stayAwake: settingValues.stayAwake.default(false),
});
/** Some of the settings. Without the defaults: `settingsSchema.partial()` would fill in, and so reset, all the others. */
export const settingsPatch = z.object(settingValues).partial();
/** The app's own settings, one file for both hosts. They never live in a repository. */
export type Settings = z.output<typeof settingsSchema>;

export const host = {
  info: call(z.object({}), returns<HostInfo>(), fails<never>()),
  onDidChangeSettings: feed(z.object({}), returns<Settings>()),
  updateSettings: call(settingsPatch, returns<Settings>(), fails<never>()),
  /** Opens the platform's folder dialog. `null`: the person closed it. */
  chooseFolder: call(z.object({ title: z.string() }), returns<string | null>(), fails<{ kind: 'no-dialog' }>()),
  onDidFault: feed(z.object({}), returns<Fault>()),
  /** The page has shown what it shows first: what only fills in, and takes the machine's time, may come now. */
  shown: call(z.object({}), returns<void>(), fails<never>()),
};
