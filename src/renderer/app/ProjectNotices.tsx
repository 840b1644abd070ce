import { ShieldQuestion, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Banner } from '#renderer/ui/Banner.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { counted } from '#shared/counted.ts';

/** What is to be known about the project as a whole: commands that wait to be allowed, a config that cannot be read. */
export function ProjectNotices(): ReactNode {
  const { trust, config } = useProject();
  const openDialog = useView((view) => view.openDialog);
  const [putOff, setPutOff] = useState<string | null>(null);
  const [problem] = config.problems;
  return (
    <>
      {trust.kind === 'asks' && trust.fingerprint !== putOff ? (
        <Banner
          icon={ShieldQuestion}
          role="note"
          actions={
            <>
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  setPutOff(trust.fingerprint);
                }}
              >
                Not now
              </Button>
              <Button
                size="sm"
                onClick={() => {
                  openDialog({ kind: 'trust' });
                }}
              >
                See the commands
              </Button>
            </>
          }
        >
          This project’s config names {counted(trust.commands.length, 'command')} for this machine to run.{' '}
          {trust.commands.length === 1 ? 'It does' : 'They do'} not run until you allow it.
        </Banner>
      ) : null}
      {problem ? (
        <Banner icon={TriangleAlert} role="note">
          <code>{problem.path}</code>
          {problem.line === null ? '' : `, line ${String(problem.line)}`}: {problem.message.replace(/\.$/u, '')}
          {config.problems.length > 1 ? ` (and ${String(config.problems.length - 1)} more)` : ''}
          {problem.message.endsWith('?') ? '' : '.'}{' '}
          {problem.stopsTrain
            ? 'Until it can be read, it is not checked, and the train merges nothing.'
            : 'The defaults hold for what cannot be read.'}
        </Banner>
      ) : null}
    </>
  );
}
