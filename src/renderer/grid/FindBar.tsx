import { CaseSensitive, ChevronDown, ChevronUp, Regex, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { perform } from '#renderer/ui/notify.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { RunId } from '#shared/ids.ts';

import { isPattern } from './find-pattern.ts';
import styles from './FindBar.module.css';
import { tryExpression } from './take-transcript.ts';
import type { TerminalState } from './terminal-state.ts';
import { findLimit, type FindOptions, type TerminalSession } from './xterm-session.ts';

export interface FindBarProps {
  session: TerminalSession;
  runId: RunId;
  found: TerminalState['found'];
  onClose: () => void;
}

/** Searches what a terminal shows and what it has scrolled away. */
export function FindBar({ session, runId, found, onClose }: FindBarProps): ReactNode {
  const [text, setText] = useState(() => firstLine(session.getSelection()));
  const [options, setOptions] = useState<FindOptions>({ caseSensitive: false, regex: false });
  const [tried, setTried] = useState<{ text: string; caseSensitive: boolean; verdict: 'good' | 'too-slow' } | null>(
    null,
  );
  const input = useRef<HTMLInputElement>(null);
  const canSearch = !options.regex || isPattern(text);

  useEffect(() => {
    input.current?.select();
  }, []);
  useEffect(() => {
    if (!options.regex || text === '' || !isPattern(text)) {
      session.find(text, 'latest', options);
      return undefined;
    }
    // In this page nothing could stop an expression that takes for ever: the host tries it first.
    let isStale = false;
    perform('Search the terminal', async () => {
      const verdict = await tryExpression(runId, text, options.caseSensitive);
      if (isStale) return;
      setTried({ text, caseSensitive: options.caseSensitive, verdict });
      if (verdict === 'good') session.find(text, 'latest', options);
      else session.endFind();
    });
    return () => {
      isStale = true;
    };
  }, [session, runId, text, options]);

  const isTried = tried?.text === text && tried.caseSensitive === options.caseSensitive;
  const isHeld = options.regex && canSearch && text !== '' && !(isTried && tried.verdict === 'good');
  const go = (which: 'earlier' | 'later'): void => {
    if (isHeld) return;
    session.find(text, which, options);
  };
  const onBarKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') go(event.shiftKey ? 'later' : 'earlier');
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const counter = isHeld ? (isTried ? 'Too slow' : '…') : counterOf(text, canSearch, found);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape leaves it from its buttons, too
    <search className={styles.bar} onKeyDown={onBarKeyDown}>
      <TextField
        label="Find in this terminal"
        hideLabel
        placeholder="Find"
        size="sm"
        mono
        value={text}
        onChange={setText}
        inputRef={input}
        input={{ onKeyDown, autoFocus: true, 'aria-invalid': canSearch ? undefined : true }}
        end={
          <>
            <IconButton
              size="sm"
              label="Match case"
              icon={<CaseSensitive />}
              pressed={options.caseSensitive}
              onClick={() => {
                setOptions({ ...options, caseSensitive: !options.caseSensitive });
              }}
            />
            <IconButton
              size="sm"
              label="Regular expression"
              icon={<Regex />}
              pressed={options.regex}
              onClick={() => {
                setOptions({ ...options, regex: !options.regex });
              }}
            />
          </>
        }
      />
      <output className={styles.counter}>{counter}</output>
      <IconButton
        size="sm"
        label="Earlier hit"
        keys="Enter"
        icon={<ChevronUp />}
        onClick={() => {
          go('earlier');
        }}
      />
      <IconButton
        size="sm"
        label="Later hit"
        keys="Shift+Enter"
        icon={<ChevronDown />}
        onClick={() => {
          go('later');
        }}
      />
      <IconButton size="sm" label="Close the search" keys="Escape" icon={<X />} onClick={onClose} />
    </search>
  );
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.trim() ?? '';

function counterOf(text: string, canSearch: boolean, found: TerminalState['found']): string {
  if (text === '') return '';
  if (!canSearch) return 'No pattern';
  if (!found || found.count === 0) return 'No hits';
  if (found.index < 0) return `${String(found.count)}${found.count >= findLimit ? '+' : ''} hits`;
  return `${String(found.index + 1)} of ${String(found.count)}${found.count >= findLimit ? '+' : ''}`;
}
