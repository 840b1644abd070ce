import { FolderOpen, Play } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { clearFailure, openProject, startOpening, useSession } from '#renderer/state/session.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import type { RecentProject } from '#shared/contract/projects.ts';

import { OpenFailureCallout } from './OpenFailureCallout.tsx';
import { PathField } from './PathField.tsx';
import { RecentList } from './RecentList.tsx';
import styles from './StartScreen.module.css';
import { UnsavedEdits } from './UnsavedEdits.tsx';
import { useFolderDrop } from './use-folder-drop.ts';

/** No project is open: choose one, or look around in the demo. */
export function StartScreen(): ReactNode {
  const info = useMirror((mirror) => mirror.info);
  const { opening, failure } = useSession();
  const [path, setPath] = useState('');
  const [dropHint, setDropHint] = useState<string | null>(null);
  const [isMakingDemo, setIsMakingDemo] = useState(false);
  const { recents, forget } = useRecents();
  const screen = useRef<HTMLElement>(null);

  const open = (wish: string): void => {
    setDropHint(null);
    startOpening(wish);
  };
  const browse = (): void => {
    perform('Choose a folder', async () => {
      const chosen = await host.host.chooseFolder({ title: 'Open a repository' });
      if (chosen.ok && chosen.value !== null) {
        setPath(chosen.value);
        await openProject(chosen.value);
      } else if (!chosen.ok)
        notify.info({ title: 'Write the path instead', description: 'There is no folder dialog here.' });
    });
  };
  const openDemo = (): void => {
    perform('Make the demo', async () => {
      setIsMakingDemo(true);
      try {
        const made = await host.projects.createDemo({});
        if (made.ok) await openProject(made.value.path);
        else
          notify.error({
            title: 'The demo could not be made',
            description: `${made.error.path} cannot be written: ${made.error.message}. Nothing else was changed.`,
          });
      } finally {
        setIsMakingDemo(false);
      }
    });
  };
  const chooseAnother = (): void => {
    clearFailure();
    if (info?.kind === 'desktop') browse();
    else screen.current?.querySelector('input')?.select();
  };
  const isOver = useFolderDrop(info?.kind ?? 'headless', (dropped) => {
    if (dropped.kind === 'path') {
      setPath(dropped.path);
      open(dropped.path);
    } else setDropHint(dropped.hint);
  });

  return (
    <main ref={screen} className={classNames(styles.screen, isOver && styles.over)}>
      <div className={styles.content}>
        <header className={styles.head}>
          <h1 className={styles.title}>Switchyard</h1>
          <p className={styles.lead}>
            Many agents at once on one Git repository, each with its own spec, branch and terminal. You decide what is
            kept.
          </p>
        </header>

        <section className={styles.section} aria-label="Open a repository">
          <PathField value={path} onChange={setPath} onOpen={open} busy={opening !== null} />
          <div className={styles.more}>
            {info?.kind === 'desktop' ? (
              <Button variant="ghost" size="sm" icon={<FolderOpen />} onClick={browse}>
                Browse…
              </Button>
            ) : null}
            <Button variant="ghost" size="sm" icon={<Play />} busy={isMakingDemo} onClick={openDemo}>
              Try the demo
            </Button>
            <span className={styles.hint}>
              {info?.kind === 'desktop' ? 'or drop a folder anywhere here' : 'a small sample project with three specs'}
            </span>
          </div>
        </section>

        {dropHint ? (
          <Callout tone="info" title="That folder’s place is not known">
            {dropHint}
          </Callout>
        ) : null}
        {failure ? <OpenFailureCallout failure={failure} onChooseAnother={chooseAnother} /> : null}
        <UnsavedEdits onOpen={open} />

        {recents && recents.length > 0 ? (
          <section className={styles.recents} aria-labelledby="recent-projects">
            <h2 id="recent-projects" className={styles.heading}>
              Recent
            </h2>
            <RecentList
              recents={recents}
              homeFolder={info?.homeFolder ?? null}
              opening={opening}
              onOpen={open}
              onForget={forget}
            />
          </section>
        ) : null}
        {recents?.length === 0 ? (
          <p className={styles.first}>
            Your repositories will be listed here. Opening one runs nothing of it and writes nothing into it.
          </p>
        ) : null}
      </div>
      <footer className={styles.foot}>{info ? `Version ${info.version}` : null}</footer>
    </main>
  );
}

function useRecents(): { recents: readonly RecentProject[] | null; forget: (path: string) => void } {
  const [recents, setRecents] = useState<readonly RecentProject[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const listed = await host.projects.listRecent({});
      if (isCurrent && listed.ok) setRecents(listed.value);
    };
    load().catch((error: unknown) => {
      if (isCurrent) reportFault('List recent projects', error);
    });
    return () => {
      isCurrent = false;
    };
  }, []);
  const forget = (path: string): void => {
    perform('Take it off the list', async () => {
      const forgotten = await host.projects.forgetRecent({ path });
      if (forgotten.ok) setRecents((list) => list?.filter((recent) => recent.path !== path) ?? null);
    });
  };
  return { recents, forget };
}
