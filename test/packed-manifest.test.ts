import { expect, test } from 'vitest'

type Environment = Record<'GITHUB_SERVER_URL' | 'GITHUB_REPOSITORY', string | undefined>
const script = new URL('../tools/scripts/packed-manifest.mjs', import.meta.url)
const {
  repositoryUrl,
}: { repositoryUrl: (env: Environment, origin: string) => string | undefined } = await import(
  script.href
)

const none = { GITHUB_SERVER_URL: undefined, GITHUB_REPOSITORY: undefined }

test.each([
  'https://github.com/acme/linkpass.git\n',
  'https://github.com/acme/linkpass',
  'https://user:secret@github.com/acme/linkpass.git',
  'git@github.com:acme/linkpass.git',
  'ssh://git@github.com/acme/linkpass.git',
])('the repository of a tarball is the remote %s', (origin) => {
  expect(repositoryUrl(none, origin)).toBe('git+https://github.com/acme/linkpass.git')
})

test('it is the one that a hosted workflow runs for, and none for a local copy', () => {
  const hosted = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/linkpass' }
  expect(repositoryUrl(hosted, '/srv/copy')).toBe('git+https://github.com/acme/linkpass.git')
  for (const origin of ['', '/srv/copy', '../copy', 'file:///srv/copy']) {
    expect(repositoryUrl(none, origin)).toBeUndefined()
  }
})
