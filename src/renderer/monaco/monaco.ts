import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/register.all.js';

import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';

import type { Theme } from '#renderer/state/theme.ts';

import { hexColour } from './hex-colour.ts';

/*
 * Monaco with its editing features and the colouring of every language, and none of its language services: agents write
 * the code, the page only shows it. It is large, so only lazily loaded parts of the page import this file.
 */

// The one worker computes diffs and word lists.
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const colour = (name: string): string => {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return hexColour(value) ?? '#808080';
};

/** A tint for changed words: it lies on top of the changed line's own tint, so it must be faint. */
const wash = (name: string): string => `${colour(name).slice(0, 7)}30`;

/** Gives every editor on the page the colours of the app's theme as they are now. */
export function applyMonacoTheme(theme: Theme): void {
  monaco.editor.defineTheme('switchyard', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      // Headings, list marks: the pure blue of the light theme is loud, and the app has an accent of its own.
      { token: 'keyword.md', foreground: colour('--accent-text').slice(1) },
    ],
    colors: {
      'editor.background': colour('--surface-base'),
      'editorGutter.background': colour('--surface-base'),
      'editor.foreground': colour('--text'),
      'editorLineNumber.foreground': colour('--text-disabled'),
      'editorLineNumber.activeForeground': colour('--text-secondary'),
      'editor.lineHighlightBackground': colour('--surface-hover'),
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': colour('--surface-overlay'),
      'editorWidget.border': colour('--border'),
      'editorHoverWidget.background': colour('--surface-overlay'),
      'editorHoverWidget.border': colour('--border'),
      focusBorder: colour('--accent'),
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': colour('--scrollbar'),
      'scrollbarSlider.hoverBackground': colour('--scrollbar-hover'),
      'diffEditor.insertedLineBackground': colour('--success-soft'),
      'diffEditor.insertedTextBackground': wash('--success-border'),
      'diffEditor.removedLineBackground': colour('--danger-soft'),
      'diffEditor.removedTextBackground': wash('--danger-border'),
      'diffEditorGutter.insertedLineBackground': colour('--success-soft'),
      'diffEditorGutter.removedLineBackground': colour('--danger-soft'),
      'diffEditor.diagonalFill': colour('--border-subtle'),
      'diffEditor.border': colour('--border'),
      'diffEditor.unchangedRegionBackground': colour('--surface-sunken'),
    },
  });
  monaco.editor.setTheme('switchyard');
}

export { monaco };
