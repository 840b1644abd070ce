import { CircleAlert, FilePenLine, FileX, MoreHorizontal, Play, Puzzle, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { CodeEditor } from '#renderer/monaco/CodeEditor.tsx';
import { monaco } from '#renderer/monaco/monaco.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { openFootprints } from '#renderer/state/footprints.ts';
import type { SaveOutcome } from '#renderer/state/edited-document.ts';
import { useMirror, useProject, useSpec } from '#renderer/state/mirror.ts';
import {
  isUnsaved,
  openSpec,
  saveSpec,
  specDocument,
  useSpecDocuments,
  type SpecDocument,
} from '#renderer/state/spec-documents.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { Menu } from '#renderer/ui/Menu.tsx';
import { notify, perform, reportFault, reportFaultUnlessAway } from '#renderer/ui/notify.ts';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Prompt } from '#shared/contract/prompts.ts';
import { counted } from '#shared/counted.ts';
import { footprintOverlaps, type FootprintOverlap } from '#shared/footprint/footprint.ts';
import type { SpecSlug } from '#shared/ids.ts';
import type { SpecProblem } from '#shared/spec/spec-file.ts';

import { DiskConflictNotice } from './DiskConflictNotice.tsx';
import { FootprintNotice } from './FootprintNotice.tsx';
import { PromptPreview } from './PromptPreview.tsx';
import { ModulePicks } from './ModulePicks.tsx';
import { SourceNotice } from './SourceNotice.tsx';
import { checkSpec, type KnownNames } from './spec-markers.ts';
import { specModel } from './spec-model.ts';
import { useModelText } from './use-model-text.ts';
import styles from './SpecEditor.module.css';

/** Pauses in typing after which the text is checked, and the prompt composed anew. */
const checkDelayMilliseconds = 120;
const composeDelayMilliseconds = 350;

/** One spec to be edited, what is wrong with it at its line, and beside it the prompt that it makes. */
export function SpecEditor({ slug }: { slug: SpecSlug }): ReactNode {
  const project = useProject();
  const onDisk = useSpec(slug);
  const document = useSpecDocuments((state) => specDocument(state, project.id, slug));
  const isMissing = useSpecDocuments((state) => state.projectId === project.id && state.missing.has(slug));

  // Opens it, and looks again whenever the list says that the file has changed or gone.
  const modifiedAt = onDisk?.modifiedAt ?? null;
  useEffect(() => {
    openSpec(project.id, slug, (text) => specModel(project.id, slug, text)).catch((error: unknown) => {
      reportFault('Open the spec', error);
    });
  }, [project.id, slug, modifiedAt]);

  if (document) return <OpenSpec key={slug} document={document} />;
  if (isMissing) {
    return (
      <EmptyState icon={<FileX />} title="This spec is not there any more" actions={<CloseButton />}>
        <code>specs/{slug}.md</code> was deleted or renamed outside of this window. Its runs, if it has any, are
        untouched.
      </EmptyState>
    );
  }
  return <Loading label="Opening the spec" />;
}

function CloseButton(): ReactNode {
  return <Button onClick={() => useView.getState().closeSpec()}>Close</Button>;
}

