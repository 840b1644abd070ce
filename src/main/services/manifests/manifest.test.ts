import { describe, expect, it } from 'vitest';

import { ecosystemOf, readManifest } from './manifest.ts';

const named = (path: string, text: string): Record<string, string> | undefined => {
  const manifest = readManifest(path, text);
  return manifest ? Object.fromEntries(manifest.dependencies.map(({ name, version }) => [name, version])) : undefined;
};

describe('a manifest', () => {
  it('is known by its name', () => {
    expect(
      ['package.json', 'a/go.mod', 'Cargo.toml', 'pyproject.toml', 'requirements-dev.txt', 'requirements/base.in'].map(
        ecosystemOf,
      ),
    ).toEqual(['npm', 'go', 'cargo', 'python', 'python', 'python']);
    expect(['package-lock.json', 'my-package.json', 'readme.txt'].map(ecosystemOf)).toEqual([null, null, null]);
  });

  it('of npm', () => {
    const text = JSON.stringify(
      { name: 'x', version: '1.2.0', dependencies: { ws: '8.0.0' }, devDependencies: { '@types/ws': '^8' } },
      null,
      2,
    );
    expect(named('package.json', text)).toEqual({ ws: '8.0.0', '@types/ws': '^8' });
    expect(readManifest('package.json', text)).toMatchObject({
      version: { value: '1.2.0', line: 3 },
      dependencies: [
        { name: 'ws', line: 5 },
        { name: '@types/ws', line: 8 },
      ],
    });
  });

  it('of Python, both kinds', () => {
    expect(
      named(
        'requirements.txt',
        '# tools\n-r base.txt\nDjango>=5.0,<6  # web\nmy_pkg[extra] == 1.0 ; python_version<"3.12"\nhttps://x.y/z.whl\nplain\n',
      ),
    ).toEqual({ django: '>=5.0,<6', 'my-pkg': '==1.0', plain: '' });
    expect(
      named(
        'pyproject.toml',
        '[project]\nversion = "2.0"\ndependencies = ["requests>=2", "a.b"]\n[project.optional-dependencies]\ndev = ["pytest"]\n[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3"\n[tool.poetry.group.dev.dependencies]\nblack = { version = "24" }\n',
      ),
    ).toEqual({ requests: '>=2', 'a-b': '', pytest: '', flask: '^3', black: '24' });
  });

  it('of Go', () => {
    expect(
      named(
        'go.mod',
        'module x\n\ngo 1.22\n\nrequire golang.org/x/text v0.3.0\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\nreplace a => b v1.0.0\n',
      ),
    ).toEqual({ 'golang.org/x/text': 'v0.3.0', 'github.com/a/b': 'v1.2.3' });
  });

  it('of Rust', () => {
    expect(
      named(
        'Cargo.toml',
        '[package]\nversion = "0.1.0"\n[dependencies]\nserde = "1"\ntokio = { version = "1.40", features = ["full"] }\n[dev-dependencies]\nrand = "0.8"\n',
      ),
    ).toEqual({ serde: '1', tokio: '1.40', rand: '0.8' });
  });

  it('that is broken, hostile or no manifest is none', () => {
    expect(named('package.json', '{')).toBeUndefined();
    expect(named('package.json', '[]')).toEqual({});
    expect(named('package.json', '{"dependencies": 4}')).toEqual({});
    expect(named('Cargo.toml', `a = ${'['.repeat(100_000)}`)).toBeUndefined();
    expect(named('pyproject.toml', 'x'.repeat(1_000_001))).toBeUndefined();
    expect(named('package.json', '{"dependencies": {"__proto__": "1", "(((": "2"}}')).toBeDefined();
    expect(named('readme.md', '')).toBeUndefined();
  });
});
