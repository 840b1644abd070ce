import { lazy, Suspense, useEffect, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';

import { InboxPane } from '#renderer/attention/InboxPane.tsx';
import { BoardColumn } from '#renderer/board/BoardColumn.tsx';
import { ContinueDialog } from '#renderer/board/ContinueDialog.tsx';
import { DeleteSpecDialog } from '#renderer/board/DeleteSpecDialog.tsx';
import { OpenInDialog } from '#renderer/board/OpenInDialog.tsx';
import { RemoveRunDialog } from '#renderer/board/RemoveRunDialog.tsx';
import { SpecTitleDialog } from '#renderer/board/SpecTitleDialog.tsx';
import { FiguresPane } from '#renderer/figures/FiguresPane.tsx';
import { TerminalGrid } from '#renderer/grid/TerminalGrid.tsx';
import { loadMonaco } from '#renderer/monaco/load-monaco.ts';
import { RadarPane } from '#renderer/radar/RadarPane.tsx';
import { SearchPane } from '#renderer/search/SearchPane.tsx';
import { useRun, useSpec } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Loading } from '#renderer/ui/Loading.tsx';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';

import { AttentionBadge } from './AttentionBadge.tsx';
import { CentreTabs } from './CentreTabs.tsx';
import { FaultBoundary } from './FaultBoundary.tsx';
import { keepFocusInCentre } from './focus-sides.ts';
import { MachineNotice } from './MachineNotice.tsx';
import { ProjectNotices } from './ProjectNotices.tsx';
import { SeveralBar } from './SeveralBar.tsx';
import { SeveralMessageDialog } from './SeveralMessageDialog.tsx';
import { SetUpDialog } from './SetUpDialog.tsx';
import { SnapshotsDialog } from './SnapshotsDialog.tsx';
import { TitleBar } from './TitleBar.tsx';
import { TrustDialog } from './TrustDialog.tsx';
import { WhyLineDialog } from './WhyLineDialog.tsx';
import { useEditorsAhead } from './use-editors-ahead.ts';
import { useProjectCommands } from './use-project-commands.ts';
import { Welcome } from './Welcome.tsx';
import styles from './Workbench.module.css';

/** A part with an editor in it. Monaco is large: it comes first, and only when such a part is shown, or while the page rests. */
const withEditor = <P,>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> =>
  lazy(async () => {
    await loadMonaco();
    return { default: await load() };
  });

const importReview = () => import('#renderer/review/ReviewPane.tsx');
const ReviewPane = withEditor(async () => (await importReview()).ReviewPane);
const SpecEditor = withEditor(async () => (await import('#renderer/editor/SpecEditor.tsx')).SpecEditor);
const FilePane = withEditor(async () => (await import('#renderer/file/FilePane.tsx')).FilePane);
const PromptsScreen = withEditor(async () => (await import('#renderer/editor/PromptsScreen.tsx')).PromptsScreen);
const SplitDrafts = withEditor(async () => (await import('#renderer/editor/SplitDrafts.tsx')).SplitDrafts);
const ComparePrompts = withEditor(async () => (await import('#renderer/editor/ComparePrompts.tsx')).ComparePrompts);
const VariantsPane = withEditor(async () => (await import('#renderer/variants/VariantsPane.tsx')).VariantsPane);
const SpawnDialog = lazy(async () => ({ default: (await import('#renderer/editor/SpawnDialog.tsx')).SpawnDialog }));
const ImportDialog = lazy(async () => ({ default: (await import('#renderer/editor/ImportDialog.tsx')).ImportDialog }));
const SplitDialog = lazy(async () => ({ default: (await import('#renderer/editor/SplitDialog.tsx')).SplitDialog }));
const PullRequestDialog = lazy(async () => ({
  default: (await import('#renderer/review/PullRequestDialog.tsx')).PullRequestDialog,
}));

/** A project on screen: the board, the centre, and the dialogs that belong to a project. */
export function Workbench(): ReactNode {
  useProjectCommands();
  useEditorsAhead(importReview);
  return (
    <div className={styles.workbench}>
      <AttentionBadge />
      <TitleBar />
      <ProjectNotices />
      <MachineNotice />
      <div className={styles.body}>
        <SplitPane
          id="workbench"
          parts={[
            {
              id: 'board',
              content: (
                <FaultBoundary place="the board">
                  <BoardColumn />
                </FaultBoundary>
              ),
              defaultSize: 308,
              minSize: 232,
              maxSize: 520,
              keepsPixels: true,
            },
            { id: 'centre', content: <Centre />, minSize: 420 },
          ]}
        />
      </div>
      <ProjectDialogs />
    </div>
  );
}

