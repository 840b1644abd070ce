import { Keyboard, MessageSquare, Radio, X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { useBoard } from '#renderer/state/board.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { agentName } from '#renderer/state/run-words.ts';
import { chosenRuns, useSeveral, whyNoTyping, whyNotReceiving } from '#renderer/state/several.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { boardGroupIds, type BoardGroups } from '#shared/board/derive-board.ts';
import type { Run } from '#shared/contract/runs.ts';

import styles from './SeveralBar.module.css';

/** Over the centre: the choice of several runs, and the unmistakable word that several terminals get what is typed. */
export function SeveralBar(): ReactNode {
  const isChoosing = useSeveral((several) => several.isChoosing);
  const isTyping = useSeveral((several) => several.receiving.size > 0);
  return (
    <>
      {isTyping ? <TypingBar /> : null}
      {isChoosing ? <ChoosingBar /> : null}
      <PasteQuestion />
    </>
  );
}

function TypingBar(): ReactNode {
  const receiving = useSeveral((several) => several.receiving);
  const runs = useMirror((mirror) => mirror.runs);
  const names = Array.from(receiving.keys()).flatMap((id) => {
    const run = runs?.get(id);
    return run ? [nameOf(run)] : [];
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape works wherever in the bar the focus is
    <div
      className={styles.typing}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isInside(event)) return;
        event.preventDefault();
        useSeveral.getState().endTyping(null);
      }}
    >
      <Radio aria-hidden />
      <p className={styles.words} role="status">
        <strong>Typing into {receiving.size} terminals:</strong> {names.join(', ')}
      </p>
      <Button
        size="sm"
        icon={<X />}
        keys={keysOf('several.type')}
        onClick={() => {
          useSeveral.getState().endTyping(null);
        }}
      >
        End
      </Button>
    </div>
  );
}

function ChoosingBar(): ReactNode {
  const chosen = useSeveral((several) => several.chosen);
  const requests = useSeveral((several) => several.requests);
  const runs = useMirror((mirror) => mirror.runs);
  const shown = useView((view) => view.grid.runIds);
  const groups = useBoard();
  const bar = useRef<HTMLFormElement>(null);
  const seen = useRef(0);

  useEffect(() => {
    // Asked for by a command, it takes the keyboard; a tick on the board or on a pane leaves the person there.
    if (requests === seen.current) return;
    seen.current = requests;
    bar.current?.querySelector<HTMLElement>('[role="checkbox"]')?.focus();
  }, [requests]);

  const all = Array.from(runs?.values() ?? []);
  const candidates = all.filter((run) => whyNotReceiving(run) === null || chosen.has(run.id));
  const ready = chosenRuns(chosen, all);
  const several = useSeveral.getState();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape works wherever in it the focus is
    <form
      ref={bar}
      className={styles.choosing}
      aria-label="Several runs"
      onSubmit={(event) => {
        event.preventDefault();
        several.startTyping();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target instanceof Element && event.target.matches('[role="checkbox"]')) {
          event.preventDefault();
          several.startTyping();
        }
        if (event.key !== 'Escape' || !isInside(event)) return;
        event.preventDefault();
        several.cancel();
      }}
    >
      <div className={styles.line}>
        <strong className={styles.title}>Several runs: {ready.length} chosen</strong>
        <Menu
          trigger={
            <Button size="sm" variant="ghost">
              Choose…
            </Button>
          }
          items={() => quickChoices(all, shown, groups)}
        />
        <span className={styles.rest} />
        <Button size="sm" variant="primary" icon={<Keyboard />} type="submit" reason={whyNoTyping(ready.length)}>
          Type into {ready.length > 1 ? `these ${String(ready.length)}` : 'them'}
        </Button>
        <Button
          size="sm"
          icon={<MessageSquare />}
          keys={keysOf('several.message')}
          onClick={() => {
            useView.getState().openDialog({ kind: 'message-several' });
          }}
        >
          Message…
        </Button>
        <Button size="sm" variant="ghost" keys="Escape" onClick={several.cancel}>
          Cancel
        </Button>
      </div>
      {candidates.length === 0 ? (
        <p className={styles.empty}>No agent is running now. Spawn some, then they can be chosen here.</p>
      ) : (
        <ul className={styles.runs} aria-label="Runs to choose from">
          {candidates.map((run) => (
            <li key={run.id}>
              <Checkbox
                checked={chosen.has(run.id)}
                label={<span className={styles.name}>{nameOf(run)}</span>}
                hint={whyNotReceiving(run) ?? agentName(run)}
                onChange={() => {
                  several.toggle(run.id);
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}

const groupWords = { needsYou: 'needs you', review: 'to review', running: 'running' } as const;

/** Whole sets to tick at once. What was ticked before is replaced. */
function quickChoices(all: readonly Run[], shown: readonly string[], groups: BoardGroups): readonly MenuItem[] {
  const ready = all.filter((run) => whyNotReceiving(run) === null);
  const item = (id: string, label: string, runs: readonly Run[]): MenuItem => ({
    kind: 'item',
    id,
    label,
    hint: String(runs.length),
    reason: runs.length === 0 ? 'There is none whose agent is running.' : null,
    onSelect: () => {
      useSeveral.setState({ chosen: new Set(runs.map((run) => run.id)) });
    },
  });
  return [
    item(
      'shown',
      'All that are shown',
      ready.filter((run) => shown.includes(run.id)),
    ),
    item('ready', 'All that run', ready),
    { kind: 'separator', id: 'before-groups' },
    ...boardGroupIds.flatMap((id): MenuItem[] => {
      if (id !== 'needsYou' && id !== 'review' && id !== 'running') return [];
      const members = new Set(groups[id].map((card) => card.run.id));
      return [
        item(
          id,
          `All of: ${groupWords[id]}`,
          ready.filter((run) => members.has(run.id)),
        ),
      ];
    }),
  ];
}

const nameOf = (run: Run): string =>
  run.variant === null ? run.spec.title : `${run.spec.title} #${String(run.variant)}`;

/** Not in a menu that was opened from there: to React that is inside as well. */
const isInside = ({ target, currentTarget }: KeyboardEvent): boolean =>
  target instanceof Node && currentTarget.contains(target);

/** Asked once for all terminals, whichever of them was pasted into. */
function PasteQuestion(): ReactNode {
  const pending = useSeveral((several) => several.pendingPaste);
  const count = useSeveral((several) => several.receiving.size);
  return (
    <ConfirmDialog
      open={pending !== null}
      title={
        pending?.lines === 1
          ? `Paste a line with its line end into ${String(count)} terminals?`
          : `Paste ${String(pending?.lines ?? 0)} lines into ${String(count)} terminals?`
      }
      description="Each gets it as its program takes a paste. A bare shell runs each line the moment it arrives."
      confirmLabel={`Paste into ${String(count)}`}
      onConfirm={() => {
        pending?.paste();
      }}
      onClose={() => {
        useSeveral.setState({ pendingPaste: null });
      }}
    >
      <pre className={styles.preview}>{pending?.preview}</pre>
    </ConfirmDialog>
  );
}
