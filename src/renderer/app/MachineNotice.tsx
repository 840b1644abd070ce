import { Gauge } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { memoryInWords, toggleUsage, useUsage } from '#renderer/state/usage.ts';
import { Banner } from '#renderer/ui/Banner.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import type { MachineMemory } from '#shared/contract/machine.ts';

import { host } from './host.ts';

/** Says so before the machine runs out of memory; and has the runs measured for as long as that is looked at. */
export function MachineNotice(): ReactNode {
  const { id } = useProject();
  const { isShown, cannotTell } = useUsage();
  const [memory, setMemory] = useState<MachineMemory | null>(null);
  useEffect(() => {
    const feed = host.machine.onDidChangeMemory({}, setMemory);
    return () => {
      feed.dispose();
    };
  }, []);
  useEffect(() => {
    if (!isShown) return;
    const feed = host.machine.onDidMeasure(id, (usage) => {
      const runs = usage && new Map(usage.map((each) => [each.id, each]));
      useUsage.setState({ runs, cannotTell: runs === null });
    });
    return () => {
      feed.dispose();
    };
  }, [id, isShown]);
  return (
    <>
      {memory?.isLow ? (
        <Banner
          icon={Gauge}
          role="status"
          actions={
            <Button size="sm" onClick={toggleUsage}>
              {isShown ? 'Hide what runs take' : 'Show what runs take'}
            </Button>
          }
        >
          This machine has {memoryInWords(memory.availableBytes)} of its {memoryInWords(memory.totalBytes)} of memory
          left. New runs wait. Stop a run that is not needed: a paused one keeps its memory.
        </Banner>
      ) : null}
      {isShown && cannotTell ? (
        <Banner
          icon={Gauge}
          role="status"
          actions={
            <Button size="sm" onClick={toggleUsage}>
              Close
            </Button>
          }
        >
          What runs take cannot be told here: it is not known on Windows, nor by a terminal host of an older version.
        </Banner>
      ) : null}
    </>
  );
}
