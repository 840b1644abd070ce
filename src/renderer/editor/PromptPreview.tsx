import { ChevronRight, FileText, ListChecks, Puzzle, ShieldCheck } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Badge } from '#renderer/ui/Badge.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Prompt, PromptPart } from '#shared/contract/prompts.ts';

import styles from './PromptPreview.module.css';

const kinds = {
  invariant: { label: 'Invariant', icon: ShieldCheck },
  module: { label: 'Module', icon: Puzzle },
  spec: { label: 'Spec', icon: FileText },
  task: { label: 'Task', icon: ListChecks },
} as const;

const count = new Intl.NumberFormat();

/** The exact text that an agent is sent, part by part, each with its version and size. */
export function PromptPreview({ prompt, note }: { prompt: Prompt | null; note?: string | undefined }): ReactNode {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  if (!prompt) return <EmptyState compact title="Composing the prompt…" />;
  const toggle = (key: string): void => {
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  };
  return (
    <div className={styles.preview}>
      <header className={styles.head}>
        <span className={styles.title}>Prompt</span>
        <Tooltip content="An estimate, made with one tokeniser for all; models count a little differently.">
          <Badge>about {count.format(prompt.tokens)} tokens</Badge>
        </Tooltip>
        <Tooltip content="The version of this exact text: the start of its SHA-256.">
          <code className={styles.version}>{prompt.version}</code>
        </Tooltip>
      </header>
      {note ? <p className={styles.note}>{note}</p> : null}
      {prompt.problems.length > 0 ? (
        <div className={styles.problems}>
          <Callout tone="warning" title="Look at this before you send it">
            <ul>
              {prompt.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Callout>
        </div>
      ) : null}
      <div className={styles.parts}>
        {prompt.parts.map((part) => {
          const key = `${part.kind}:${part.id}`;
          return (
            <Part key={key} part={part} text={prompt.text} isOpen={!closed.has(key)} onToggle={() => toggle(key)} />
          );
        })}
      </div>
    </div>
  );
}

interface PartProps {
  part: PromptPart;
  text: string;
  isOpen: boolean;
  onToggle: () => void;
}

function Part({ part, text, isOpen, onToggle }: PartProps): ReactNode {
  const { label, icon: Icon } = kinds[part.kind];
  return (
    <section className={styles.part} aria-label={`${label}: ${part.title}`}>
      <button type="button" className={styles.partHead} aria-expanded={isOpen} onClick={onToggle}>
        <ChevronRight className={classNames(styles.chevron, isOpen && styles.open)} aria-hidden />
        <Icon className={styles.icon} aria-hidden />
        <span className={styles.kind}>{label}</span>
        <span className={styles.partTitle}>{part.title}</span>
        <span className={styles.tokens}>{count.format(part.tokens)}</span>
        <code className={styles.version}>{part.version}</code>
      </button>
      {isOpen ? <pre className={styles.text}>{text.slice(part.from, part.to).trim()}</pre> : null}
    </section>
  );
}
