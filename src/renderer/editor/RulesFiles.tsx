import { BookOpenCheck } from 'lucide-react';
import type { ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { RulesFile } from '#shared/contract/prompts.ts';

import styles from './PromptPreview.module.css';

const count = new Intl.NumberFormat();

const stateWords: Readonly<Record<RulesFile['state'], string>> = {
  read: 'Read by this agent itself, so it is not repeated.',
  included: 'This agent does not read it, so it is in the prompt.',
  'left-out': 'This agent does not read it, and it is not in the prompt.',
  undecided: 'Read by some agents and not by others.',
};

/** The rules that the repository has for agents beside ours, and for whom they go in. */
export function RulesFiles({ rules, isSent }: { rules: readonly RulesFile[]; isSent: boolean }): ReactNode {
  const project = useMirror((mirror) => mirror.project);
  if (rules.length === 0) return null;
  const include = (path: string, wanted: boolean): void => {
    if (!project) return;
    perform('Change the rules of the prompts', async () => {
      const done = await host.prompts.includeRules({ projectId: project.id, path, include: wanted });
      if (!done.ok) notify.error({ title: 'The config could not be written', description: done.error.message });
    });
  };
  return (
    <section className={styles.rules} aria-label="Rules files of this repository">
      <h3 className={styles.rulesTitle}>
        <BookOpenCheck className={styles.icon} aria-hidden />
        Rules files of this repository
      </h3>
      <ul>
        {rules.map((file) => (
          <li key={file.path}>
            <span className={styles.rulesHead}>
              <code>{file.path}</code>
              <span className={styles.tokens}>{count.format(file.tokens)}</span>
              <code className={styles.version}>{file.version}</code>
            </span>
            <span className={styles.rulesState}>{stateWords[file.state]}</span>
            {isSent ? null : (
              <Checkbox
                label="Put it into the prompt of agents that do not read it"
                checked={file.isWanted}
                onChange={(wanted) => include(file.path, wanted)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
