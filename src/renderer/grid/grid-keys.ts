import { numberedTerminals } from '#renderer/state/command-catalogue.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';

/** The grid's keys, as hints show them. */
export const gridKeys = {
  find: keysOf('grid.find'),
  compose: keysOf('grid.compose'),
  maximise: keysOf('grid.maximise'),
  passKey: keysOf('grid.pass-key'),
  lockKeys: keysOf('grid.lock-keys'),
  several: keysOf('several.type'),
  severalMessage: keysOf('several.message'),
  previousPrompt: keysOf('grid.prompt-previous'),
  nextPrompt: keysOf('grid.prompt-next'),
} as const;

/** The first nine panes have a number. */
export const keyOfPane = (index: number): string | undefined =>
  index < numberedTerminals ? keysOf(`go.terminal-${String(index + 1)}`) : undefined;
