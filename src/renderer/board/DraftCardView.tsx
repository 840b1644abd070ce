import { FileText, FileWarning, PencilLine } from 'lucide-react';
import { memo, type ReactNode } from 'react';

import { copyText } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import type { SpecSummary, StrayFile } from '#shared/contract/specs.ts';
import { counted } from '#shared/counted.ts';

import { CardButton, type CardRowProps } from './CardButton.tsx';

import styles from './Card.module.css';

export interface DraftCardViewProps extends CardRowProps {
  spec: SpecSummary;
  isSelected: boolean;
  isUnsaved: boolean;
}

/** A spec that no run works on yet. */
export const DraftCardView = memo(function DraftCardView({
  spec,
  isSelected,
  isUnsaved,
  ...row
}: DraftCardViewProps): ReactNode {
  const view = useView.getState();
  const problems = spec.problemCount === 0 ? null : counted(spec.problemCount, 'problem');
  return (
    <article className={classNames(styles.card, isSelected && styles.selected)} data-draft={spec.slug}>
      <CardButton
        {...row}
        isSelected={isSelected}
        className={styles.beforeAction}
        onPress={() => {
          view.showSpec(spec.slug);
        }}
      >
        <span className={styles.head}>
          <span className={styles.dot}>
            <FileText className={styles.file} aria-hidden />
          </span>
          <span className={styles.title} title={spec.title}>
            {spec.title}
          </span>
        </span>
        <span className={styles.meta}>
          {isUnsaved ? (
            <Badge tone="accent" icon={<PencilLine />}>
              unsaved
            </Badge>
          ) : null}
          {problems ? (
            <Badge
              tone="warning"
              title="Its front matter has to be put right before it can be spawned. Open it to see where."
            >
              {problems}
            </Badge>
          ) : null}
          <span className={styles.agent}>
            {[spec.acceptanceCount === 0 ? 'no checks' : counted(spec.acceptanceCount, 'check'), ...spec.agents].join(
              ' · ',
            )}
          </span>
        </span>
      </CardButton>
      <div className={styles.fixedAction}>
        <Button
          size="sm"
          tabIndex={row.isCurrent ? 0 : -1}
          reason={problems ? `It has ${problems}. Open it to put them right.` : null}
          onClick={() => {
            view.openDialog({ kind: 'spawn', slugs: [spec.slug] });
          }}
        >
          Spawn
        </Button>
      </div>
    </article>
  );
});

/** A file among the specs whose name no spec can have. */
export function StrayCardView({ file, ...row }: CardRowProps & { file: StrayFile }): ReactNode {
  return (
    <article className={styles.card}>
      <CardButton
        {...row}
        onPress={() => {
          copyText('path', file.path);
        }}
      >
        <span className={styles.head}>
          <span className={styles.dot}>
            <FileWarning className={styles.file} aria-hidden />
          </span>
          <span className={styles.title}>{file.path}</span>
        </span>
        <span className={styles.note} data-tone="warning">
          {file.reason}
        </span>
      </CardButton>
    </article>
  );
}
