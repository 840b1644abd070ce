import { ArrowLeft, CircleDot, ClipboardPaste, FolderInput, FolderSearch, RefreshCw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useProject } from '#renderer/state/mirror.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform, reportFault } from '#renderer/ui/notify.ts';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { DraftOrigin, ForeignSpec, GhFailure, Issue } from '#shared/contract/imports.ts';
import { counted } from '#shared/counted.ts';
import { assertNever } from '#shared/result.ts';

import { DraftReview } from './DraftReview.tsx';
import { leftDrafts, startDrafts, withEdits, type EditedDraft } from './edited-drafts.ts';
import styles from './ImportDialog.module.css';
import { writeDrafts } from './write-drafts.ts';

type Origin = 'repository' | 'issues' | 'paste';

/** Specs from elsewhere: what there is, then what it would become, and only then files. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactNode {
  const project = useProject();
  const [origin, setOrigin] = useState<Origin>('repository');
  const [drafts, setDrafts] = useState<readonly EditedDraft[] | null>(() => {
    const left = leftDrafts.of(project.id);
    return left.length === 0 ? null : left;
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [pasted, setPasted] = useState('');

  const edit = (change: (drafts: readonly EditedDraft[]) => readonly EditedDraft[]): void => {
    setDrafts((before) => before && change(before));
  };
  useEffect(() => {
    if (drafts) leftDrafts.keep(project.id, drafts);
  }, [project.id, drafts]);
  const draft = (from: DraftOrigin): void => {
    perform('Read the spec', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const made = await host.imports.draft({ projectId: project.id, from });
        if (made.ok) setDrafts(withEdits(startDrafts(made.value), leftDrafts.of(project.id)));
        else if (made.error.kind === 'source-missing') setProblem(`${made.error.at} is not there any more.`);
        else setProblem(ghWords(made.error).text);
      } finally {
        setIsBusy(false);
      }
    });
  };
  const write = (): void => {
    perform('Write the specs', async () => {
      setIsBusy(true);
      try {
        if (drafts && (await writeDrafts({ projectId: project.id, of: project.id, drafts, edit }))) onClose();
      } finally {
        setIsBusy(false);
      }
    });
  };
  const wanted = drafts?.filter(({ isWanted, isTaken }) => isWanted && !isTaken).length ?? 0;
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      flush
      title="Specs from elsewhere"
      description={
        drafts
          ? 'This is what would be written into specs/. Edit it here, or leave out what you do not want.'
          : 'From Kiro and spec-kit in this repository, from issues on GitHub, or from a text. You see what it becomes before anything is written.'
      }
      footerStart={
        drafts ? (
          <Button variant="ghost" icon={<ArrowLeft />} onClick={() => setDrafts(null)}>
            Back
          </Button>
        ) : undefined
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {drafts ? (
            <Button
              variant="primary"
              busy={isBusy}
              reason={wanted === 0 ? 'Choose at least one that is not there yet.' : null}
              onClick={write}
            >
              Write {counted(wanted, 'spec')}
            </Button>
          ) : origin === 'paste' ? (
            <Button
              variant="primary"
              busy={isBusy}
              reason={pasted.trim() === '' ? 'Paste a text first.' : null}
              onClick={() => draft({ kind: 'pasted', text: pasted })}
            >
              See what it makes
            </Button>
          ) : null}
        </>
      }
    >
      {drafts ? (
        <DraftReview drafts={drafts} onChange={edit} />
      ) : (
        <div className={styles.choose}>
          <Segmented
            label="From where"
            value={origin}
            onChange={(next) => {
              setOrigin(next);
              setProblem(null);
            }}
            options={[
              { value: 'repository', label: 'In this repository', icon: <FolderInput /> },
              { value: 'issues', label: 'GitHub issues', icon: <CircleDot /> },
              { value: 'paste', label: 'Paste', icon: <ClipboardPaste /> },
            ]}
          />
          {problem ? <Callout tone="error">{problem} Nothing was written.</Callout> : null}
          {origin === 'repository' ? (
            <InRepository isBusy={isBusy} onChoose={draft} />
          ) : origin === 'issues' ? (
            <Issues isBusy={isBusy} onChoose={draft} />
          ) : (
            <TextField
              label="Markdown"
              hint="Front matter is optional. Several specs are told apart by their titles (# …), or by a line --- before a heading."
              value={pasted}
              lines={14}
              mono
              onChange={setPasted}
            />
          )}
        </div>
      )}
    </Dialog>
  );
}

interface ChooseProps {
  isBusy: boolean;
  onChoose: (from: DraftOrigin) => void;
}

const kindNames = { kiro: 'Kiro', 'spec-kit': 'spec-kit' } as const;

function InRepository({ isBusy, onChoose }: ChooseProps): ReactNode {
  const project = useProject();
  const [found, setFound] = useState<readonly ForeignSpec[] | null>(null);
  useEffect(() => {
    let isStale = false;
    host.imports
      .find({ projectId: project.id })
      .then((answer) => {
        if (!isStale && answer.ok) setFound(answer.value);
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Look for specs', error);
      });
    return () => {
      isStale = true;
    };
  }, [project.id]);
  if (found === null) return <Loading label="Looking for specs" />;
  if (found.length === 0) {
    return (
      <EmptyState compact icon={<FolderSearch />} title="There is nothing of Kiro or spec-kit here">
        They keep their specs in <code>.kiro/specs/*/</code> and in <code>specs/001-*/</code>. Those of this repository
        are found there.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.list} aria-label="Specs of other tools">
      {found.map(({ kind, at, title, acceptanceCount, slug }) => (
        <li key={at}>
          <div className={styles.what}>
            <strong>{title}</strong>
            <span className={styles.facts}>
              <Badge>{kindNames[kind]}</Badge> <code>{at}</code> · {counted(acceptanceCount, 'acceptance item')}
            </span>
            {slug ? <span className={styles.facts}>Taken over as specs/{slug}.md, and kept in step there.</span> : null}
          </div>
          <Button
            size="sm"
            reason={
              slug
                ? `It is specs/${slug}.md already. Open that one to see whether it is in step.`
                : isBusy
                  ? 'Reading…'
                  : null
            }
            onClick={() => onChoose({ kind, at })}
          >
            Look at it
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What to say when `gh` is missing or refuses. */
export function ghWords(failure: GhFailure): { title: string; text: string } {
  switch (failure.kind) {
    case 'gh-missing':
      return {
        title: 'GitHub’s command line tool is not there',
        text: 'Issues are read through `gh`, with your own login. Install it from cli.github.com, run `gh auth login` once, and look again.',
      };
    case 'gh-failed':
      return { title: 'GitHub’s command line tool refused', text: failure.message };
    default:
      return assertNever(failure);
  }
}

function Issues({ isBusy, onChoose }: ChooseProps): ReactNode {
  const project = useProject();
  const [answer, setAnswer] = useState<{ issues: readonly Issue[] } | { failure: GhFailure } | null>(null);
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState({ search: '', turn: 0 });
  useEffect(() => {
    let isStale = false;
    host.imports
      .issues({ projectId: project.id, search: asked.search })
      .then((found) => {
        if (!isStale) setAnswer(found.ok ? { issues: found.value } : { failure: found.error });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Read the issues', error);
      });
    return () => {
      isStale = true;
    };
  }, [project.id, asked]);
  const ask = (): void => {
    setAnswer(null);
    setAsked(({ turn }) => ({ search, turn: turn + 1 }));
  };
  return (
    <>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <TextField
          label="Search the issues"
          hideLabel
          size="sm"
          placeholder="Search as on GitHub: label:bug login"
          value={search}
          onChange={setSearch}
        />
        <Button size="sm" type="submit" icon={<RefreshCw />}>
          Look again
        </Button>
      </form>
      {answer === null ? (
        <Loading label="Asking GitHub" />
      ) : 'failure' in answer ? (
        <Callout tone="warning" title={ghWords(answer.failure).title}>
          {ghWords(answer.failure).text}
        </Callout>
      ) : answer.issues.length === 0 ? (
        <EmptyState compact icon={<CircleDot />} title="No open issue">
          {asked.search === '' ? 'This repository has none.' : 'None that this search finds.'}
        </EmptyState>
      ) : (
        <ul className={styles.list} aria-label="Open issues">
          {answer.issues.map(({ number, title, labels, slug }) => (
            <li key={number}>
              <div className={styles.what}>
                <strong>{title}</strong>
                <span className={styles.facts}>
                  #{number}
                  {labels.map((label) => (
                    <Badge key={label}>{label}</Badge>
                  ))}
                  {slug ? `Taken over as specs/${slug}.md.` : null}
                </span>
              </div>
              <Button
                size="sm"
                reason={slug ? `It is specs/${slug}.md already.` : isBusy ? 'Reading…' : null}
                onClick={() => onChoose({ kind: 'github', issue: number })}
              >
                Look at it
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
