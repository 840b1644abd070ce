import { Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { copyText } from '#renderer/state/run-actions.ts';
import { openProject, useSession } from '#renderer/state/session.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { perform } from '#renderer/ui/notify.ts';
import type { OpenFailure } from '#shared/contract/projects.ts';

import { answerTo, type NextStep } from './open-failure.ts';
import styles from './OpenFailureCallout.module.css';

export interface OpenFailureCalloutProps {
  failure: OpenFailure;
  onChooseAnother: () => void;
}

/** Why a folder could not be opened, and the next step as a button. */
export function OpenFailureCallout({ failure, onChooseAnother }: OpenFailureCalloutProps): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const answer = answerTo(failure);
  const { command } = answer;

  const take = (step: NextStep): void => {
    if (step.kind === 'choose') {
      onChooseAnother();
      return;
    }
    perform(step.label, async () => {
      setIsBusy(true);
      try {
        if (step.kind === 'initialise' || step.kind === 'first-commit') {
          const { initialise, createFirstCommit } = host.projects;
          const done = await (step.kind === 'initialise' ? initialise : createFirstCommit)({ path: step.path });
          if (!done.ok) {
            useSession.setState({ failure: done.error });
            return;
          }
        }
        await openProject(step.path);
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <Callout
      tone={answer.tone}
      title={answer.title}
      actions={
        answer.steps.length === 0
          ? null
          : answer.steps.map((step, index) => (
              <Button
                key={step.kind}
                size="sm"
                variant={index === 0 && step.kind !== 'choose' ? 'primary' : 'secondary'}
                busy={isBusy && step.kind !== 'choose'}
                onClick={() => {
                  take(step);
                }}
              >
                {step.label}
              </Button>
            ))
      }
    >
      <p>{answer.text}</p>
      {command ? (
        <div className={styles.command}>
          <code>{command}</code>
          <IconButton
            size="sm"
            label="Copy the command"
            icon={<Copy />}
            onClick={() => {
              copyText('command', command);
            }}
          />
        </div>
      ) : null}
    </Callout>
  );
}
