import type { Run } from '#shared/contract/runs.ts';
import type { Variant } from '#shared/contract/variants.ts';

/** A variant as a column of the comparison. */
export interface Column {
  variant: Variant;
  run: Run;
  /** Its place in what the host says of each file. */
  index: number;
  /** Who worked on it; no two are called the same. */
  name: string;
}
