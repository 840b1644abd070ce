import { Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { ModuleParameter } from '#shared/prompt/module-file.ts';
import { promptVariables } from '#shared/prompt/module-file.ts';
import { isParameterName } from '#shared/spec/prompt-picks.ts';

import styles from './PromptsScreen.module.css';

/** The parameters that a module declares: gaps in its text that whoever picks it fills. */
export function ParameterForm({
  parameters,
  reason,
  onChange,
}: {
  parameters: readonly ModuleParameter[];
  /** Why they cannot be changed here. */
  reason: string | null;
  onChange: (parameters: readonly ModuleParameter[]) => void;
}): ReactNode {
  const freeName = (): string => {
    const names = parameters.map(({ name }) => name);
    return (
      ['value', ...names.map((_name, index) => `value-${String(index + 2)}`)].find((name) => !names.includes(name)) ??
      'x'
    );
  };
  return (
    <section className={styles.block} aria-label="Parameters">
      <h3>Parameters</h3>
      {parameters.length === 0 ? (
        <p className={styles.hint}>
          None. A parameter is a gap in the text, such as <code>{'{{command}}'}</code>, that each spec fills for itself.
        </p>
      ) : null}
      {parameters.map((parameter, index) => (
        <ParameterRow
          key={`${String(index)} ${parameter.name}`}
          parameter={parameter}
          others={parameters.filter((each) => each !== parameter).map(({ name }) => name)}
          reason={reason}
          onChange={(changed) => {
            onChange(parameters.map((each) => (each === parameter ? changed : each)));
          }}
          onRemove={() => {
            onChange(parameters.filter((each) => each !== parameter));
          }}
        />
      ))}
      <Button
        size="sm"
        icon={<Plus />}
        reason={reason}
        onClick={() => {
          onChange([...parameters, { name: freeName(), description: '', default: null, required: false }]);
        }}
      >
        Add a parameter
      </Button>
    </section>
  );
}

interface RowProps {
  parameter: ModuleParameter;
  others: readonly string[];
  reason: string | null;
  onChange: (parameter: ModuleParameter) => void;
  onRemove: () => void;
}

/** What is typed goes into the text when the field is left, so that half a name is never written there. */
function ParameterRow({ parameter, others, reason, onChange, onRemove }: RowProps): ReactNode {
  const [name, setName] = useState(parameter.name);
  const [description, setDescription] = useState(parameter.description);
  const [fallback, setFallback] = useState(parameter.default ?? '');
  const error = !isParameterName(name)
    ? 'Letters, digits, - and _.'
    : others.includes(name)
      ? 'Another one is called so.'
      : (promptVariables as readonly string[]).includes(name)
        ? 'Every prompt fills this by itself.'
        : null;
  const commit = (more: Partial<ModuleParameter> = {}): void => {
    if (error !== null) return;
    const next = { name, description: description.trim(), default: fallback === '' ? null : fallback };
    onChange({ ...parameter, ...next, ...more });
  };
  const input = { onBlur: () => commit() };
  return (
    <fieldset className={styles.parameter}>
      <legend className="visually-hidden">Parameter {parameter.name}</legend>
      <div className={styles.parameterHead}>
        <TextField
          label="Name"
          size="sm"
          mono
          value={name}
          error={error}
          reason={reason}
          input={input}
          onChange={setName}
        />
        <IconButton
          size="sm"
          label={`Remove the parameter ${parameter.name}`}
          icon={<Trash2 />}
          reason={reason}
          onClick={onRemove}
        />
      </div>
      <TextField
        label="What it is for"
        size="sm"
        value={description}
        reason={reason}
        input={input}
        onChange={setDescription}
      />
      <TextField label="Default" size="sm" mono value={fallback} reason={reason} input={input} onChange={setFallback} />
      <Checkbox
        label="A prompt without a value is incomplete"
        checked={parameter.required}
        reason={reason}
        onChange={(required) => {
          commit({ required });
        }}
      />
    </fieldset>
  );
}
