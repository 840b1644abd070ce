import { CornerDownLeft, Folder, FolderGit2 } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { reportFault } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { PathCompletion } from '#shared/contract/projects.ts';

import styles from './PathField.module.css';

export interface PathFieldProps {
  value: string;
  onChange: (text: string) => void;
  onOpen: (path: string) => void;
  busy: boolean;
}

/**
 * A path, with the folders that complete it. Arrows choose, Tab takes the chosen folder and looks into it, Enter opens
 * what is chosen or written.
 */
export function PathField({ value, onChange, onOpen, busy }: PathFieldProps): ReactNode {
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const completions = useCompletions(value, isOpen);
  const shown = isOpen ? completions : [];
  const current = shown[chosen];
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const write = (text: string): void => {
    onChange(text);
    setChosen(-1);
    setIsOpen(true);
  };
  const open = (path: string): void => {
    if (path.trim() === '' || busy) return;
    setIsOpen(false);
    onOpen(path.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setIsOpen(true);
      setChosen((at) => Math.max(-1, Math.min(shown.length - 1, at + step)));
    } else if (event.key === 'Tab' && !event.shiftKey && isOpen && shown.length > 0) {
      const taken = current ?? shown[0];
      if (!taken) return;
      event.preventDefault();
      write(taken.path.endsWith('/') ? taken.path : `${taken.path}/`);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (current) onChange(current.path);
      open(current?.path ?? value);
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      setIsOpen(false);
    }
  };

  return (
    <div
      className={styles.field}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
    >
      <div className={styles.line}>
        <div className={styles.grow}>
          <TextField
            label="Folder of a Git repository"
            hideLabel
            size="lg"
            mono
            placeholder="~/path/to/repository"
            value={value}
            onChange={write}
            icon={<Folder />}
            input={{
              autoFocus: true,
              role: 'combobox',
              'aria-expanded': shown.length > 0,
              'aria-controls': listId,
              'aria-autocomplete': 'list',
              'aria-activedescendant': current ? `${listId}-${String(chosen)}` : undefined,
              onKeyDown,
              onFocus: () => {
                if (value !== '') setIsOpen(true);
              },
            }}
          />
        </div>
        <Button
          variant="primary"
          size="lg"
          busy={busy}
          reason={value.trim() === '' ? 'Write the path of a folder first.' : null}
          onClick={() => {
            open(value);
          }}
        >
          Open
        </Button>
      </div>
      {shown.length > 0 ? (
        <div className={styles.popup}>
          {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <select> cannot complete what is typed */}
          <div ref={list} id={listId} role="listbox" aria-label="Folders" className={styles.list}>
            {shown.map((completion, index) => (
              <button
                key={completion.path}
                type="button"
                id={`${listId}-${String(index)}`}
                // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <option> cannot stand outside a <select>
                role="option"
                aria-selected={index === chosen}
                tabIndex={-1}
                className={classNames(styles.option, index === chosen && styles.chosen)}
                onPointerDown={(event) => {
                  // Keeps the focus in the field.
                  event.preventDefault();
                }}
                onClick={() => {
                  if (completion.isRepository) {
                    onChange(completion.path);
                    open(completion.path);
                  } else write(`${completion.path}/`);
                }}
              >
                {completion.isRepository ? <FolderGit2 className={styles.repository} /> : <Folder />}
                <span className={styles.name}>{completion.name}</span>
                {completion.isRepository ? <span className={styles.kind}>Git repository</span> : null}
              </button>
            ))}
          </div>
          <p className={styles.keys}>
            <span>↑↓ choose</span>
            <span>Tab look inside</span>
            <span>
              <CornerDownLeft aria-label="Enter" /> open
            </span>
          </p>
        </div>
      ) : null}
    </div>
  );
}

/** What completes the text, asked for once typing pauses. An answer that comes late for its text is dropped. */
function useCompletions(text: string, isWanted: boolean): readonly PathCompletion[] {
  const [completions, setCompletions] = useState<readonly PathCompletion[]>([]);
  const isAsked = isWanted && text.trim() !== '';
  useEffect(() => {
    if (!isAsked) return;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const found = await host.projects.completePath({ text });
      if (isCurrent && found.ok) setCompletions(found.value);
    };
    const timer = setTimeout(() => {
      ask().catch((error: unknown) => {
        if (isCurrent) reportFault('Complete the path', error);
      });
    }, 60);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, isAsked]);
  // While the next answer is on its way the last one stays, so that the list does not flicker with each letter.
  return isAsked ? completions : [];
}
