import { create } from 'zustand';

import { accentColours, type AccentTokens } from '#renderer/ui/accent-colours.ts';

import { useMirror } from './mirror.ts';
import { useShownTheme } from './theme.ts';

interface Accent {
  /** What the shell says that the system has, `#rrggbb`; null: none, or there is no shell. */
  system: string | null;
}

export const useAccent = create<Accent>()(() => ({ system: null }));

/** Whether the page can have the system's accent; null: the system has none. */
export const canHaveAccent = (system: string | null): boolean | null =>
  system === null ? null : accentColours(system) !== null;

let applied: readonly string[] = [];

function apply(): void {
  const { system } = useAccent.getState();
  const isWanted = useMirror.getState().settings?.systemAccent ?? false;
  const colours = isWanted && system !== null ? accentColours(system) : null;
  const tokens: Partial<AccentTokens> = colours?.[useShownTheme.getState().theme] ?? {};
  const { style } = document.documentElement;
  for (const name of applied) if (!Object.hasOwn(tokens, name)) style.removeProperty(name);
  for (const [name, value] of Object.entries(tokens)) style.setProperty(name, value);
  applied = Object.keys(tokens);
}

/** Gives the page the system's accent as long as the settings say so, and our own otherwise. */
export function followAccent(): void {
  useAccent.subscribe(apply);
  useShownTheme.subscribe(apply);
  useMirror.subscribe((mirror, before) => {
    if (mirror.settings?.systemAccent !== before.settings?.systemAccent) apply();
  });
}
