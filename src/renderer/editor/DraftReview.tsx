import { CircleAlert, FileText } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { CodeEditor } from '#renderer/monaco/CodeEditor.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { counted } from '#shared/counted.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import styles from './DraftReview.module.css';
import type { EditedDraft } from './edited-drafts.ts';
import { useTextModel } from './use-text-model.ts';

/** Specs that would be made: which of them, and with what text. */
export function DraftReview({
  drafts,
  onChange,
}: {
  drafts: readonly EditedDraft[];
  onChange: (change: (drafts: readonly EditedDraft[]) => readonly EditedDraft[]) => void;
}): ReactNode {
  const [chosen, setChosen] = useState(0);
  const draft = drafts[Math.min(chosen, drafts.length - 1)];
  if (!draft) {
    return (
      <EmptyState compact icon={<FileText />} title="Nothing to make">
        There is no text in it that could be a spec.
      </EmptyState>
    );
  }
  const change = (slug: string, more: Partial<EditedDraft>): void => {
    onChange((before) => before.map((each) => (each.slug === slug ? { ...each, ...more } : each)));
  };
  return (
    <div className={styles.review}>
      <ul className={styles.list} aria-label="Specs to be made">
        {drafts.map((each, index) => (
          <Line
            key={each.slug}
            draft={each}
            isChosen={each === draft}
            onChoose={() => setChosen(index)}
            onWant={(isWanted) => change(each.slug, { isWanted })}
          />
        ))}
      </ul>
      <div className={styles.text}>
        <DraftText key={draft.slug} draft={draft} onChange={(text) => change(draft.slug, { text })} />
      </div>
    </div>
  );
}

interface LineProps {
  draft: EditedDraft;
  isChosen: boolean;
  onChoose: () => void;
  onWant: (isWanted: boolean) => void;
}

function Line({ draft, isChosen, onChoose, onWant }: LineProps): ReactNode {
  const { frontMatter, problems } = parseSpec(draft.text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const facts = [
    counted(frontMatter.acceptance.length, 'acceptance item'),
    ...(frontMatter.footprint.length > 0 ? [`${counted(frontMatter.footprint.length, 'path')} in its footprint`] : []),
    ...(frontMatter.after.length > 0 ? [`after ${frontMatter.after.join(', ')}`] : []),
  ];
  return (
    <li className={classNames(styles.line, isChosen && styles.chosen)}>
      <Checkbox
        label=""
        ariaLabel={`Make “${draft.title}”`}
        checked={draft.isWanted && !draft.isTaken}
        reason={draft.isTaken ? `There is a spec “${draft.slug}” already, and it is not overwritten.` : null}
        onChange={onWant}
      />
      <button type="button" className={styles.show} aria-pressed={isChosen} onClick={onChoose}>
        <strong>{frontMatter.title || draft.title}</strong>
        <code>specs/{draft.slug}.md</code>
        <span>{facts.join(' · ')}</span>
        {[
          ...(draft.isTaken ? [`There is a spec “${draft.slug}” already, and it is not overwritten.`] : []),
          ...draft.notes,
          ...errors.map(({ line, message }) => `Line ${String(line)}: ${message}`),
        ].map((note) => (
          <span key={note} className={styles.note}>
            <CircleAlert aria-hidden /> {note}
          </span>
        ))}
      </button>
    </li>
  );
}

function DraftText({ draft, onChange }: { draft: EditedDraft; onChange: (text: string) => void }): ReactNode {
  const model = useTextModel(draft.text, onChange);
  return model ? <CodeEditor model={model} label={`Draft ${draft.slug}`} /> : null;
}
