import { useEffect, useState } from 'react';

import { host } from '#renderer/app/host.ts';
import { reportFault } from '#renderer/ui/notify.ts';
import type { VariantSides, VariantsState } from '#shared/contract/variants.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

/** The runs of a spec beside each other, as the host says now; null until it has said so. */
export function useVariants(projectId: ProjectId, slug: SpecSlug): VariantsState | null {
  const [state, setState] = useState<{ of: string; variants: VariantsState } | null>(null);
  const key = `${projectId} ${slug}`;
  useEffect(() => {
    const feed = host.variants.onDidChange({ projectId, slug }, (variants) => {
      setState({ of: key, variants });
    });
    return () => {
      feed.dispose();
    };
  }, [projectId, slug, key]);
  return state?.of === key ? state.variants : null;
}

export type LoadedSides =
  | { kind: 'loading' }
  | { kind: 'loaded'; sides: VariantSides }
  /** It is no part of the comparison any more. */
  | { kind: 'left' }
  | { kind: 'failed'; message: string };

interface SidesWish {
  projectId: ProjectId;
  slug: SpecSlug;
  path: string;
  left: RunId | null;
  right: RunId | null;
  showHuge: boolean;
  /** Of the file: it is loaded again when that changes. */
  version: string;
}

/** Two sides of a file. The former ones stay until the next have come. */
export function useSides({ projectId, slug, path, left, right, showHuge, version }: SidesWish): LoadedSides {
  const [loaded, setLoaded] = useState<{ of: string; sides: LoadedSides }>({ of: '', sides: { kind: 'loading' } });
  const place = JSON.stringify([path, left, right]);
  useEffect(() => {
    let isStale = false;
    host.variants
      .file({ projectId, slug, path, left, right, showHuge })
      .then((answer) => {
        if (isStale) return;
        const sides: LoadedSides = answer.ok
          ? { kind: 'loaded', sides: answer.value }
          : answer.error.kind === 'git-failed'
            ? { kind: 'failed', message: answer.error.message }
            : { kind: 'left' };
        setLoaded({ of: place, sides });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Load the file', error);
      });
    return () => {
      isStale = true;
    };
  }, [projectId, slug, path, left, right, showHuge, version, place]);
  return loaded.of === place ? loaded.sides : { kind: 'loading' };
}
