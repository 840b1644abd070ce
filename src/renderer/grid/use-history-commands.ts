import { useEffect } from 'react';

import { registerCommands, type Command } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';
import type { RunId } from '#shared/ids.ts';

import { gridKeys } from './grid-keys.ts';
import { copyOutput, copyTranscript, saveTranscript, sessionOf } from './take-transcript.ts';
import { formWords, type TranscriptForm } from './transcript.ts';

const forms: readonly TranscriptForm[] = ['text', 'ansi', 'markdown'];
const focused = (): RunId | null => useView.getState().grid.focused;
const hasSession = (): boolean => {
  const id = focused();
  return id !== null && sessionOf(id) !== null;
};

/** What can be done with what the focused terminal has said, as long as the grid is on screen. */
export function useHistoryCommands(): void {
  useEffect(() => {
    const commands = registerCommands(makeCommands());
    return () => {
      commands.dispose();
    };
  }, []);
}

function makeCommands(): readonly Command[] {
  const group = 'Terminals';
  const reading = () => {
    const id = focused();
    return id === null ? undefined : sessionOf(id)?.reading;
  };
  const ofFocused = (act: (id: RunId) => void) => (): void => {
    const id = focused();
    if (id !== null) act(id);
  };
  return [
    {
      id: 'grid.prompt-previous',
      title: 'Previous prompt in the terminal',
      group,
      keys: [gridKeys.previousPrompt],
      inTerminal: true,
      keywords: ['command', 'jump', 'scroll'],
      when: hasSession,
      reason: () => reading()?.whyNoPrompt() ?? null,
      run: () => reading()?.goToPrompt('previous'),
    },
    {
      id: 'grid.prompt-next',
      title: 'Next prompt in the terminal',
      group,
      keys: [gridKeys.nextPrompt],
      inTerminal: true,
      keywords: ['command', 'jump', 'scroll'],
      when: hasSession,
      reason: () => reading()?.whyNoPrompt() ?? null,
      run: () => reading()?.goToPrompt('next'),
    },
    {
      id: 'grid.output-copy',
      title: 'Copy the output of the command in view',
      group,
      keywords: ['last', 'command'],
      when: hasSession,
      reason: () => reading()?.whyNoOutput() ?? null,
      run: ofFocused(copyOutput),
    },
    {
      id: 'grid.output-select',
      title: 'Select the output of the command in view',
      group,
      when: hasSession,
      reason: () => reading()?.whyNoOutput() ?? null,
      run: () => reading()?.selectOutput(),
    },
    ...forms.flatMap((form): Command[] => [
      {
        id: `grid.copy-${form}`,
        title: `Copy the selection or the whole terminal as ${formWords[form].name}`,
        group,
        keywords: ['transcript'],
        when: hasSession,
        run: ofFocused((id) => {
          copyTranscript(id, form);
        }),
      },
      {
        id: `grid.save-${form}`,
        title: `Save the terminal’s transcript as ${formWords[form].name}`,
        group,
        keywords: ['download', 'export', 'file', formWords[form].extension],
        when: hasSession,
        run: ofFocused((id) => {
          saveTranscript(id, form);
        }),
      },
    ]),
  ];
}