function OpenSpec({ document }: { document: SpecDocument }): ReactNode {
  const project = useProject();
  const { slug, model } = document;
  const known = useKnownNames();
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const text = useModelText(model, checkDelayMilliseconds);
  const { parsed, problems } = useMemo(() => checkSpec(text, known), [text, known]);
  const agents = useMirror((mirror) => mirror.agents);
  const [isPicking, setIsPicking] = useState(false);
  // The first agent that the spec names is whom it is most likely written to.
  const agentId = parsed.frontMatter.agents.find((id) => agents?.some((agent) => agent.id === id)) ?? null;
  const prompt = usePrompt(slug, model, agentId);
  const onDisk = useSpec(slug);
  const overlaps = useOverlaps(slug, parsed.frontMatter);
  const [isSaving, setIsSaving] = useState(false);

  useEffect(() => {
    monaco.editor.setModelMarkers(model, 'spec', problems.map(marker));
  }, [model, problems]);

  const save = useCallback(() => {
    perform('Save the spec', async () => {
      setIsSaving(true);
      try {
        tellOutcome(await saveSpec(project.id, slug));
      } finally {
        setIsSaving(false);
      }
    });
  }, [project.id, slug]);

  const spawn = useCallback(() => {
    perform('Save the spec', async () => {
      const outcome = await saveSpec(project.id, slug);
      tellOutcome(outcome);
      if (outcome.kind === 'saved') useView.getState().openDialog({ kind: 'spawn', slugs: [slug] });
    });
  }, [project.id, slug]);

  const showNextProblem = useCallback(() => {
    editor.current?.focus();
    editor.current?.trigger('problems', 'editor.action.marker.next', null);
  }, []);

  useEffect(() => {
    const commands = registerCommands([
      { id: 'spec.save', run: save },
      { id: 'spec.spawn', run: spawn },
      { id: 'spec.problem', run: showNextProblem },
    ]);
    return () => {
      commands.dispose();
    };
  }, [save, spawn, showNextProblem]);

  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.length - errors.length;
  return (
    <div className={styles.editor}>
      <header className={styles.bar}>
        <FilePenLine className={styles.icon} aria-hidden />
        <h1 className={styles.title} title={parsed.frontMatter.title || slug} dir="auto">
          {parsed.frontMatter.title || slug}
        </h1>
        <code className={styles.path}>specs/{slug}.md</code>
        <output className={styles.state}>{isSaving ? 'Saving…' : isUnsaved(document) ? 'Not saved' : 'Saved'}</output>
        <div className={styles.end}>
          {problems.length > 0 ? (
            <Tooltip content="Go to the next problem" keys={keysOf('spec.problem')}>
              <button type="button" className={styles.problems} onClick={showNextProblem}>
                {errors.length > 0 ? (
                  <span className={styles.errors}>
                    <CircleAlert aria-hidden /> {counted(errors.length, 'error')}
                  </span>
                ) : null}
                {warnings > 0 ? (
                  <span className={styles.warnings}>
                    <TriangleAlert aria-hidden /> {counted(warnings, 'warning')}
                  </span>
                ) : null}
              </button>
            </Tooltip>
          ) : null}
          <Button
            size="sm"
            keys={keysOf('spec.save')}
            reason={isUnsaved(document) ? null : 'There is nothing to save: the file holds this text.'}
            busy={isSaving}
            onClick={save}
          >
            Save
          </Button>
          <Button
            size="sm"
            variant="primary"
            icon={<Play />}
            reason={errors.length > 0 ? 'Mend the errors first: an agent would be sent a broken spec.' : null}
            onClick={spawn}
          >
            Spawn…
          </Button>
          <Menu
            align="end"
            trigger={<IconButton size="sm" label="More for this spec" icon={<MoreHorizontal />} />}
            items={[
              {
                kind: 'item',
                id: 'split',
                label: 'Split into smaller specs…',
                reason: isUnsaved(document) ? 'Save it first.' : errors.length > 0 ? 'Mend the errors first.' : null,
                onSelect: () => useView.getState().openDialog({ kind: 'split', slug }),
              },
              {
                kind: 'item',
                id: 'rename',
                label: 'Rename…',
                reason: isUnsaved(document) ? 'Save it first.' : null,
                onSelect: () => useView.getState().openDialog({ kind: 'rename-spec', slug }),
              },
              {
                kind: 'item',
                id: 'delete',
                label: 'Delete…',
                danger: true,
                onSelect: () => useView.getState().openDialog({ kind: 'delete-spec', slug }),
              },
            ]}
          />
        </div>
      </header>
      {document.conflict ? <DiskConflictNotice document={document} conflict={document.conflict} /> : null}
      {onDisk?.source ? <SourceNotice spec={onDisk} source={onDisk.source} isDirty={document.isDirty} /> : null}
      {overlaps.length > 0 ? (
        <div className={styles.notice}>
          <FootprintNotice overlaps={overlaps} />
        </div>
      ) : null}
      {isPicking ? <ModulePicks model={model} onClose={() => setIsPicking(false)} /> : null}
      <SplitPane
        id="spec"
        className={styles.split ?? ''}
        parts={[
          {
            id: 'text',
            minSize: 320,
            content: (
              <CodeEditor
                model={model}
                label={`Spec ${slug}`}
                onMount={(made) => {
                  editor.current = made;
                  if (useView.getState().specToWrite !== slug) return;
                  useView.setState({ specToWrite: null });
                  made.focus();
                }}
              />
            ),
          },
          {
            id: 'prompt',
            defaultSize: '38%',
            minSize: 240,
            content: (
              <PromptPreview
                prompt={prompt}
                note={
                  [
                    agentId === null
                      ? null
                      : `As ${agents?.find(({ id }) => id === agentId)?.label ?? agentId} would get it.`,
                    prompt?.text.includes('{{branch}}')
                      ? 'Each run fills in its own branch and base where they stand in braces.'
                      : null,
                  ]
                    .filter((sentence) => sentence !== null)
                    .join(' ') || undefined
                }
                actions={
                  <Button size="sm" variant="ghost" icon={<Puzzle />} onClick={() => setIsPicking(true)}>
                    Modules…
                  </Button>
                }
              />
            ),
          },
        ]}
      />
    </div>
  );
}

