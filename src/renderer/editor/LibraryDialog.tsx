import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import type { LibraryModule, PromptPlace } from '#shared/contract/prompts.ts';

import styles from './PromptsScreen.module.css';

/** The modules that come with the app: to read, and to take into the project or among one's own. */
export function LibraryDialog({
  onClose,
  onTaken,
}: {
  onClose: () => void;
  onTaken: (place: PromptPlace) => void;
}): ReactNode {
  const project = useProject();
  const sources = useMirror((mirror) => mirror.promptSources) ?? [];
  const [modules, setModules] = useState<readonly LibraryModule[] | null>(null);
  useEffect(() => {
    host.prompts
      .library({})
      .then((answer) => {
        if (answer.ok) setModules(answer.value);
      })
      .catch((error: unknown) => {
        reportFault('Read the library', error);
      });
  }, []);
  const take = ({ id, text }: LibraryModule, origin: PromptPlace['origin']): void => {
    perform('Take the module', async () => {
      const place: PromptPlace = { kind: 'module', origin, id };
      const saved = await host.prompts.save({ projectId: project.id, place, text, version: null });
      if (saved.ok) onTaken(place);
      else if (saved.error.kind === 'could-not-write') {
        notify.error({ title: `${id}.md could not be written`, description: saved.error.message });
      } else notify.warn({ title: `There is a module “${id}” already`, description: 'It was left as it is.' });
    });
  };
  const reasonFor = (id: string, origin: PromptPlace['origin']): string | null =>
    sources.some((each) => each.kind === 'module' && each.origin === origin && each.id === id)
      ? 'There is one of that name already.'
      : null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title="Modules that come with Switchyard"
      description="A copy is made, and it is yours from then on: edit it, or delete it."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {modules === null ? (
        <Loading label="Reading the library" />
      ) : (
        <ul className={styles.library}>
          {modules.map((module) => (
            <li key={module.id}>
              <details>
                <summary>
                  <strong>{module.title}</strong>
                  <span>{module.description}</span>
                  <span className={styles.hint}>about {module.tokens} tokens</span>
                </summary>
                <pre>{module.text}</pre>
              </details>
              <div className={styles.take}>
                <Button size="sm" reason={reasonFor(module.id, 'project')} onClick={() => take(module, 'project')}>
                  Into this project
                </Button>
                <Button
                  size="sm"
                  variant="ghost"
                  reason={reasonFor(module.id, 'own')}
                  onClick={() => take(module, 'own')}
                >
                  Among my own
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
