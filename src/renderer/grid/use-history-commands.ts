import { useEffect } from 'react';

import { registerCommands, type CommandAct } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';
import type { RunId } from '#shared/ids.ts';

import { copyOutput, copyTranscript, saveTranscript, sessionOf } from './take-transcript.ts';
import type { TranscriptForm } from './transcript.ts';

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

function makeCommands(): readonly CommandAct[] {
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
      when: hasSession,
      reason: () => reading()?.whyNoPrompt() ?? null,
      run: () => reading()?.goToPrompt('previous'),
    },
    {
      id: 'grid.prompt-next',
      when: hasSession,
      reason: () => reading()?.whyNoPrompt() ?? null,
      run: () => reading()?.goToPrompt('next'),
    },
    {
      id: 'grid.output-copy',
      when: hasSession,
      reason: () => reading()?.whyNoOutput() ?? null,
      run: ofFocused(copyOutput),
    },
    {
      id: 'grid.output-select',
      when: hasSession,
      reason: () => reading()?.whyNoOutput() ?? null,
      run: () => reading()?.selectOutput(),
    },
    ...forms.flatMap((form): CommandAct[] => [
      {
        id: `grid.copy-${form}`,
        when: hasSession,
        run: ofFocused((id) => {
          copyTranscript(id, form);
        }),
      },
      {
        id: `grid.save-${form}`,
        when: hasSession,
        run: ofFocused((id) => {
          saveTranscript(id, form);
        }),
      },
    ]),
  ];
}
