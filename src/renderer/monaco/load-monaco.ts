import { inputRests } from './input-rests.ts';

/*
 * Monaco's modules, evaluated all at once, and the first editor hold the page for longer than a person would not notice. So they
 * are taken piece by piece, each in a task of its own: at once when something is to show an editor, or before that, while
 * nobody types.
 */

/** To be awaited before `monaco.ts` is imported, or what imports it. */
export function loadMonaco(): Promise<void> {
  isWanted = true;
  want.resolve();
  return load();
}

/** Loads it while the page rests, and makes an editor once. Does nothing in a browser that does not say when it rests. */
export async function warmMonaco(): Promise<void> {
  if (!('requestIdleCallback' in globalThis)) return;
  await rest();
  await load();
  const { firstEditor } = await import('./first-editor.ts');
  for (const step of firstEditor()) {
    await rest();
    step();
  }
}

let loading: Promise<void> | null = null;
let isWanted = false;
const want = Promise.withResolvers<void>();

function load(): Promise<void> {
  loading ??= evaluate().catch((error: unknown) => {
    // Whoever needs it next tries again.
    loading = null;
    throw error;
  });
  return loading;
}

/** What a piece needs stands before it. */
const pieces: readonly (() => Promise<unknown>)[] = [
  () => import('monaco-editor/features/comment/register.js'),
  () => import('monaco-editor/features/codeEditor/register.js'),
  () => import('monaco-editor/features/diffEditor/register.js'),
  () => import('monaco-editor/editor/editor.api.js'),
  () => import('monaco-editor/features/suggest/register.js'),
  () => import('monaco-editor/features/inlineCompletions/register.js'),
  () => import('monaco-editor/features/register.all.js'),
  () => import('monaco-editor/languages/definitions/register.all.js'),
  // Of specs and prompts: they have their colours at once, also while the host that would serve these is away.
  () => import('monaco-editor/languages/definitions/markdown/markdown.js'),
  () => import('monaco-editor/languages/definitions/yaml/yaml.js'),
  () => import('./monaco.ts'),
];

async function evaluate(): Promise<void> {
  for (const piece of pieces) {
    await piece();
    await (isWanted ? nextTask() : rest());
  }
}

const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

/** Until nobody has typed or pointed for a while, and the page has nothing else to do; or until somebody waits for an editor. */
const rest = (): Promise<void> => (isWanted ? nextTask() : Promise.race([inputRests(), want.promise]));
