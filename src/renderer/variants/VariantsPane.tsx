import { Columns3, Layers } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';

import { registerCommands } from '#renderer/state/commands.ts';
import { useMirror, useProject, useSpec } from '#renderer/state/mirror.ts';
import { variantNames } from '#renderer/state/variants-of.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import type { VariantsState } from '#shared/contract/variants.ts';
import { counted } from '#shared/counted.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { KeepVariantDialog } from './KeepVariantDialog.tsx';
import { choose, useChosen, type Chosen } from './chosen.ts';
import { preferring, takeSum, withPick } from './picks.ts';
import { SidesView } from './SidesView.tsx';
import { columnFor, sidesOf, stepColumn, type Against } from './sides.ts';
import { TakeFilesDialog } from './TakeFilesDialog.tsx';
import { whyNotTake } from './take-obstacle.ts';
import { useVariants } from './use-variants.ts';
import { filesOf, stepRow, variantRows } from './variant-rows.ts';
import type { Column } from './column.ts';
import { VariantsTable } from './VariantsTable.tsx';
import styles from './VariantsPane.module.css';

/** All runs of one spec beside each other: what they made of each file, which one to keep, or which files of several. */
export function VariantsPane({ slug }: { slug: SpecSlug }): ReactNode {
  const { id } = useProject();
  const state = useVariants(id, slug);
  const spec = useSpec(slug);
  const runs = useMirror((mirror) => mirror.runs);
  const columns = useMemo(() => columnsOf(state, runs), [state, runs]);
  const title = spec?.title ?? columns[0]?.run.spec.title ?? slug;
  if (state === null || (state.at === null && state.unavailable === null)) {
    return <Loading label="Comparing the variants" />;
  }
  if (state.unavailable !== null) {
    return (
      <EmptyState icon={<Columns3 />} title="The variants cannot be compared">
        {state.unavailable}
      </EmptyState>
    );
  }
  if (columns.length < 2) return <TooFew slug={slug} title={title} state={state} canSpawn={spec !== null} />;
  return <Comparison slug={slug} title={title} state={state} columns={columns} />;
}

/** The variants that the mirror knows, in the host's order. One that was deleted just now is in one of the two only. */
function columnsOf(state: VariantsState | null, runs: ReadonlyMap<RunId, Column['run']> | null): readonly Column[] {
  const present = (state?.variants ?? []).flatMap((variant, index) => {
    const run = runs?.get(variant.runId);
    return run ? [{ variant, run, index }] : [];
  });
  const names = variantNames(present.map(({ run }) => run));
  return present.map((column) => ({ ...column, name: names.get(column.run.id) ?? column.run.agent.label }));
}

interface TooFewProps {
  slug: SpecSlug;
  title: string;
  state: VariantsState;
  canSpawn: boolean;
}

function TooFew({ slug, title, state, canSpawn }: TooFewProps): ReactNode {
  const view = useView.getState();
  const [only] = state.variants;
  const others = state.discarded === 0 ? '' : ` ${counted(state.discarded, 'discarded run')} of it are left out.`;
  return (
    <EmptyState
      icon={<Columns3 />}
      title={only ? 'Only one run of this spec' : 'No runs of this spec'}
      actions={
        <>
          <Button
            variant="primary"
            reason={canSpawn ? null : 'The spec was renamed or deleted since.'}
            onClick={() => {
              view.openDialog({ kind: 'spawn', slugs: [slug] });
            }}
          >
            Spawn another
          </Button>
          {only ? (
            <Button
              onClick={() => {
                view.showReview(only.runId);
              }}
            >
              Review this one
            </Button>
          ) : null}
        </>
      }
    >
      Two or more runs of “{title}” can be compared: several agents, or the same one several times. Spawn another run,
      and this shows what they agree in, what only one of them touched, and where they really disagree.{others}
    </EmptyState>
  );
}

interface ComparisonProps {
  slug: SpecSlug;
  title: string;
  state: VariantsState;
  columns: readonly Column[];
}