function Centre(): ReactNode {
  const centre = useView((view) => view.centre);
  const hasTerminals = useView((view) => view.grid.runIds.length > 0);
  const place = {
    welcome: 'the start',
    grid: 'the terminals',
    inbox: 'the inbox',
    figures: 'the figures',
    radar: 'the radar',
    prompts: 'the prompts',
    spec: 'the spec',
    review: 'the review',
    variants: 'the variants',
    search: 'the search',
    file: 'the file',
  }[centre.kind];
  const key =
    centre.kind === 'spec' || centre.kind === 'variants'
      ? `${centre.kind} ${centre.slug}`
      : centre.kind === 'review'
        ? centre.runId
        : centre.kind === 'file'
          ? centre.path
          : centre.kind;
  useEffect(keepFocusInCentre, [key]);
  return (
    <main className={styles.centre} aria-label={place}>
      <CentreTabs />
      <SeveralBar />
      <div className={styles.stage} data-centre={centre.kind} tabIndex={-1}>
        <FaultBoundary key={key} place={place}>
          <Suspense fallback={<Loading label="Loading" />}>
            {centre.kind === 'spec' ? (
              <SpecEditor key={centre.slug} slug={centre.slug} />
            ) : centre.kind === 'review' ? (
              <ReviewPane key={centre.runId} runId={centre.runId} />
            ) : centre.kind === 'variants' ? (
              <VariantsPane key={centre.slug} slug={centre.slug} />
            ) : centre.kind === 'inbox' ? (
              <InboxPane />
            ) : centre.kind === 'figures' ? (
              <FiguresPane />
            ) : centre.kind === 'radar' ? (
              <RadarPane />
            ) : centre.kind === 'search' ? (
              <SearchPane />
            ) : centre.kind === 'file' ? (
              <FilePane key={`${centre.runId}:${centre.path}`} runId={centre.runId} path={centre.path} />
            ) : centre.kind === 'prompts' ? (
              <PromptsScreen />
            ) : hasTerminals ? (
              <TerminalGrid />
            ) : (
              <Welcome />
            )}
          </Suspense>
        </FaultBoundary>
      </div>
    </main>
  );
}

/** Shows the project's dialog that was asked for. What it is about may have gone meanwhile: then there is none. */
function ProjectDialogs(): ReactNode {
  const dialog = useView((view) => view.dialog);
  const close = useView((view) => view.closeDialog);
  const run = useRun(dialog && 'runId' in dialog ? dialog.runId : null);
  const spec = useSpec(dialog && 'slug' in dialog ? dialog.slug : null);
  switch (dialog?.kind) {
    case 'spawn':
      return (
        <Suspense fallback={null}>
          <SpawnDialog open slugs={dialog.slugs} onClose={close} />
        </Suspense>
      );
    case 'import':
      return (
        <Suspense fallback={null}>
          <ImportDialog onClose={close} />
        </Suspense>
      );
    case 'split':
      return spec ? (
        <Suspense fallback={null}>
          <SplitDialog spec={spec} onClose={close} />
        </Suspense>
      ) : null;
    case 'split-drafts':
      return run ? (
        <Suspense fallback={null}>
          <SplitDrafts run={run} onClose={close} />
        </Suspense>
      ) : null;
    case 'compare-prompts':
      return run ? (
        <Suspense fallback={null}>
          <ComparePrompts run={run} otherId={dialog.otherId} onClose={close} />
        </Suspense>
      ) : null;
    case 'new-spec':
      return <SpecTitleDialog slug={null} onClose={close} />;
    case 'rename-spec':
      return spec ? <SpecTitleDialog slug={spec.slug} onClose={close} /> : null;
    case 'delete-spec':
      return spec ? <DeleteSpecDialog spec={spec} onClose={close} /> : null;
    case 'remove-run':
      return run ? <RemoveRunDialog run={run} onClose={close} /> : null;
    case 'open-in':
      return run ? <OpenInDialog run={run} onClose={close} /> : null;
    case 'continue-with':
      return run ? <ContinueDialog run={run} onClose={close} /> : null;
    case 'pull-request':
      return run ? (
        <Suspense fallback={null}>
          <PullRequestDialog run={run} onClose={close} />
        </Suspense>
      ) : null;
    case 'set-up':
      return <SetUpDialog onClose={close} />;
    case 'trust':
      return <TrustDialog onClose={close} />;
    case 'snapshots':
      return <SnapshotsDialog onClose={close} />;
    case 'why-line':
      return run ? (
        <WhyLineDialog runId={run.id} path={dialog.path} line={dialog.line} side={dialog.side} onClose={close} />
      ) : null;
    case 'message-several':
      return <SeveralMessageDialog onClose={close} />;
    case 'settings':
    case 'keys':
    case 'palette':
    case undefined:
      return null; // these belong to the app and are shown there
  }
}
