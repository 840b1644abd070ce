import { useState, type FormEvent, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import { promptFileId, type PromptPlace } from '#shared/contract/prompts.ts';
import { assertNever } from '#shared/result.ts';

interface NewFile {
  kind: 'new';
  group: { kind: PromptPlace['kind']; origin: PromptPlace['origin'] };
}

/** Asks for the name of a new invariant or module, or for another one of an old. */
export function PromptNameDialog({
  asked,
  onClose,
  onDone,
}: {
  asked: NewFile | { kind: 'rename'; place: PromptPlace };
  onClose: () => void;
  onDone: (place: PromptPlace) => void;
}): ReactNode {
  const project = useProject();
  const sources = useMirror((mirror) => mirror.promptSources) ?? [];
  const specs = useMirror((mirror) => mirror.specs?.specs) ?? [];
  const { kind, origin } = asked.kind === 'new' ? asked.group : asked.place;
  const [id, setId] = useState(asked.kind === 'rename' ? asked.place.id : '');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const what = kind === 'invariant' ? 'invariant' : origin === 'own' ? 'module of your own' : 'module';
  const isTaken = sources.some(
    (each) => each.kind === kind && each.origin === origin && each.id.toLowerCase() === id.toLowerCase(),
  );
  const isSame = asked.kind === 'rename' && asked.place.id === id;
  const error =
    id === ''
      ? null
      : !promptFileId.safeParse(id).success
        ? 'Letters, digits, dots, dashes and underscores; it becomes a file name.'
        : isTaken && !isSame
          ? 'There is one of that name already.'
          : problem;
  const users =
    asked.kind === 'rename'
      ? specs.filter(({ prompts }) => prompts.includes(asked.place.id)).map(({ slug }) => slug)
      : [];

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id === '' || error !== null || isBusy || isSame) return;
    const place: PromptPlace = { kind, origin, id };
    perform(asked.kind === 'new' ? 'Make the file' : 'Rename the file', async () => {
      setIsBusy(true);
      try {
        const done =
          asked.kind === 'new'
            ? await host.prompts.save({ projectId: project.id, place, text: starter(place), version: null })
            : await host.prompts.rename({ projectId: project.id, place: asked.place, id });
        if (done.ok) {
          onDone(place);
          return;
        }
        switch (done.error.kind) {
          case 'changed-on-disk':
          case 'name-taken':
            setProblem('There is one of that name already.');
            return;
          case 'prompt-missing':
            setProblem('The file is not there any more.');
            return;
          case 'could-not-write':
            setProblem(done.error.message);
            return;
          default:
            assertNever(done.error);
        }
      } finally {
        setIsBusy(false);
      }
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title={asked.kind === 'new' ? `New ${what}` : `Rename the ${what} “${asked.place.id}”`}
      description={
        users.length > 0
          ? `Named by ${users.join(', ')}: those keep the former name, and say that there is no such module, until you change them.`
          : kind === 'invariant'
            ? 'A rule that every agent is given.'
            : 'A part of prompts. Specs pick it by this name.'
      }
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form="prompt-name"
            variant="primary"
            busy={isBusy}
            reason={id === '' ? 'Write a name first.' : isSame ? 'That is its name.' : error}
          >
            {asked.kind === 'new' ? 'Create' : 'Rename'}
          </Button>
        </>
      }
    >
      <form id="prompt-name" onSubmit={submit}>
        <TextField
          label="Name"
          size="lg"
          mono
          value={id}
          placeholder="error-handling"
          error={error}
          onChange={(next) => {
            setId(next.replaceAll(' ', '-'));
            setProblem(null);
          }}
          input={{ autoFocus: true, maxLength: 80 }}
        />
      </form>
    </Dialog>
  );
}

function starter({ kind, id }: PromptPlace): string {
  const words = id.replaceAll(/[-_.]+/g, ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  if (kind === 'invariant')
    return `# ${title}\n\n- One rule a line: short, in the imperative, and such that it can be checked.\n`;
  return `---\ntitle: ${JSON.stringify(title)}\ndescription: When to pick it, in a sentence.\n---\n\n# ${title}\n\n- What the agent does, in the imperative.\n`;
}
