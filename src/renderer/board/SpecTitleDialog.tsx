import { useState, type FormEvent, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { dropSpec } from '#renderer/state/spec-documents.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { SpecSlug } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';
import { slugOf } from '#shared/spec/spec-file.ts';

export interface SpecTitleDialogProps {
  /** The spec to rename; null makes a new one. */
  slug: SpecSlug | null;
  onClose: () => void;
}

/** Asks for a spec's title. The name of its file follows from it and is shown while it is written. */
export function SpecTitleDialog({ slug, onClose }: SpecTitleDialogProps): ReactNode {
  const project = useProject();
  const specs = useMirror((mirror) => mirror.specs?.specs);
  const present = specs?.find((spec) => spec.slug === slug);
  const [title, setTitle] = useState(present?.title ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  // The file that gets another name has none of them.
  const hasEdits = useView((view) => slug !== null && view.unsavedSpecs.has(slug));

  const next = slugOf(title.trim());
  const isTaken = next !== null && next !== slug && (specs?.some((spec) => spec.slug === next) ?? false);
  const written = title.trim() !== '';
  const error = hasEdits
    ? 'It has edits that are not saved. Save them first.'
    : isTaken
      ? `There is a spec specs/${next}.md already. Give this one another title.`
      : written && next === null
        ? 'This title has no letter or digit that a file name could be made of.'
        : problem;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!written || error || isBusy) return;
    perform(slug ? 'Rename the spec' : 'Make the spec', async () => {
      setIsBusy(true);
      try {
        const input = { projectId: project.id, title: title.trim() };
        const made = slug ? await host.specs.rename({ ...input, slug }) : await host.specs.create(input);
        if (made.ok) {
          onClose();
          const view = useView.getState();
          if (slug) view.showSpec(made.value.slug);
          if (slug && made.value.slug !== slug) dropSpec(project.id, slug);
          if (!slug) view.writeSpec(made.value.slug);
          return;
        }
        setProblem(whatWentWrong(made.error));
      } finally {
        setIsBusy(false);
      }
    });
  };

  const action = slug ? 'Rename' : 'Create spec';
  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title={slug ? 'Rename spec' : 'New spec'}
      description={
        slug
          ? 'The file gets another name, too. Runs keep the name that they were made from.'
          : 'What should be done, in a few words. You write the rest in the editor.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form="spec-title"
            variant="primary"
            busy={isBusy}
            reason={written || hasEdits ? error : 'Write a title first.'}
          >
            {action}
          </Button>
        </>
      }
    >
      <form id="spec-title" onSubmit={submit}>
        <TextField
          label="Title"
          value={title}
          onChange={(text) => {
            setTitle(text);
            setProblem(null);
          }}
          size="lg"
          placeholder="Match history for players"
          error={error}
          hint={next ? `specs/${next}.md` : 'The file is named after the title.'}
          input={{ autoFocus: true, maxLength: 200 }}
        />
      </form>
    </Dialog>
  );
}

type TitleFailure =
  | { kind: 'slug-taken'; slug: SpecSlug }
  | { kind: 'bad-title'; reason: string }
  | { kind: 'could-not-write'; path: string; message: string }
  | { kind: 'spec-missing'; slug: SpecSlug };

function whatWentWrong(error: TitleFailure): string {
  switch (error.kind) {
    case 'slug-taken':
      return `There is a spec specs/${error.slug}.md already. Give this one another title.`;
    case 'bad-title':
      return error.reason;
    case 'could-not-write':
      return `${error.path} could not be written: ${error.message}. Nothing was changed.`;
    case 'spec-missing':
      return `specs/${error.slug}.md is no longer there. Nothing was changed.`;
    default:
      return assertNever(error);
  }
}
