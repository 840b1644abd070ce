import {
  BookOpenCheck,
  ChevronRight,
  FileText,
  Handshake,
  ListChecks,
  Puzzle,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Badge } from '#renderer/ui/Badge.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Prompt, PromptPart } from '#shared/contract/prompts.ts';

import styles from './PromptPreview.module.css';
import { RulesFiles } from './RulesFiles.tsx';

export const promptKinds = {
  invariant: { label: 'Invariant', icon: ShieldCheck },
  rules: { label: 'Rules', icon: BookOpenCheck },
  module: { label: 'Module', icon: Puzzle },
  spec: { label: 'Spec', icon: FileText },
  work: { label: 'Work so far', icon: Handshake },
  task: { label: 'Task', icon: ListChecks },
} as const;

const count = new Intl.NumberFormat();

/** The exact text that an agent is sent, part by part, each with its version, its size and what is wrong with it. */
export function PromptPreview({
  prompt,
  note,
  actions,
  isSent = false,
}: {
  prompt: Prompt | null;
  note?: string | undefined;
  actions?: ReactNode;
  /** It went out like this: what was wrong with it cannot be changed any more. */
  isSent?: boolean;
}): ReactNode {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  if (!prompt) return <EmptyState compact title="Composing the prompt…" />;
  const keys = prompt.parts.map(keyOf);
  const allClosed = keys.every((key) => closed.has(key));
  const toggle = (key: string): void => {
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  };
  // What belongs to a part is said there.
  const atParts = new Set(prompt.parts.flatMap((part) => part.problems));
  const general = prompt.problems.filter((problem) => !atParts.has(problem));
  return (
    <div className={styles.preview}>
      <header className={styles.head}>
        <span className={styles.title}>Prompt</span>
        {actions}
        <Tooltip content={allClosed ? 'Show the text of every part' : 'Show only the names of the parts'}>
          <button type="button" className={styles.fold} onClick={() => setClosed(new Set(allClosed ? [] : keys))}>
            {allClosed ? 'Unfold' : 'Fold'}
          </button>
        </Tooltip>
        <Tooltip content="An estimate, made with one tokeniser for all; models count a little differently.">
          <Badge>about {count.format(prompt.tokens)} tokens</Badge>
        </Tooltip>
        <Tooltip content="The version of this exact text: the start of its SHA-256.">
          <code className={styles.version}>{prompt.version}</code>
        </Tooltip>
      </header>
      {note ? <p className={styles.note}>{note}</p> : null}
      {general.length > 0 ? (
        <div className={styles.problems}>
          <Callout tone="warning" title={isSent ? 'Known when it was sent' : 'Look at this before you send it'}>
            <ul>
              {general.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Callout>
        </div>
      ) : null}
      <div className={styles.parts}>
        {prompt.parts.map((part) => {
          const key = keyOf(part);
          return (
            <Part key={key} part={part} text={prompt.text} isOpen={!closed.has(key)} onToggle={() => toggle(key)} />
          );
        })}
        <RulesFiles rules={prompt.rules} isSent={isSent} />
      </div>
    </div>
  );
}

const keyOf = ({ kind, id }: PromptPart): string => `${kind}:${id}`;

interface PartProps {
  part: PromptPart;
  text: string;
  isOpen: boolean;
  onToggle: () => void;
}

function Part({ part, text, isOpen, onToggle }: PartProps): ReactNode {
  const { label, icon: Icon } = promptKinds[part.kind];
  const values = Object.entries(part.values);
  return (
    <section className={styles.part} aria-label={`${label}: ${part.title}`}>
      <button type="button" className={styles.partHead} aria-expanded={isOpen} onClick={onToggle}>
        <ChevronRight className={classNames(styles.chevron, isOpen && styles.open)} aria-hidden />
        <Icon className={styles.icon} aria-hidden />
        <span className={styles.kind}>{part.origin === 'own' ? 'Own module' : label}</span>
        <span className={styles.partTitle}>{part.title}</span>
        {part.problems.length > 0 ? (
          <TriangleAlert className={styles.warning} aria-label={`${String(part.problems.length)} to look at`} />
        ) : null}
        <span className={styles.tokens}>{count.format(part.tokens)}</span>
        <code className={styles.version}>{part.version}</code>
      </button>
      {part.problems.map((problem) => (
        <p key={problem} className={styles.problem}>
          {problem}
        </p>
      ))}
      {isOpen && values.length > 0 ? (
        <dl className={styles.values}>
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === '' ? 'empty' : value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {isOpen ? <pre className={styles.text}>{text.slice(part.from, part.to).trim()}</pre> : null}
    </section>
  );
}
