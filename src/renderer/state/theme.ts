import { create } from 'zustand';

import { useMirror } from './mirror.ts';

export type Theme = 'dark' | 'light';
type Preference = 'system' | Theme;

const storageKey = 'switchyard.theme';
/** Kept, because a query that nobody refers to may be collected together with its listeners. */
let lightQuery: MediaQueryList | null = null;
const prefersLight = (): MediaQueryList => (lightQuery ??= matchMedia('(prefers-color-scheme: light)'));

/** What was chosen last, known before the host has answered, so that the page never flashes in the wrong colours. */
function rememberedPreference(): Preference {
  const remembered = localStorage.getItem(storageKey);
  return remembered === 'dark' || remembered === 'light' ? remembered : 'system';
}

const preference = (): Preference => useMirror.getState().settings?.theme ?? rememberedPreference();

const currentTheme = (): Theme => {
  const wish = preference();
  return wish === 'system' ? (prefersLight().matches ? 'light' : 'dark') : wish;
};

/** What `data-theme` says. Told only after it says so: whoever reads the tokens then reads those of this theme. */
export const useShownTheme = create<{ theme: Theme }>()(() => ({ theme: currentTheme() }));

/** Keeps `data-theme` on the root element as the settings and the system say. */
function applyTheme(): void {
  const theme = currentTheme();
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(storageKey, preference());
  useShownTheme.setState({ theme });
}

/** Applies the theme now and whenever it changes, as long as the page lives. */
export function followTheme(): void {
  applyTheme();
  prefersLight().addEventListener('change', applyTheme);
  useMirror.subscribe((mirror, before) => {
    if (mirror.settings?.theme !== before.settings?.theme) applyTheme();
  });
}

/** The theme on screen now. */
export const useTheme = (): Theme => useShownTheme((shown) => shown.theme);
