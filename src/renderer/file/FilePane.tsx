import { Copy, FileX, MessageCircleQuestion, RefreshCw, SquareTerminal } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import type { monaco } from '#renderer/monaco/monaco.ts';
import { TextViewer } from '#renderer/monaco/TextViewer.tsx';
import { registerCommands } from '#renderer/state/commands.ts';
import { useRun } from '#renderer/state/mirror.ts';
import { copyText, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { useTargets } from '#renderer/state/targets.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { reportFault } from '#renderer/ui/notify.ts';
import { fileLimitBytes, type RunFile } from '#shared/contract/files.ts';
import type { RunId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

import styles from './FilePane.module.css';

type Loaded = { kind: 'loading' } | { kind: 'not-there' } | { kind: 'file'; file: RunFile };

/** A file of a run's worktree as it is now, to be read. */
export function FilePane({ runId, path }: { runId: RunId; path: string }): ReactNode {
  const run = useRun(runId);
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  const [times, setTimes] = useState(0);
  const target = useTargets((targets) => targets.file);
  const place = useMemo(
    () =>
      target?.runId === runId && target.path === path && target.line !== null
        ? { line: target.line, column: target.column ?? 1 }
        : null,
    [target, runId, path],
  );
  useEffect(() => {
    let isStale = false;
    host.files
      .read({ id: runId, path })
      .then((answer) => {
        if (!isStale) setLoaded(answer.ok ? { kind: 'file', file: answer.value } : { kind: 'not-there' });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Load the file', error);
      });
    return () => {
      isStale = true;
    };
    // A link that is followed again asks for the file as it is by then.
  }, [runId, path, times, target]);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const isText = loaded.kind === 'file' && loaded.file.kind === 'text';
  const whyNoLines = isText ? null : 'There are no lines on screen.';
  const askWhy = useCallback(() => {
    const line = editor.current?.getPosition()?.lineNumber ?? 1;
    useView.getState().openDialog({ kind: 'why-line', runId, path, line, side: 'after' });
  }, [runId, path]);
  useEffect(() => {
    const commands = registerCommands([{ id: 'review.why', reason: () => whyNoLines, run: askWhy }]);
    return () => {
      commands.dispose();
    };
  }, [askWhy, whyNoLines]);
  const reload = useCallback(() => {
    setTimes((count) => count + 1);
  }, []);
  return (
    <section className={styles.pane} aria-label={path}>
      <header className={styles.bar}>
        <span className={styles.path}>
          <MiddleTruncate text={path} tail={32} mono />
        </span>
        <Badge quiet>read only</Badge>
        <span className={styles.note}>{run ? `as it is in the worktree of “${run.spec.title}”` : ''}</span>
        <div className={styles.tools}>
          <IconButton
            size="sm"
            label="Why is this line here?"
            keys={keysOf('review.why')}
            icon={<MessageCircleQuestion />}
            reason={whyNoLines}
            onClick={askWhy}
          />
          <IconButton size="sm" label="Read it again" icon={<RefreshCw />} onClick={reload} />
          <IconButton
            size="sm"
            label="Copy the path"
            icon={<Copy />}
            onClick={() => {
              copyText('path', path);
            }}
          />
          <Button
            size="sm"
            variant="ghost"
            icon={<SquareTerminal />}
            reason={run ? whyNoTerminal(run) : 'This run is no longer there.'}
            onClick={() => {
              useView.getState().openTerminal(runId);
            }}
          >
            Terminal
          </Button>
        </div>
      </header>
      <div className={styles.content}>
        <Content
          path={path}
          loaded={loaded}
          place={place}
          onReload={reload}
          onText={(made) => {
            editor.current = made;
          }}
        />
      </div>
    </section>
  );
}

interface ContentProps {
  path: string;
  loaded: Loaded;
  place: { line: number; column: number } | null;
  onReload: () => void;
  onText: (editor: monaco.editor.IStandaloneCodeEditor) => void;
}

function Content({ path, loaded, place, onReload, onText }: ContentProps): ReactNode {
  if (loaded.kind === 'loading') return <Loading label="Loading the file" />;
  if (loaded.kind === 'not-there') {
    return (
      <EmptyState
        icon={<FileX />}
        title="This file is not there"
        actions={<Button onClick={onReload}>Look again</Button>}
      >
        It was moved or deleted since it was named, or its worktree is gone.
      </EmptyState>
    );
  }
  const { file } = loaded;
  switch (file.kind) {
    case 'text':
      return (
        <TextViewer text={file.text} language={file.language} tone={null} label={path} place={place} onMount={onText} />
      );
    case 'binary':
      return (
        <EmptyState icon={<FileX />} title="Not a text file">
          {megabytes(file.bytes)}. Its content was not loaded.
        </EmptyState>
      );
    case 'huge':
      return (
        <EmptyState icon={<FileX />} title="Too large to be shown">
          It has {megabytes(file.bytes)}; files up to {megabytes(fileLimitBytes)} are shown. Its content was not loaded.
          The terminal is the place to look into it.
        </EmptyState>
      );
    default:
      return assertNever(file);
  }
}

const megabytes = (bytes: number): string =>
  bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
