import { Plus, RotateCcw, Search, X } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react';

import type { CommandDeclaration } from '#renderer/state/command-declaration.ts';
import { allDeclarations, chosenChords, useCommands } from '#renderer/state/commands.ts';
import {
  findConflicts,
  useChosenKeys,
  withChord,
  withDefaults,
  withoutChord,
  type Declarations,
  type KeyConflict,
} from '#renderer/state/keymap.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { chordText } from '#renderer/ui/keys.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import { counted } from '#shared/counted.ts';
import type { KeyBindings } from '#shared/key-chord.ts';

import { changeSettings } from './change-settings.ts';
import styles from './KeyboardSettings.module.css';
import { KeyRecorder } from './KeyRecorder.tsx';
import { KeysAsText } from './KeysAsText.tsx';

const save = (keys: KeyBindings): void => {
  changeSettings({ keys });
};

/** Every command, its keys, and how to change them. */
export function KeyboardSettings(): ReactNode {
  const commands = useCommands((registry) => registry.commands);
  const chosen = useChosenKeys();
  const [text, setText] = useState('');
  const [recording, setRecording] = useState<string | null>(null);
  const wanted = useDeferredValue(text);
  const declarations = useMemo(() => allDeclarations(commands), [commands]);
  const conflicts = useMemo(() => findConflicts(declarations, chosen), [declarations, chosen]);
  const groups = useMemo(() => search(declarations, chosen, wanted), [declarations, chosen, wanted]);
  const changed = Object.keys(chosen).filter((id) => declarations.has(id)).length;
  const list = useRef<HTMLDivElement>(null);

  const endRecording = (id: string): void => {
    setRecording(null);
    // The button that was pressed has been away meanwhile.
    requestAnimationFrame(() => {
      list.current?.querySelector<HTMLElement>(`[data-command="${CSS.escape(id)}"] [data-add]`)?.focus();
    });
  };
  return (
    <div className={styles.page}>
      <div className={styles.tools}>
        <div className={styles.search}>
          <TextField
            label="Find a command or a key"
            hideLabel
            placeholder="Find a command, or a key such as Ctrl+Shift"
            value={text}
            onChange={setText}
            icon={<Search />}
            input={{ autoFocus: true, type: 'search' }}
          />
        </div>
        <KeysAsText chosen={chosen} onChange={save} />
        <Button
          icon={<RotateCcw />}
          reason={changed === 0 ? 'Every command has its own keys.' : null}
          onClick={() => {
            save(Object.fromEntries(Object.entries(chosen).filter(([id]) => !declarations.has(id))));
          }}
        >
          Reset all
        </Button>
      </div>
      <Conflicts conflicts={conflicts} declarations={declarations} chosen={chosen} />
      <div ref={list} className={styles.list} role="list" aria-label="Commands and their keys">
        {groups.length === 0 ? (
          <EmptyState compact title="Nothing is called that">
            No command and no key has all of these words.
          </EmptyState>
        ) : null}
        {groups.map(([group, members]) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.heading}>{group}</h3>
            {members.map(([id, declaration]) => (
              <div key={id} role="listitem" className={styles.row} data-command={id}>
                <div className={styles.name}>
                  <span>{declaration.title}</span>
                  {declaration.inTerminal ? <Badge quiet>also in terminals</Badge> : null}
                </div>
                {recording === id ? (
                  <KeyRecorder
                    id={id}
                    declarations={declarations}
                    chosen={chosen}
                    onChosen={(chord, losing) => {
                      save(withChord(declarations, chosen, id, chord, losing));
                      endRecording(id);
                    }}
                    onCancel={() => {
                      endRecording(id);
                    }}
                  />
                ) : (
                  <Chords
                    id={id}
                    declaration={declaration}
                    declarations={declarations}
                    chosen={chosen}
                    onRecord={() => {
                      setRecording(id);
                    }}
                  />
                )}
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

interface ChordsProps {
  id: string;
  declaration: CommandDeclaration;
  declarations: Declarations;
  chosen: KeyBindings;
  onRecord: () => void;
}

function Chords({ id, declaration, declarations, chosen, onRecord }: ChordsProps): ReactNode {
  const own = chosenChords(id, chosen);
  const chords = own ?? declaration.keys ?? [];
  return (
    <div className={styles.chords}>
      {chords.map((chord) => (
        <span key={chord} className={styles.chord}>
          <Kbd keys={chord} />
          <IconButton
            size="sm"
            label={`Remove ${chordText(chord)} from “${declaration.title}”`}
            icon={<X />}
            onClick={() => {
              save(withoutChord(declarations, chosen, id, chord));
            }}
          />
        </span>
      ))}
      {chords.length === 0 ? <span className={styles.none}>no key</span> : null}
      <IconButton
        size="sm"
        data-add
        label={`Add a key for “${declaration.title}”`}
        icon={<Plus />}
        reason={chords.length >= 8 ? 'It has eight already.' : null}
        onClick={onRecord}
      />
      {own === undefined ? (
        <span className={styles.noReset} />
      ) : (
        <IconButton
          size="sm"
          label={`Reset the keys of “${declaration.title}”`}
          icon={<RotateCcw />}
          onClick={() => {
            save(withDefaults(chosen, id));
          }}
        />
      )}
    </div>
  );
}

interface ConflictsProps {
  conflicts: readonly KeyConflict[];
  declarations: Declarations;
  chosen: KeyBindings;
}

/** Where one key would start two commands: which, and the choice. */
function Conflicts({ conflicts, declarations, chosen }: ConflictsProps): ReactNode {
  if (conflicts.length === 0) return null;
  const titleOf = (id: string): string => declarations.get(id)?.title ?? id;
  return (
    <Callout tone="warning" title={`${counted(conflicts.length, 'key')} with two meanings`}>
      <ul className={styles.conflicts}>
        {conflicts.map(({ chord, ids: [first, second] }) => (
          <li key={`${chord}:${first}:${second}`} className={styles.conflict}>
            <span>
              <Kbd keys={chord} /> starts “{titleOf(first)}” and “{titleOf(second)}”.
            </span>
            {[first, second].map((id, index) => (
              <Button
                key={id}
                size="sm"
                onClick={() => {
                  save(withoutChord(declarations, chosen, index === 0 ? second : first, chord));
                }}
              >
                Keep it for “{titleOf(id)}”
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

type Entry = readonly [id: string, declaration: CommandDeclaration];

/** The commands that have every word, in their title, group, other words or keys. */
function search(
  declarations: Declarations,
  chosen: KeyBindings,
  text: string,
): readonly (readonly [CommandDeclaration['group'], readonly Entry[]])[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = Array.from(declarations).filter(([id, declaration]) => {
    const chords = (chosenChords(id, chosen) ?? declaration.keys ?? []).map((chord) => chordText(chord));
    const searched = [declaration.title, declaration.group, ...(declaration.keywords ?? []), ...chords]
      .join(' ')
      .toLowerCase();
    return words.every((word) => searched.includes(word));
  });
  return Array.from(Map.groupBy(found, ([, declaration]) => declaration.group));
}
