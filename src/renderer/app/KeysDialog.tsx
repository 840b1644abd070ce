import { useMemo, type ReactNode } from 'react';

import type { CommandDeclaration } from '#renderer/state/command-declaration.ts';
import { allDeclarations, chosenChords, useCommands } from '#renderer/state/commands.ts';
import { useChosenKeys } from '#renderer/state/keymap.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { isMac } from '#renderer/ui/keys.ts';

import styles from './KeysDialog.module.css';

/** Keys that are not commands but belong to a list, and stay as they are. */
const onTheBoard: readonly (readonly [keys: readonly string[], title: string])[] = [
  [['Enter'], 'Open the card'],
  [['Shift+F10'], 'Everything else'],
];

/** Every key that does something, by what it belongs to. */
export function KeysDialog({ onClose }: { onClose: () => void }): ReactNode {
  const commands = useCommands((registry) => registry.commands);
  const chosen = useChosenKeys();
  const groups = useMemo(() => {
    const lines = Array.from(allDeclarations(commands), ([id, declaration]) => ({
      id,
      declaration,
      chords: chosenChords(id, chosen) ?? declaration.keys ?? [],
    }));
    const withKeys = lines.filter(({ id, chords }) => chords.length > 0 && !id.startsWith('go.terminal-'));
    return Array.from(Map.groupBy(withKeys, ({ declaration }): CommandDeclaration['group'] => declaration.group));
  }, [commands, chosen]);
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title="Keys"
      footerStart="Each of these can be changed."
      footer={
        <Button
          onClick={() => {
            useView.getState().openDialog({ kind: 'settings', page: 'keyboard' });
          }}
        >
          Change the keys…
        </Button>
      }
    >
      <div className={styles.columns}>
        {groups.map(([group, members]) => (
          <Section key={group} title={group}>
            {members.map(({ id, declaration, chords }) => (
              <Line key={id} title={declaration.title} keys={chords} />
            ))}
            {group === 'On the board'
              ? onTheBoard.map(([keys, title]) => <Line key={title} title={title} keys={keys} />)
              : null}
          </Section>
        ))}
        <Section title="Terminals by number">
          <Line title="The first nine, from anywhere" keys={[isMac ? 'Mod+1' : 'Alt+1']} />
          <Line title="The same, outside of text and terminals" keys={['1']} />
        </Section>
      </div>
    </Dialog>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Line({ title, keys }: { title: string; keys: readonly string[] }): ReactNode {
  return (
    <div className={styles.line}>
      <dt>{title}</dt>
      <dd className={styles.keys}>
        {keys.map((chord) => (
          <Kbd key={chord} keys={chord} />
        ))}
      </dd>
    </div>
  );
}
