import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';

import { runMenu } from '#renderer/state/run-menu.tsx';
import { dotKind, shownStatus, statusOrigin } from '#renderer/state/run-words.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Menu } from '#renderer/ui/Menu.tsx';
import { StatusDot } from '#renderer/ui/StatusDot.tsx';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import type { Run } from '#shared/contract/runs.ts';

import type { Column } from './column.ts';
import styles from './VariantsTable.module.css';

interface VariantHeadProps {
  column: Column;
  isLookedAt: boolean;
  onPrefer: () => void;
  onKeep: () => void;
}

/** The head of a column: who it is, and what can be done to all of it. */
export function VariantHead({ column, isLookedAt, onPrefer, onKeep }: VariantHeadProps): ReactNode {
  const { run, name, variant } = column;
  const items = (): readonly MenuItem[] => [
    {
      kind: 'item',
      id: 'prefer',
      label: 'Take all that is undecided from it',
      reason: variant.tree === null ? variant.obstacle : null,
      onSelect: onPrefer,
    },
    { kind: 'separator', id: 'after-prefer' },
    ...runMenu(run).filter(({ id }) => id !== 'variants'),
  ];
  return (
    <div className={classNames(styles.variant, isLookedAt && styles.lookedAtHead)} role="columnheader">
      <div className={styles.who} title={`${name}, ${run.branch}. ${statusOrigin(shownStatusOf(run))}`}>
        <StatusDot kind={dotKind(run)} />
        <span className={styles.name}>{name}</span>
        <DecisionBadge run={run} />
      </div>
      <div className={styles.acts}>
        <Button size="sm" reason={whyNotKeep(run)} onClick={onKeep}>
          Keep…
        </Button>
        <Menu
          align="end"
          items={items}
          trigger={<IconButton size="sm" label={`More actions for ${name}`} icon={<Ellipsis />} />}
        />
      </div>
    </div>
  );
}

const shownStatusOf = (run: Run): Run['status'] => ({ ...run.status, since: shownStatus(run).since });

function whyNotKeep(run: Run): string | null {
  if (run.merged !== null) return `It is in ${run.merged.into} already.`;
  return run.presence.branch ? null : 'There is nothing of it to keep yet.';
}

function DecisionBadge({ run }: { run: Run }): ReactNode {
  if (run.merged !== null) return <Badge tone="success">merged</Badge>;
  if (run.decision.kind === 'keep') return <Badge tone="accent">kept</Badge>;
  if (run.decision.kind === 'modify') return <Badge>to be changed</Badge>;
  return null;
}
