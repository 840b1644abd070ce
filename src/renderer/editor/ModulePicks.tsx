import { useState, type ReactNode } from 'react';

import type { monaco } from '#renderer/monaco/monaco.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import { replaceText } from '#renderer/state/edited-document.ts';
import type { PromptSource } from '#shared/contract/prompts.ts';
import type { PromptPick } from '#shared/spec/prompt-picks.ts';
import { withFrontMatterKey } from '#shared/spec/set-yaml-key.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import styles from './ModulePicks.module.css';

/** Which modules go into a spec's prompt, and with which values. What is chosen is written into its front matter. */
export function ModulePicks({ model, onClose }: { model: monaco.editor.ITextModel; onClose: () => void }): ReactNode {
  const sources = useMirror((mirror) => mirror.promptSources) ?? [];
  const modules = sources.filter(({ kind, isHidden }) => kind === 'module' && !isHidden);
  const [picks, setPicks] = useState<readonly PromptPick[]>(() => parseSpec(model.getValue()).frontMatter.promptPicks);
  const gone = picks.filter(({ id }) => !modules.some((module) => module.id === id));

  const pick = (id: string, isPicked: boolean): void => {
    setPicks(isPicked ? [...picks, { id, values: {} }] : picks.filter((each) => each.id !== id));
  };
  const fill = (id: string, name: string, value: string): void => {
    const present = picks.some((each) => each.id === id) ? picks : [...picks, { id, values: {} }];
    setPicks(
      present.map((each) => {
        if (each.id !== id) return each;
        const { [name]: _former, ...rest } = each.values;
        return { id, values: value === '' ? rest : { ...rest, [name]: value } };
      }),
    );
  };
  const use = (): void => {
    const value = picks.map(({ id, values }) => (Object.keys(values).length === 0 ? id : { [id]: values }));
    const edited = withFrontMatterKey(model.getValue(), 'prompts', value);
    if (edited === null) {
      notify.warn({ title: 'The front matter is broken', description: 'Mend it first. Nothing was changed.' });
      return;
    }
    replaceText(model, edited);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="md"
      title="Modules of this prompt"
      description="What is chosen here is written into the front matter of the spec, in the order in which it was chosen. It can be undone there."
      footerStart={
        <Button
          variant="ghost"
          onClick={() => {
            onClose();
            useView.getState().showPrompts();
          }}
        >
          Edit the modules
        </Button>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={use}>
            Use these
          </Button>
        </>
      }
    >
      {modules.length === 0 ? (
        <p className={styles.hint}>There is no module yet. They are files in .switchyard/prompts/.</p>
      ) : null}
      <ul className={styles.modules}>
        {modules.map((module) => (
          <ModuleLine
            key={module.id}
            module={module}
            pick={picks.find(({ id }) => id === module.id) ?? null}
            onPick={(isPicked) => pick(module.id, isPicked)}
            onFill={(name, value) => fill(module.id, name, value)}
          />
        ))}
        {gone.map(({ id }) => (
          <li key={id}>
            <Checkbox label={`${id}: there is no such module`} checked onChange={() => pick(id, false)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface ModuleLineProps {
  module: PromptSource;
  pick: PromptPick | null;
  onPick: (isPicked: boolean) => void;
  onFill: (name: string, value: string) => void;
}

function ModuleLine({ module, pick, onPick, onFill }: ModuleLineProps): ReactNode {
  const isAlways = module.use.always !== null;
  return (
    <li>
      <div className={styles.head}>
        <Checkbox
          label={module.title}
          hint={module.description === '' ? undefined : module.description}
          checked={isAlways || pick !== null}
          reason={isAlways && pick === null ? 'It goes into every prompt already.' : null}
          onChange={onPick}
        />
        {module.origin === 'own' ? <Badge>own</Badge> : null}
        <span className={styles.tokens} title="Tokens, about">
          {module.tokens}
        </span>
      </div>
      {(pick !== null || isAlways) && module.parameters.length > 0 ? (
        <div className={styles.parameters}>
          {module.parameters.map(({ name, description, default: fallback, required }) => {
            const value = pick?.values[name] ?? '';
            return (
              <TextField
                key={name}
                label={`${name} of ${module.title}`}
                size="sm"
                mono
                value={value}
                placeholder={fallback ?? (required ? 'Needed' : 'Empty')}
                hint={description === '' ? undefined : description}
                error={required && fallback === null && value === '' ? `Needed. ${description}` : null}
                onChange={(next) => onFill(name, next)}
              />
            );
          })}
        </div>
      ) : null}
    </li>
  );
}
