import { useEffect, useRef, useState, type ReactNode } from 'react';

import { inTheWay, type Declarations } from '#renderer/state/keymap.ts';
import { noteOnChord, noteOnUse } from '#renderer/state/reserved-chords.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { chordOf } from '#renderer/ui/keys.ts';
import type { KeyBindings } from '#shared/key-chord.ts';

import styles from './KeyboardSettings.module.css';

export interface KeyRecorderProps {
  id: string;
  declarations: Declarations;
  chosen: KeyBindings;
  /** `losing`: the commands that give the chord up for it. */
  onChosen: (chord: string, losing: readonly string[]) => void;
  onCancel: () => void;
}

/** Waits for a chord, says what would be in its way, and asks where there is a choice. */
export function KeyRecorder({ id, declarations, chosen, onChosen, onCancel }: KeyRecorderProps): ReactNode {
  const [chord, setChord] = useState<string | null>(null);
  const field = useRef<HTMLDivElement>(null);
  const accept = useRef<HTMLButtonElement>(null);
  const isWaiting = chord === null || noteOnChord(chord)?.kind === 'refused';

  useEffect(() => {
    if (isWaiting) field.current?.focus();
    else accept.current?.focus();
  }, [isWaiting]);
  useEffect(() => {
    if (!isWaiting) return undefined;
    // On the window, before anything else: while a key is waited for it means nothing but itself.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || document.activeElement !== field.current) return;
      const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === 'Tab' && isBare) return; // the way to the buttons
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === 'Escape' && isBare) onCancel();
      else setChord(chordOf(event) ?? chord);
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, [isWaiting, onCancel, chord]);

  const note = chord === null ? null : noteOnChord(chord);
  const others = chord === null || isWaiting ? [] : inTheWay(declarations, chosen, id, chord);
  const use = chord === null || isWaiting ? null : noteOnUse(chord, declarations.get(id)?.inTerminal === true);
  const titles = others.map((other) => `“${declarations.get(other)?.title ?? other}”`).join(' and ');
  return (
    <div className={styles.recorder}>
      <div className={styles.recorderLine}>
        {isWaiting ? (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is where the keys go
          <div ref={field} className={styles.waiting} tabIndex={0} role="textbox" aria-label="Press the new key">
            Press the keys…
          </div>
        ) : (
          <Kbd keys={chord} />
        )}
        {isWaiting || chord === null ? null : (
          <>
            <Button
              ref={accept}
              size="sm"
              variant="primary"
              onClick={() => {
                onChosen(chord, others);
              }}
            >
              {others.length > 0 ? `Take it from ${titles}` : 'Use it'}
            </Button>
            <Button
              size="sm"
              onClick={() => {
                setChord(null);
              }}
            >
              Another key
            </Button>
          </>
        )}
        <Button size="sm" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <p className={styles.notes} role="status">
        {others.length > 0 ? <span>It starts {titles} now. </span> : null}
        {note ? <span>{note.words} </span> : null}
        {use ? <span>{use}</span> : null}
        {isWaiting && !note ? <span>Escape leaves it as it is.</span> : null}
      </p>
    </div>
  );
}
