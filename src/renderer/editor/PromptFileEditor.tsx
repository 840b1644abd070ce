import { MoreHorizontal } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';

import { CodeEditor } from '#renderer/monaco/CodeEditor.tsx';
import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import { monaco } from '#renderer/monaco/monaco.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { replaceText } from '#renderer/state/edited-document.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import type { PromptSource } from '#shared/contract/prompts.ts';
import { parseInvariant } from '#shared/invariant/invariant-file.ts';
import { parseModule, type ModuleParameter } from '#shared/prompt/module-file.ts';
import { withFrontMatterKey } from '#shared/spec/set-yaml-key.ts';

import { InvariantNotices } from './InvariantNotices.tsx';
import { ParameterForm } from './ParameterForm.tsx';
import { keepPromptEdits, promptKey, savePrompt, takePromptFromDisk, type PromptDocument } from './prompt-documents.ts';
import styles from './PromptsScreen.module.css';
import { useModelText } from './use-model-text.ts';

const checkDelayMilliseconds = 120;

/** One invariant or module: its text, and for a module what it declares and who uses it. */
export function PromptFileEditor({
  document,
  source,
  onRename,
  onRemove,
}: {
  document: PromptDocument;
  source: PromptSource;
  onRename: () => void;
  onRemove: () => void;
}): ReactNode {
  const project = useProject();
  const { model, key, place } = document;
  const text = useModelText(model, checkDelayMilliseconds);
  const parsed = useMemo(() => parseModule(text), [text]);
  const [isComparing, setIsComparing] = useState(false);

  useEffect(() => {
    const problems = place.kind === 'module' ? parsed.problems : parseInvariant(text).problems;
    monaco.editor.setModelMarkers(
      model,
      'module',
      problems.map(({ severity, message, line, column, endLine, endColumn }) => ({
        severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        message,
        startLineNumber: line,
        startColumn: column,
        endLineNumber: endLine,
        endColumn,
      })),
    );
  }, [model, parsed, text, place.kind]);

  const save = useCallback(() => {
    perform('Save the file', async () => {
      const outcome = await savePrompt(project.id, key);
      if (outcome.kind === 'failed') {
        notify.error({
          title: 'The file could not be saved',
          description: `${outcome.path}: ${outcome.message}. Your edits are still here; the file is as it was.`,
        });
      }
    });
  }, [project.id, key]);
  useEffect(() => {
    const commands = registerCommands([{ id: 'prompt.save', run: save }]);
    return () => {
      commands.dispose();
    };
  }, [save]);

  const declare = (name: 'parameters' | 'always', value: Parameters<typeof withFrontMatterKey>[2]): void => {
    const edited = withFrontMatterKey(model.getValue(), name, value);
    if (edited === null) {
      notify.warn({ title: 'The front matter is broken', description: 'Mend it first. Nothing was changed.' });
    } else replaceText(model, edited);
  };
  return (
    <div className={styles.editor}>
      <header className={styles.bar}>
        <h2>{parsed.title ?? source.title}</h2>
        <code className={styles.path}>{source.path}</code>
        <output className={styles.state}>{document.isDirty ? 'Not saved' : 'Saved'}</output>
        <Button
          size="sm"
          keys={keysOf('prompt.save')}
          reason={document.isDirty ? null : 'There is nothing to save: the file holds this text.'}
          onClick={save}
        >
          Save
        </Button>
        <Menu
          align="end"
          trigger={<IconButton size="sm" label="More for this file" icon={<MoreHorizontal />} />}
          items={[
            {
              kind: 'item',
              id: 'rename',
              label: 'Rename…',
              reason: document.isDirty ? 'Save it first.' : null,
              onSelect: onRename,
            },
            { kind: 'item', id: 'delete', label: 'Delete', danger: true, onSelect: onRemove },
          ]}
        />
      </header>
      {document.conflict ? (
        <div className={styles.notice}>
          <Callout
            tone="warning"
            title={
              document.conflict.text === null
                ? 'The file was deleted on disk'
                : 'The file has changed on disk, and you have edits that are not saved'
            }
            actions={
              <>
                {document.conflict.text === null ? null : (
                  <Button size="sm" onClick={() => setIsComparing(true)}>
                    Compare
                  </Button>
                )}
                <Button size="sm" onClick={() => keepPromptEdits(project.id, key)}>
                  Keep my edits
                </Button>
                {document.conflict.text === null ? null : (
                  <Button size="sm" onClick={() => takePromptFromDisk(project.id, key)}>
                    Take the file’s text
                  </Button>
                )}
              </>
            }
          >
            Nothing was overwritten.
          </Callout>
          <Dialog
            open={isComparing}
            onClose={() => setIsComparing(false)}
            title="On disk, and your edits"
            size="xl"
            flush
            footer={<Button onClick={() => setIsComparing(false)}>Close</Button>}
          >
            <div className={styles.compare}>
              <DiffViewer
                original={document.conflict.text ?? ''}
                modified={model.getValue()}
                language="markdown"
                sideBySide
                label="Changes"
              />
            </div>
          </Dialog>
        </div>
      ) : null}
      {place.kind === 'invariant' ? (
        <>
          <InvariantNotices source={source} text={text} />
          <div className={styles.fill}>
            <CodeEditor model={model} label={`Invariant ${place.id}`} />
          </div>
        </>
      ) : (
        <SplitPane
          id="prompt-file"
          className={styles.fill ?? ''}
          parts={[
            {
              id: 'text',
              minSize: 200,
              content: <CodeEditor model={model} label={`Module ${place.id}`} />,
            },
            {
              id: 'declares',
              defaultSize: '36%',
              minSize: 190,
              content: (
                <div className={styles.declares}>
                  <UsedBy source={source} />
                  <Select
                    label="Goes into"
                    size="sm"
                    value={source.use.always === 'config' ? 'config' : parsed.always ? 'always' : 'named'}
                    reason={
                      source.use.always === 'config'
                        ? 'Every prompt: the project’s config says so, under prompts.always.'
                        : parsed.agents.length > 0 && !parsed.always
                          ? `Prompts of ${parsed.agents.join(', ')}, and those that name it.`
                          : null
                    }
                    options={[
                      { value: 'named', label: 'Prompts of specs that name it' },
                      { value: 'always', label: 'Every prompt' },
                      ...(source.use.always === 'config' ? [{ value: 'config' as const, label: 'Every prompt' }] : []),
                    ]}
                    onChange={(next) => declare('always', next === 'always' ? true : null)}
                  />
                  <ParameterForm
                    parameters={parsed.parameters}
                    reason={null}
                    onChange={(parameters) => {
                      declare('parameters', parameters.length === 0 ? null : parameters.map(declared));
                    }}
                  />
                </div>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}

const declared = ({ name, description, default: fallback, required }: ModuleParameter) => ({
  name,
  ...(description === '' ? {} : { description }),
  ...(fallback === null ? {} : { default: fallback }),
  ...(required ? { required } : {}),
});

/** Which specs and modules name it, so that nobody changes it unaware. */
function UsedBy({ source }: { source: PromptSource }): ReactNode {
  const specs = useMirror((mirror) => mirror.specs?.specs) ?? [];
  const sources = useMirror((mirror) => mirror.promptSources) ?? [];
  const bySpecs = specs.filter(({ prompts }) => prompts.includes(source.id));
  const byModules = sources.filter(({ needs }) => needs.modules.includes(source.id));
  const needs = [
    ...source.needs.modules.map((id) => `the module ${id}`),
    ...source.needs.files.map((path) => `the file ${path}`),
    ...(source.needs.agents.length > 0 ? [`one of the agents ${source.needs.agents.join(', ')}`] : []),
  ];
  return (
    <section className={styles.block} aria-label="Where it is used">
      <h3>Used by</h3>
      {source.isHidden ? (
        <p className={styles.hint}>Nothing here: the project has a module of the same name, and that one counts.</p>
      ) : null}
      {bySpecs.length + byModules.length === 0 && source.use.always === null && source.use.agents.length === 0 ? (
        <p className={styles.hint}>No spec of this project yet.</p>
      ) : null}
      {source.use.always === null ? null : <p className={styles.hint}>Every prompt of this project.</p>}
      {source.use.agents.length > 0 ? (
        <p className={styles.hint}>Every prompt of {source.use.agents.join(', ')}.</p>
      ) : null}
      <ul className={styles.uses}>
        {bySpecs.map(({ slug, title }) => (
          <li key={slug}>
            <button type="button" onClick={() => useView.getState().showSpec(slug)}>
              {title}
            </button>
          </li>
        ))}
        {byModules.map((each) => (
          <li key={promptKey(each)}>The module {each.id} needs it</li>
        ))}
      </ul>
      {needs.length > 0 ? <p className={styles.hint}>It needs {needs.join(', ')}.</p> : null}
    </section>
  );
}
