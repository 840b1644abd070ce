import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { permissionMode, type PermissionMode } from '#shared/contract/agents.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import { settingsSchema, type host, type Settings as SettingValues } from '#shared/contract/host.ts';
import { ok, type Result } from '#shared/result.ts';
import { megabytesForLines } from '#shared/terminal/scrollback.ts';

/**
 * Where the values are kept. `set` is durable when it returns. A value that cannot be read is `undefined`; nothing that
 * comes from here is trusted to have any shape, since the person may edit the file.
 */
export interface SettingsBacking {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Somebody else changed the values: another host, an editor. */
  onDidChange?(listener: () => void): Disposable;
}

export interface Recent {
  path: string;
  name: string;
  /** Milliseconds since 1970. */
  openedAt: number;
}

/** Where a window was, in the platform's own pixels. */
export interface WindowState {
  x: number;
  y: number;
  width: number;
  height: number;
  isMaximised: boolean;
  /** How large its page is shown; 1 is its own size. */
  zoom: number;
}

/** More than anyone scrolls through. */
const maxRecents = 20;
/** Per project. Switching between a few branches with different commands must not ask each time. */
const maxFingerprints = 20;
const maxWindows = 50;

const recent = z.object({ path: z.string().min(1), name: z.string(), openedAt: z.number() });
const windowState = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  isMaximised: z.boolean(),
  zoom: z.number().min(0.25).max(5).default(1),
});

/** The app's own settings, recent projects, trust and window places: one file, outside every repository. */
export class Settings implements Pick<DomainApi<typeof host>, 'onDidChangeSettings' | 'updateSettings'>, Disposable {
  readonly #backing: SettingsBacking;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new Emitter<SettingValues>());
  #last: SettingValues;

  constructor({ backing, log }: { backing: SettingsBacking; log: Log }) {
    this.#backing = backing;
    this.#log = log;
    this.#last = this.values();
    if (backing.onDidChange) this.#owned.add(backing.onDidChange(() => this.#announce()));
  }

  /** The settings as they hold now: what the file has wrong falls back to its default, value by value. */
  values(): SettingValues {
    const stored = withNewNames(asRecord(this.#backing.get('settings')));
    const known = Object.entries(settingsSchema.shape).map(([key, schema]) => {
      const parsed = schema.safeParse(Object.hasOwn(stored, key) ? stored[key] : undefined);
      if (parsed.success) return [key, parsed.data];
      this.#log.warn('a setting is not valid, its default holds', { key });
      return [key, schema.parse(undefined)];
    });
    return settingsSchema.parse(Object.fromEntries(known));
  }

  onDidChangeSettings(_key: Record<string, never>, listener: (settings: SettingValues) => void): Disposable {
    const subscription = this.#changed.event(listener);
    listener(this.values());
    return subscription;
  }

  updateSettings(patch: { [K in keyof SettingValues]?: SettingValues[K] | undefined }): Promise<
    Result<SettingValues, never>
  > {
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    // What is stored stays, known or not: a newer version may have written it.
    this.#backing.set('settings', { ...asRecord(this.#backing.get('settings')), ...named });
    this.#announce();
    return Promise.resolve(ok(this.values()));
  }

  /** The projects that were opened, the latest first. */
  recents(): readonly Recent[] {
    return listOf(this.#backing.get('recents'), recent)
      .toSorted((a, b) => b.openedAt - a.openedAt)
      .slice(0, maxRecents);
  }

  rememberRecent(opened: Recent): void {
    const others = this.recents().filter(({ path }) => path !== opened.path);
    this.#backing.set('recents', [opened, ...others].slice(0, maxRecents));
  }

  forgetRecent(path: string): void {
    this.#backing.set(
      'recents',
      this.recents().filter((known) => known.path !== path),
    );
  }

  /** The fingerprints of the commands that the person lets run in the project with this canonical path. */
  trusted(projectPath: string): readonly string[] {
    const all = asRecord(this.#backing.get('trust'));
    return Object.hasOwn(all, projectPath) ? listOf(all[projectPath], z.string()) : [];
  }

  trust(projectPath: string, fingerprint: string): void {
    const others = this.trusted(projectPath).filter((known) => known !== fingerprint);
    const all = asRecord(this.#backing.get('trust'));
    this.#backing.set('trust', { ...all, [projectPath]: [fingerprint, ...others].slice(0, maxFingerprints) });
  }

  /** How much this agent may do in the project with this canonical path; null: the person has not said. */
  permissionMode(projectPath: string, agentId: string): PermissionMode | null {
    const all = asRecord(this.#backing.get('permissionModes'));
    const ofProject = asRecord(Object.hasOwn(all, projectPath) ? all[projectPath] : null);
    const parsed = permissionMode.safeParse(Object.hasOwn(ofProject, agentId) ? ofProject[agentId] : null);
    return parsed.success ? parsed.data : null;
  }

  choosePermissionMode(projectPath: string, agentId: string, mode: PermissionMode): void {
    const all = asRecord(this.#backing.get('permissionModes'));
    const ofProject = asRecord(Object.hasOwn(all, projectPath) ? all[projectPath] : null);
    this.#backing.set('permissionModes', { ...all, [projectPath]: { ...ofProject, [agentId]: mode } });
  }

  /** Where the window of this name (a project's path, or that of the start window) was last; null when it never was. */
  windowState(name: string): WindowState | null {
    const all = asRecord(this.#backing.get('windows'));
    const parsed = windowState.safeParse(Object.hasOwn(all, name) ? all[name] : undefined);
    return parsed.success ? parsed.data : null;
  }

  rememberWindowState(name: string, state: WindowState): void {
    const { [name]: _before, ...others } = asRecord(this.#backing.get('windows'));
    // The latest last, so that the cut drops those that were not seen for longest.
    const kept = Object.entries(others).slice(-(maxWindows - 1));
    this.#backing.set('windows', Object.fromEntries([...kept, [name, state]]));
  }

  /** The projects (canonical paths) that had a window when there last were some. */
  openWindows(): readonly string[] {
    return listOf(this.#backing.get('openWindows'), z.string().min(1));
  }

  rememberOpenWindows(paths: readonly string[]): void {
    this.#backing.set('openWindows', paths.slice(0, maxWindows));
  }

  /** Whether the person was told this once, which is enough. */
  wasTold(what: string): boolean {
    return listOf(this.#backing.get('told'), z.string()).includes(what);
  }

  rememberTold(what: string): void {
    if (!this.wasTold(what)) this.#backing.set('told', [...listOf(this.#backing.get('told'), z.string()), what]);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #announce(): void {
    const values = this.values();
    if (isDeepStrictEqual(values, this.#last)) return;
    this.#last = values;
    this.#changed.fire(values);
  }
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Former settings under the names and in the units that they have now. The file keeps them, for a former version. */
function withNewNames(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const lines = stored['terminalScrollback'];
  if (Object.hasOwn(stored, 'terminalScrollbackMegabytes') || typeof lines !== 'number') return stored;
  return Number.isFinite(lines) ? { ...stored, terminalScrollbackMegabytes: megabytesForLines(lines) } : stored;
}

/** The items that are what they should be; the others are left out. */
const listOf = <T>(value: unknown, schema: z.ZodType<T>): readonly T[] =>
  Array.isArray(value)
    ? value.flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      })
    : [];
