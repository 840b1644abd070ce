import { afterEach, expect, it } from 'vitest';

import { TestMerges } from './test-merges.ts';

let world: TestMerges;
afterEach(async () => {
  await world.remove();
});

it('a squash names the commits as they were called, whatever encoding the person reads logs in', async () => {
  world = await TestMerges.create();
  await world.repository.git('config', 'i18n.logOutputEncoding', 'ISO-8859-1');
  await world.commitOn('topic', { 'size.ts': 'one\n' }, 'Größe der Straße');
  await world.commitOn('topic', { 'size.ts': 'two\n' }, 'Überall');
  const merged = await world.confirm('squash');
  expect(merged).toMatchObject({ ok: true });
  await world.repository.git('config', '--unset', 'i18n.logOutputEncoding');
  const message = await world.repository.git('log', '-1', '--format=%B', 'main');
  expect(message).toContain('* Größe der Straße\n* Überall');
});
