import { BookPlus, Plus, Puzzle, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { documentOf } from '#renderer/state/kept-documents.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { PromptPlace, PromptSource } from '#shared/contract/prompts.ts';

import { LibraryDialog } from './LibraryDialog.tsx';
import { dropPrompt, openPrompt, promptKey, usePromptDocuments } from './prompt-documents.ts';
import { PromptFileEditor } from './PromptFileEditor.tsx';
import { PromptNameDialog } from './PromptNameDialog.tsx';
import styles from './PromptsScreen.module.css';

const count = new Intl.NumberFormat();

const groups = [
  {
    kind: 'invariant',
    origin: 'project',
    title: 'Invariants',
    empty: 'Rules that every agent is given.',
    make: 'New invariant',
  },
  {
    kind: 'module',
    origin: 'project',
    title: 'Modules of this project',
    empty: 'Parts of prompts that specs pick.',
    make: 'New module',
  },
  {
    kind: 'module',
    origin: 'own',
    title: 'Your own modules',
    empty: 'For every project on this machine.',
    make: 'New module of your own',
  },
] as const;

type Group = (typeof groups)[number];
type Asked = { kind: 'new'; group: Group } | { kind: 'rename'; place: PromptPlace } | { kind: 'library' } | null;

/** What agents are told beside their spec: the files, where they are used, and an editor for each. */
export function PromptsScreen(): ReactNode {
  const project = useProject();
  const sources = useMirror((mirror) => mirror.promptSources);
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked>(null);
  const source = sources?.find((each) => promptKey(each) === chosen) ?? null;
  const document = usePromptDocuments((state) => (chosen === null ? undefined : documentOf(state, project.id, chosen)));

  const version = source?.version ?? null;
  useEffect(() => {
    if (!source) return;
    const { kind, origin, id } = source;
    openPrompt(project.id, { kind, origin, id }).catch((error: unknown) => {
      reportFault('Open the prompt file', error);
    });
    // Again whenever the list says that it has another version.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [project.id, chosen, version]);

  const remove = (place: PromptPlace): void => {
    perform('Delete the prompt file', async () => {
      const removed = await host.prompts.remove({ projectId: project.id, place });
      if (!removed.ok) {
        const description =
          removed.error.kind === 'prompt-missing'
            ? 'It is gone already.'
            : `${removed.error.message}. It is still there.`;
        notify.error({ title: `${place.id}.md could not be deleted`, description });
        return;
      }
      dropPrompt(project.id, promptKey(place));
      const { text } = removed.value;
      notify.info({
        title: `Deleted ${place.id}.md`,
        description: 'Prompts that were sent with it keep its text.',
        action: {
          label: 'Undo',
          run: () => {
            perform('Bring the file back', async () => {
              const back = await host.prompts.save({ projectId: project.id, place, text, version: null });
              if (back.ok) setChosen(promptKey(place));
              else
                notify.error({
                  title: `${place.id}.md could not be written`,
                  description: 'Another file has its name.',
                });
            });
          },
        },
      });
    });
  };
  if (sources === null) return <Loading label="Reading invariants and modules" />;
  return (
    <>
      <SplitPane
        id="prompts"
        parts={[
          {
            id: 'list',
            defaultSize: 250,
            minSize: 180,
            keepsPixels: true,
            content: (
              <div className={styles.lists}>
                {groups.map((group) => (
                  <SourceGroup
                    key={group.title}
                    group={group}
                    sources={sources.filter(({ kind, origin }) => kind === group.kind && origin === group.origin)}
                    chosen={chosen}
                    onChoose={setChosen}
                    onNew={() => setAsked({ kind: 'new', group })}
                    onLibrary={() => setAsked({ kind: 'library' })}
                  />
                ))}
              </div>
            ),
          },
          {
            id: 'file',
            minSize: 360,
            content:
              source && document ? (
                <PromptFileEditor
                  key={document.key}
                  document={document}
                  source={source}
                  onRename={() => setAsked({ kind: 'rename', place: document.place })}
                  onRemove={() => remove(document.place)}
                />
              ) : (
                <EmptyState icon={<Puzzle />} title="What agents are told">
                  Invariants go into every prompt. Modules go in where a spec names them, or always. Choose one to read
                  or edit it; the prompt beside each spec shows what they make together.
                </EmptyState>
              ),
          },
        ]}
      />
      {asked?.kind === 'library' ? (
        <LibraryDialog
          onClose={() => setAsked(null)}
          onTaken={(place) => {
            setAsked(null);
            setChosen(promptKey(place));
          }}
        />
      ) : asked ? (
        <PromptNameDialog
          asked={asked.kind === 'new' ? { kind: 'new', group: asked.group } : asked}
          onClose={() => setAsked(null)}
          onDone={(place) => {
            if (asked.kind === 'rename') dropPrompt(project.id, promptKey(asked.place));
            setAsked(null);
            setChosen(promptKey(place));
          }}
        />
      ) : null}
    </>
  );
}

interface SourceGroupProps {
  group: Group;
  sources: readonly PromptSource[];
  chosen: string | null;
  onChoose: (key: string) => void;
  onNew: () => void;
  onLibrary: () => void;
}

function SourceGroup({ group, sources, chosen, onChoose, onNew, onLibrary }: SourceGroupProps): ReactNode {
  const unsaved = useView((view) => view.unsavedSpecs);
  return (
    <section className={styles.group} aria-label={group.title}>
      <header className={styles.groupHead}>
        <h2>{group.title}</h2>
        {group.kind === 'module' && group.origin === 'project' ? (
          <IconButton size="sm" label="From the library" icon={<BookPlus />} onClick={onLibrary} />
        ) : null}
        <IconButton size="sm" label={group.make} icon={<Plus />} onClick={onNew} />
      </header>
      {sources.length === 0 ? <p className={styles.hint}>None yet. {group.empty}</p> : null}
      <ul>
        {sources.map((source) => {
          const key = promptKey(source);
          const Icon = source.kind === 'invariant' ? ShieldCheck : Puzzle;
          return (
            <li key={key}>
              <button
                type="button"
                className={classNames(styles.source, key === chosen && styles.chosen)}
                aria-pressed={key === chosen}
                onClick={() => onChoose(key)}
              >
                <Icon aria-hidden />
                <span className={styles.sourceTitle}>
                  {source.title}
                  {unsaved.has(`prompt:${key}`) ? (
                    <span role="img" aria-label="unsaved">
                      {' '}
                      •
                    </span>
                  ) : null}
                </span>
                {source.problems.length > 0 ? (
                  <Tooltip content={source.problems.join(' ')}>
                    <TriangleAlert className={styles.problem} aria-label="has problems" />
                  </Tooltip>
                ) : null}
                <span className={styles.facts}>
                  {source.isHidden ? <Badge title="The project has a module of this name.">hidden</Badge> : null}
                  {source.use.always === null ? null : <Badge>always</Badge>}
                  {source.use.agents.map((agent) => (
                    <Badge key={agent}>{agent}</Badge>
                  ))}
                  <span title="Tokens, about">{count.format(source.tokens)}</span>
                  <code title="Version: the start of its SHA-256">{source.version.slice(0, 7)}</code>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
