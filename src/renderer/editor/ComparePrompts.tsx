import { Equal, PencilLine, SquareMinus, SquarePlus } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import { useMirror } from '#renderer/state/mirror.ts';
import { agentName } from '#renderer/state/run-words.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { reportFault } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import type { Prompt } from '#shared/contract/prompts.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';
import { comparePrompts, type ComparedPart } from '#shared/prompt/compare-prompts.ts';

import styles from './ComparePrompts.module.css';
import { PromptPreview, promptKinds } from './PromptPreview.tsx';

const nobody = ':nobody';
const count = new Intl.NumberFormat();

const states = {
  same: { icon: Equal, words: () => 'the same' },
  filled: { icon: PencilLine, words: () => 'other values' },
  changed: { icon: PencilLine, words: () => 'changed' },
  'only-left': { icon: SquareMinus, words: () => 'only on the left' },
  'only-right': { icon: SquarePlus, words: () => 'only on the right' },
} as const;

/** What a run was told, word for word; and beside it what another one was told, part by part. */
export function ComparePrompts({
  run,
  otherId,
  onClose,
}: {
  run: Run;
  otherId: RunId | null;
  onClose: () => void;
}): ReactNode {
  const runs = useMirror((mirror) => mirror.runs);
  const others = [...(runs?.values() ?? [])].filter((each) => each.id !== run.id && each.promptVersion !== null);
  const [chosen, setChosen] = useState<string>(otherId ?? nobody);
  const other = others.find(({ id }) => id === chosen) ?? null;
  const left = useSentPrompt(run.id);
  const right = useSentPrompt(other?.id ?? null);
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      flush
      title={`What “${run.spec.title}” was told`}
      description={`${agentName(run)} on ${run.branch}: the text as it was sent.`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className={styles.compare}>
        <div className={styles.choice}>
          <Select
            label="Compare with"
            size="sm"
            value={other?.id ?? nobody}
            reason={others.length === 0 ? 'There is no other run that was sent a prompt.' : null}
            options={[
              { value: nobody, label: 'Nothing: only show it' },
              ...others.map((each) => ({
                value: each.id,
                label: `${each.spec.title} · ${agentName(each)}`,
                description: each.branch,
              })),
            ]}
            onChange={setChosen}
          />
        </div>
        {!left || (other && !right) ? (
          <Loading label="Reading what was sent" />
        ) : other && right ? (
          <Compared left={left} right={right} leftName={run.branch} rightName={other.branch} />
        ) : (
          <PromptPreview prompt={left} isSent />
        )}
      </div>
    </Dialog>
  );
}

function Compared({
  left,
  right,
  leftName,
  rightName,
}: {
  left: Prompt;
  right: Prompt;
  leftName: string;
  rightName: string;
}): ReactNode {
  const parts = useMemo(() => comparePrompts(left, right), [left, right]);
  const [chosen, setChosen] = useState<string | null>(null);
  const part = parts.find(({ key }) => key === chosen) ?? parts.find(({ state }) => state !== 'same') ?? parts[0];
  const different = parts.filter(({ state }) => state !== 'same').length;
  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        <p className={styles.sum}>
          {different === 0
            ? 'They were told the same, to the letter.'
            : `${count.format(different)} of ${count.format(parts.length)} parts differ.`}{' '}
          About {count.format(left.tokens)} and {count.format(right.tokens)} tokens.
        </p>
        <ul className={styles.parts} aria-label="Parts of the two prompts">
          {parts.map((each) => (
            <li key={each.key}>
              <PartLine part={each} isChosen={each === part} onChoose={() => setChosen(each.key)} />
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.text}>
        <div className={styles.names}>
          <code>{leftName}</code>
          <code>{rightName}</code>
        </div>
        <div className={styles.diff}>
          {part ? (
            <DiffViewer
              original={part.left ?? ''}
              modified={part.right ?? ''}
              language="markdown"
              sideBySide
              label={`${promptKinds[part.kind].label} ${part.title} as both were told`}
            />
          ) : null}
        </div>
      </div>
    </div>
  );
}

function PartLine({
  part,
  isChosen,
  onChoose,
}: {
  part: ComparedPart;
  isChosen: boolean;
  onChoose: () => void;
}): ReactNode {
  const { icon: Icon, words } = states[part.state];
  return (
    <button
      type="button"
      className={classNames(styles.part, isChosen && styles.chosen)}
      data-state={part.state}
      aria-pressed={isChosen}
      onClick={onChoose}
    >
      <Icon aria-hidden />
      <span className={styles.title}>{part.title}</span>
      <span className={styles.kind}>
        {promptKinds[part.kind].label}, {words()}
      </span>
    </button>
  );
}

function useSentPrompt(id: RunId | null): Prompt | null {
  const [sent, setSent] = useState<{ id: RunId; prompt: Prompt } | null>(null);
  useEffect(() => {
    if (id === null) return undefined;
    let isStale = false;
    host.runs
      .prompt({ id })
      .then((answer) => {
        if (!isStale && answer.ok) setSent({ id, prompt: answer.value });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Read what was sent', error);
      });
    return () => {
      isStale = true;
    };
  }, [id]);
  return sent?.id === id ? sent.prompt : null;
}
