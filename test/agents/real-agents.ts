import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A real CLI, and what a person who uses it has set up: an endpoint, and that the repository is trusted. */
export interface RealAgent {
  /** In our catalogue, and the name of its command. */
  id: string;
  /** What is installed: the version that all this was written for. */
  spec: string;
  /** Variables of the person's shell. */
  env: (place: Place) => Record<string, string>;
  /** The person's own files, by their path in the home folder. They must not change. */
  files: (place: Place) => Record<string, string>;
  /** Files among these that the CLI itself rewrites at every start. */
  ownsFiles?: readonly string[];
  /** The key that answers a question of it with yes. */
  yes: string;
  /** Whether it asks before it writes a file in the mode that asks. */
  asksToWrite: boolean;
}

export interface Place {
  url: string;
  /** The main checkout. */
  repository: string;
  /** Where the runs' worktrees are. */
  worktrees: string;
}

export const realAgents: readonly RealAgent[] = [
  {
    id: 'claude',
    spec: '@anthropic-ai/claude-code@2.1.330',
    env: ({ url }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: 'none',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    files: ({ repository }) => ({
      '.claude.json': JSON.stringify({
        hasCompletedOnboarding: true,
        projects: { [repository]: { hasTrustDialogAccepted: true } },
      }),
      '.claude/settings.json': JSON.stringify({ env: { MINE: '1' }, hooks: {} }),
    }),
    ownsFiles: ['.claude.json'],
    yes: '\r',
    asksToWrite: true,
  },
  {
    id: 'codex',
    spec: '@openai/codex@0.169.0',
    env: () => ({ MOCK_API_KEY: 'none' }),
    files: ({ url, repository }) => ({
      '.codex/config.toml': [
        'model = "mock-model"',
        'model_provider = "mock"',
        'check_for_update_on_startup = false',
        '[model_providers.mock]',
        'name = "mock"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "MOCK_API_KEY"',
        `[projects."${repository}"]`,
        'trust_level = "trusted"',
        '',
        // It writes these itself at its first start.
        '[tui]',
        'screen_reader_detection_done = true',
        '',
        '[tui.model_availability_nux]',
        '"gpt-6.1-sol" = 4',
        '',
      ].join('\n'),
    }),
    yes: 'y',
    asksToWrite: true,
  },
  {
    id: 'opencode',
    spec: 'opencode-ai@1.18.33',
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    files: ({ url }) => ({ '.config/opencode/opencode.json': openCodeConfig(url, 'https://opencode.ai/config.json') }),
    yes: '\r',
    asksToWrite: true,
  },
  {
    id: 'kilo',
    spec: '@kilocode/cli@7.7.7',
    env: () => ({ KILO_DISABLE_AUTOUPDATE: '1', KILO_DISABLE_MODELS_FETCH: '1' }),
    files: ({ url }) => ({ '.config/kilo/kilo.json': openCodeConfig(url, 'https://app.kilo.ai/config.json') }),
    yes: '\r',
    asksToWrite: true,
  },
];

/** With its schema, which both would add to it. */
const openCodeConfig = (url: string, schema: string): string =>
  JSON.stringify(
    {
      $schema: schema,
      model: 'mock/mock-model',
      provider: {
        mock: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Mock',
          options: { baseURL: `${url}/v1`, apiKey: 'none' },
          models: { 'mock-model': { name: 'Mock', limit: { context: 1_000_000, output: 8000 }, tool_call: true } },
        },
      },
      // What we ask for one run holds over it, and leaves it as it is.
      permission: { bash: 'allow' },
    },
    null,
    2,
  );

export async function writeHome(home: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}