/** Where this text's footprint meets those of the other specs that are still to be merged. */
function useOverlaps(
  slug: SpecSlug,
  { title, footprint }: { title: string; footprint: readonly string[] },
): readonly FootprintOverlap[] {
  const specs = useMirror((mirror) => mirror.specs?.specs);
  const runs = useMirror((mirror) => mirror.runs);
  return useMemo(
    () => footprintOverlaps([{ slug, title, globs: footprint }], openFootprints(specs ?? [], runs)),
    [slug, title, footprint, specs, runs],
  );
}

/** A conflict is told by a notice over the text, which stays. */
function tellOutcome(outcome: SaveOutcome): void {
  if (outcome.kind !== 'failed') return;
  notify.error({
    title: 'The spec could not be saved',
    description: `${outcome.path}: ${outcome.message}. Your edits are still here; the file is as it was.`,
  });
}

/** Monaco breaks no line of a message: in a narrow editor its end would be out of sight. */
const inLines = (message: string): string => message.replaceAll(/(.{1,52})(?:\s+|$)/g, '$1\n').trimEnd();

function marker(problem: SpecProblem): monaco.editor.IMarkerData {
  return {
    severity: problem.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message: inLines(problem.message),
    startLineNumber: problem.line,
    startColumn: problem.column,
    endLineNumber: problem.endLine,
    endColumn: problem.endColumn,
  };
}

function useKnownNames(): KnownNames {
  const agents = useMirror((mirror) => mirror.agents);
  const sources = useMirror((mirror) => mirror.promptSources);
  const branches = useMirror((mirror) => mirror.project?.branches ?? null);
  const specs = useMirror((mirror) => mirror.specs);
  return useMemo(
    () => ({
      agents: agents?.map((agent) => agent.id) ?? null,
      modules: sources?.filter((source) => source.kind === 'module').map((source) => source.id) ?? null,
      branches,
      specs: specs?.specs.map((spec) => spec.slug) ?? null,
    }),
    [agents, sources, branches, specs],
  );
}

/** The prompt that the text makes as it stands, saved or not. The last one stays in view while the next is composed. */
function usePrompt(slug: SpecSlug, model: monaco.editor.ITextModel, agentId: string | null): Prompt | null {
  const project = useProject();
  const sources = useMirror((mirror) => mirror.promptSources);
  const config = project.config;
  const text = useModelText(model, composeDelayMilliseconds);
  const [prompt, setPrompt] = useState<Prompt | null>(null);
  useEffect(() => {
    let isStale = false;
    const request = { projectId: project.id, slug, text, agentId, branch: null, base: null };
    host.prompts
      .compose(request)
      .then((composed) => {
        if (!isStale && composed.ok) setPrompt(composed.value);
      })
      .catch((error: unknown) => {
        if (!isStale) reportFaultUnlessAway('Compose the prompt', error);
      });
    return () => {
      isStale = true;
    };
    // `sources`: composed anew when an invariant or a module changes on disk.
  }, [project.id, slug, text, sources, config, agentId]);
  return prompt;
}
