import { useMemo, type ReactNode } from 'react';

import { useCommands, type Command } from '#renderer/state/commands.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { isMac } from '#renderer/ui/keys.ts';

import styles from './KeysDialog.module.css';

/** Keys that are not commands but belong to a list. */
const onTheBoard: readonly (readonly [keys: readonly string[], title: string])[] = [
  [['j', 'k'], 'Next, previous card'],
  [['Enter'], 'Open the card'],
  [['t'], 'Its terminal'],
  [['r'], 'Its review'],
  [['e'], 'Its spec'],
  [['s'], 'Spawn a draft'],
  [['Delete'], 'Delete, after a question'],
  [['Shift+F10'], 'Everything else'],
];

/** Every key that does something now, by what it belongs to. */
export function KeysDialog({ onClose }: { onClose: () => void }): ReactNode {
  const commands = useCommands((registry) => registry.commands);
  const groups = useMemo(() => {
    const withKeys = Array.from(commands.values()).filter(
      (command) => command.keys?.length && command.inPalette !== false,
    );
    return Array.from(Map.groupBy(withKeys, (command) => command.group));
  }, [commands]);
  return (
    <Dialog open onClose={onClose} size="lg" title="Keys">
      <div className={styles.columns}>
        {groups.map(([group, members]) => (
          <Section key={group} title={group}>
            {members.map((command) => (
              <CommandLine key={command.id} command={command} />
            ))}
          </Section>
        ))}
        <Section title="On the board">
          {onTheBoard.map(([keys, title]) => (
            <Line key={title} title={title} keys={keys} />
          ))}
        </Section>
        <Section title="Terminals by number">
          <Line title="The first nine, from anywhere" keys={[isMac ? 'Mod+1' : 'Alt+1']} />
          <Line title="The same, outside of text and terminals" keys={['1']} />
        </Section>
      </div>
    </Dialog>
  );
}

function CommandLine({ command }: { command: Command }): ReactNode {
  return <Line title={command.title} keys={command.keys ?? []} />;
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
