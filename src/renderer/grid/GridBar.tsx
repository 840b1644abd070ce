import { ChevronDown, Columns2, LayoutGrid, Minimize2, Radio } from 'lucide-react';
import type { ReactNode } from 'react';

import { runCommand } from '#renderer/state/commands.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { useSeveral } from '#renderer/state/several.ts';
import { maximumPanes, useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { statusWords } from '#renderer/ui/StatusDot.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

import { gridKeys } from './grid-keys.ts';
import styles from './GridBar.module.css';

export interface GridBarProps {
  /** Every run that has a terminal, or is getting one, in the order of the project. */
  candidates: readonly Run[];
  shown: readonly RunId[];
  maximised: Run | null;
  /** Whether the person has divided the grid, so that there is something to take back. */
  isDivided: boolean;
  onEqualise: () => void;
}

/** Over the terminals: which of the project's runs are shown, and how to change that. */
export function GridBar({ candidates, shown, maximised, isDivided, onEqualise }: GridBarProps): ReactNode {
  const view = useView.getState();
  const isChoosing = useSeveral((several) => several.isChoosing);
  const isTypingIntoSeveral = useSeveral((several) => several.receiving.size > 0);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Terminals in view">
      <Menu
        trigger={
          <Button size="sm" variant="ghost" icon={<LayoutGrid />}>
            {countText(shown.length, candidates.length)}
            <ChevronDown />
          </Button>
        }
        items={() => chooserItems(candidates, shown)}
      />
      <span className={styles.rest} />
      {isTypingIntoSeveral ? null : (
        <IconButton
          size="sm"
          label="Type into several terminals"
          keys={gridKeys.several}
          icon={<Radio />}
          pressed={isChoosing}
          onClick={() => {
            runCommand('several.type');
          }}
        />
      )}
      {maximised ? (
        <Button
          size="sm"
          variant="ghost"
          icon={<Minimize2 />}
          keys={gridKeys.maximise}
          onClick={() => {
            view.toggleMaximised(maximised.id);
          }}
        >
          Back to {shown.length === 2 ? 'both terminals' : `all ${String(shown.length)} terminals`}
        </Button>
      ) : isDivided ? (
        <Button size="sm" variant="ghost" icon={<Columns2 />} onClick={onEqualise}>
          Equal panes
        </Button>
      ) : null}
    </div>
  );
}

function countText(shown: number, all: number): string {
  if (shown === all) return counted(all, 'terminal');
  return `${String(shown)} of ${String(all)} terminals`;
}

/** The runs to choose from, with a mark at those that are shown. */
export function chooserItems(candidates: readonly Run[], shown: readonly RunId[]): readonly MenuItem[] {
  const view = useView.getState();
  const isFull = shown.length >= maximumPanes;
  const running = candidates.filter(isLive);
  const sameAsShown = (runs: readonly Run[]): boolean =>
    runs.length === shown.length && runs.every((run) => shown.includes(run.id));
  const arrange = (runs: readonly Run[]): void => {
    // Those that are there already keep their places.
    const wanted = new Set(runs.map((run) => run.id));
    const kept = shown.filter((id) => wanted.has(id));
    view.arrangePanes([...kept, ...runs.map((run) => run.id).filter((id) => !shown.includes(id))]);
  };
  const line = (run: Run): MenuItem => {
    const isShown = shown.includes(run.id);
    return {
      kind: 'item',
      id: run.id,
      label: run.variant === null ? run.spec.title : `${run.spec.title} #${String(run.variant)}`,
      hint: `${run.agent.label} · ${statusWords[run.status.kind].toLowerCase()}`,
      checked: isShown,
      reason: !isShown && isFull ? `${String(maximumPanes)} terminals are shown at most. Take one out first.` : null,
      onSelect: () => {
        if (isShown) view.closeTerminal(run.id);
        else view.openTerminal(run.id);
      },
    };
  };
  return [
    {
      kind: 'item',
      id: 'all-running',
      label: running.length > maximumPanes ? `Show the first ${String(maximumPanes)} running` : 'Show all that run',
      hint: String(running.length),
      reason: running.length === 0 ? 'No agent is running.' : sameAsShown(running) ? 'Just these are shown now.' : null,
      onSelect: () => {
        arrange(running);
      },
    },
    {
      kind: 'item',
      id: 'none',
      label: 'Take all out',
      hint: 'they go on running',
      reason: shown.length === 0 ? 'None is shown.' : null,
      onSelect: () => {
        view.arrangePanes([]);
      },
    },
    { kind: 'separator', id: 'before-runs' },
    {
      kind: 'label',
      id: 'runs',
      label: isFull ? `Shown: ${String(shown.length)}, more do not fit` : `Shown: ${String(shown.length)}`,
    },
    ...candidates.map(line),
  ];
}