function Comparison({ slug, title, state, columns }: ComparisonProps): ReactNode {
  const { id } = useProject();
  const { files, variants } = state;
  const [filter, setFilter] = useState('');
  const { path, looked, picks } = useChosen(id, slug);
  const change = useCallback((next: (before: Chosen) => Partial<Chosen>) => choose(id, slug, next), [id, slug]);
  const [against, setAgainst] = useState<Against | undefined>(undefined);
  const [dialog, setDialog] = useState<{ kind: 'keep'; runId: RunId } | { kind: 'take' } | null>(null);
  const rows = useMemo(() => variantRows(files, filter), [files, filter]);
  const shown = useMemo(() => filesOf(rows), [rows]);
  const file = shown.find((each) => each.path === path) ?? shown[0] ?? null;
  const column = file ? columnFor(file, variants, looked) : -1;
  const sum = useMemo(() => takeSum(files, variants, picks), [files, variants, picks]);
  const obstacle = whyNotTake(
    state,
    sum,
    (runId) => columns.find(({ run }) => run.id === runId)?.name ?? 'one variant',
  );

  const select = useCallback(
    (nextPath: string, index: number | null) => {
      change(() => ({ path: nextPath, ...(index === null ? {} : { looked: variants[index]?.runId ?? null }) }));
    },
    [change, variants],
  );
  const pick = useCallback(
    (pickedPath: string, index: number) => {
      const picked = files.find((each) => each.path === pickedPath);
      if (picked?.obstacle !== null) return;
      change((before) => ({ picks: withPick(before.picks, picked, variants, index) }));
    },
    [change, files, variants],
  );
  const closeDialog = useCallback(() => {
    setDialog(null);
  }, []);

  useEffect(() => {
    const step = (steps: number): void => {
      change(() => ({ path: stepRow(shown, file?.path ?? null, steps)?.path ?? null }));
    };
    const move = (steps: 1 | -1): void => {
      change(() => ({ looked: variants[stepColumn(variants, column, steps)]?.runId ?? null }));
    };
    const noFile = (): string | null => (file === null ? 'There is no file.' : null);
    const lookedAt = variants[column];
    const commands = registerCommands([
      { id: 'variants.nextFile', reason: noFile, run: () => step(1) },
      { id: 'variants.previousFile', reason: noFile, run: () => step(-1) },
      { id: 'variants.nextVariant', reason: noFile, run: () => move(1) },
      { id: 'variants.previousVariant', reason: noFile, run: () => move(-1) },
      {
        id: 'variants.pick',
        reason: () => noFile() ?? file?.obstacle ?? null,
        run: () => {
          if (file) pick(file.path, column);
        },
      },
      {
        id: 'variants.keep',
        reason: () => (lookedAt ? null : 'There is no variant to keep.'),
        run: () => {
          if (lookedAt) setDialog({ kind: 'keep', runId: lookedAt.runId });
        },
      },
      { id: 'variants.take', reason: () => obstacle, run: () => setDialog({ kind: 'take' }) },
    ]);
    return () => {
      commands.dispose();
    };
  }, [shown, file, column, variants, change, pick, obstacle]);

  const kept = dialog?.kind === 'keep' ? columns.find(({ run }) => run.id === dialog.runId) : undefined;
  return (
    <div className={styles.pane}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1 className={styles.title} title={title} dir="auto">
            {title}
          </h1>
          <p className={styles.sum} role="status">
            {counted(columns.length, 'variant')} · {sumWords(state)}
          </p>
        </div>
        <Button
          size="sm"
          variant="primary"
          icon={<Layers />}
          keys={keysOf('variants.take')}
          reason={obstacle}
          onClick={() => {
            setDialog({ kind: 'take' });
          }}
        >
          Take files…
        </Button>
      </header>
      <Notes state={state} columns={columns} />
      <div className={styles.body}>
        <SplitPane
          id="variants"
          direction="column"
          parts={[
            {
              id: 'table',
              minSize: 140,
              defaultSize: '52%',
              content: (
                <VariantsTable
                  columns={columns}
                  rows={rows}
                  variants={variants}
                  picks={picks}
                  filter={filter}
                  onFilter={setFilter}
                  selected={file?.path ?? null}
                  column={column}
                  onSelect={select}
                  onPick={pick}
                  onPrefer={(index) => {
                    change((before) => ({ picks: preferring(before.picks, files, variants, index) }));
                  }}
                  onKeep={(runId) => {
                    setDialog({ kind: 'keep', runId });
                  }}
                />
              ),
            },
            {
              id: 'sides',
              minSize: 120,
              content: file ? (
                <SidesView
                  key={file.path}
                  projectId={id}
                  slug={slug}
                  file={file}
                  columns={columns}
                  sides={sidesOf(file, variants, column, against)}
                  onLeft={setAgainst}
                  onRight={(right) => {
                    change(() => ({ looked: right }));
                  }}
                />
              ) : (
                <NoFile isFiltered={files.length > 0} />
              ),
            },
          ]}
        />
      </div>
      {kept ? (
        <KeepVariantDialog
          run={kept.run}
          name={kept.name}
          others={columns.filter(({ run }) => run.id !== kept.run.id)}
          onClose={closeDialog}
        />
      ) : null}
      {dialog?.kind === 'take' ? (
        <TakeFilesDialog slug={slug} state={state} columns={columns} picks={picks} sum={sum} onClose={closeDialog} />
      ) : null}
    </div>
  );
}

function sumWords({ files, omittedFiles }: VariantsState): string {
  const count = (...kinds: readonly string[]): number =>
    files.filter(({ agreement }) => kinds.includes(agreement)).length;
  if (files.length === 0) return 'no changed files yet';
  const disagree = count('disagree');
  const words = [
    disagree === 0 ? 'no file in which they disagree' : `they disagree in ${counted(disagree, 'file')}`,
    `${counted(count('only-one'), 'file')} only one touched`,
    `${counted(count('same'), 'file')} the same in all`,
    ...(omittedFiles > 0 ? [`${String(omittedFiles)} more files are not listed`] : []),
  ];
  return words.join(' · ');
}

/** What is to be known before anybody trusts the comparison. */
function Notes({ state, columns }: { state: VariantsState; columns: readonly Column[] }): ReactNode {
  const leftOut = columns.filter(({ variant }) => variant.leftOut !== null);
  const notes = [
    ...(state.haveSameStart
      ? []
      : [
          'They did not all begin at the same commit. Each is compared with where it began itself, so that what the base had got meanwhile counts for nobody. What is taken begins at the latest commit that they have in common.',
        ]),
    ...leftOut.map(({ name, variant }) => `${name}: ${variant.leftOut ?? ''}`),
    ...(state.discarded > 0
      ? [`${counted(state.discarded, 'discarded run')} of this spec ${state.discarded === 1 ? 'is' : 'are'} left out.`]
      : []),
  ];
  if (notes.length === 0) return null;
  return (
    <div className={styles.notes}>
      {notes.map((note) => (
        <Callout key={note} compact>
          {note}
        </Callout>
      ))}
    </div>
  );
}

function NoFile({ isFiltered }: { isFiltered: boolean }): ReactNode {
  return isFiltered ? (
    <EmptyState compact title="No file with that name">
      No changed file of any variant fits the filter. Clear it to see all.
    </EmptyState>
  ) : (
    <EmptyState compact title="No changes yet">
      Files appear here as the agents write them, committed or not.
    </EmptyState>
  );
}
