import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import { useProject } from '#renderer/state/mirror.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import { assertNever } from '#shared/result.ts';

import { ghWords } from './ImportDialog.tsx';
import styles from './SpecEditor.module.css';

type Source = NonNullable<SpecSummary['source']>;

/** Where a spec was taken from, as a person would name it. */
export const sourceName = ({ kind, at }: Pick<Source, 'kind' | 'at'>): string =>
  kind === 'github' ? `issue #${at}` : at;

interface Compared {
  text: string;
  version: string;
  isInStep: boolean;
  takenOver: string;
  kept: string;
}

/** A spec whose source says something else by now: how they differ, and what to do about it. Nothing happens by itself. */
export function SourceNotice({
  spec,
  source,
  isDirty,
}: {
  spec: SpecSummary;
  source: Source;
  isDirty: boolean;
}): ReactNode {
  const project = useProject();
  const [compared, setCompared] = useState<Compared | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const { slug } = spec;
  const name = sourceName(source);
  const unsaved = isDirty ? 'Save your edits first.' : null;

  const compare = (): void => {
    perform('Compare the spec with its source', async () => {
      setIsBusy(true);
      try {
        const answer = await host.imports.compare({ projectId: project.id, slug });
        if (answer.ok) {
          if (answer.value.isInStep) notify.info({ title: `It is in step with ${name}` });
          else setCompared(answer.value);
          return;
        }
        switch (answer.error.kind) {
          case 'spec-missing':
          case 'no-source':
            return;
          case 'broken-front-matter':
            notify.warn({ title: 'Its front matter is broken', description: 'Mend it first. Nothing was changed.' });
            return;
          case 'source-missing':
            notify.warn({ title: `${name} is not there any more`, description: 'The spec stays as it is.' });
            return;
          case 'gh-missing':
          case 'gh-failed': {
            const { title, text } = ghWords(answer.error);
            notify.warn({ title, description: text });
            return;
          }
          default:
            assertNever(answer.error);
        }
      } finally {
        setIsBusy(false);
      }
    });
  };
  const save = (text: string): void => {
    if (!compared) return;
    perform('Save the spec', async () => {
      const saved = await host.specs.save({ projectId: project.id, slug, text, version: compared.version });
      if (saved.ok) {
        setCompared(null);
        const former = compared.text;
        notify.success({
          title: `In step with ${name}`,
          description: text === compared.kept ? 'Your text was kept.' : 'Its text and its acceptance were taken over.',
          action: {
            label: 'Undo',
            run: () => {
              perform('Take the change back', async () => {
                const { version } = saved.value;
                const back = await host.specs.save({ projectId: project.id, slug, text: former, version });
                if (back.ok) return;
                notify.warn({
                  title: 'The change was not taken back',
                  description:
                    back.error.kind === 'changed-on-disk'
                      ? 'The spec has changed since, and was left as it is.'
                      : back.error.message,
                });
              });
            },
          },
        });
      } else if (saved.error.kind === 'changed-on-disk') {
        notify.warn({ title: 'The spec has changed meanwhile', description: 'Nothing was written. Compare again.' });
      } else notify.error({ title: 'The spec could not be saved', description: saved.error.message });
    });
  };
  return (
    <div className={styles.notice}>
      {source.state === 'changed' ? (
        <Callout
          tone="warning"
          title={`${name} has changed since this spec was taken from it`}
          actions={
            <Button size="sm" busy={isBusy} reason={unsaved} onClick={compare}>
              See the difference
            </Button>
          }
        >
          Nothing was overwritten. You choose whether to take the change over or to keep this text.
        </Callout>
      ) : source.state === 'gone' ? (
        <Callout compact tone="info">
          {name}, from which this spec was taken, is not there any more. The spec stands for itself.
        </Callout>
      ) : (
        <p className={styles.source}>
          <span>
            From <code>{name}</code>
            {source.state === 'in-step' ? ', and in step with it.' : '.'}
          </span>
          {source.state === 'unknown' ? (
            <Button size="sm" variant="ghost" busy={isBusy} reason={unsaved} onClick={compare}>
              Look whether it has changed
            </Button>
          ) : null}
        </p>
      )}
      <Dialog
        open={compared !== null}
        onClose={() => setCompared(null)}
        title={`“${spec.title}” and ${name}`}
        description="On the left the spec as it is; on the right as it would be. Agents, prompts, footprint, checks and what it comes after stay yours."
        size="xl"
        flush
        footer={
          <>
            <Button onClick={() => setCompared(null)}>Decide later</Button>
            <Button onClick={() => compared && save(compared.kept)}>Keep mine</Button>
            <Button variant="primary" onClick={() => compared && save(compared.takenOver)}>
              Take over
            </Button>
          </>
        }
      >
        <div className={styles.compare}>
          {compared ? (
            <DiffViewer
              original={compared.text}
              modified={compared.takenOver}
              language="markdown"
              sideBySide
              label="What would change"
            />
          ) : null}
        </div>
      </Dialog>
    </div>
  );
}
