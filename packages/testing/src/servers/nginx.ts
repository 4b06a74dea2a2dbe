import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { closedPort } from './broken-server.ts'
import type { ReverseProxy } from './reverse-proxy.ts'

/** Where nginx is; undefined where it is not installed. */
const nginxPath: string | undefined = [
  process.env['NGINX_PATH'] ?? '',
  '/usr/sbin/nginx',
  '/usr/bin/nginx',
  '/opt/homebrew/bin/nginx',
].find((path) => existsSync(path))

/** What an nginx of a test does. */
export interface NginxOptions {
  /** The path that it serves the app below, and takes off. @default '/' */
  readonly path?: string
  /** Whether it stores each response for ten minutes that does not forbid it (`proxy_cache_valid`). */
  readonly caches?: boolean
}

/** Skips a test, with the reason, where there is no nginx. */
export function nginxOrSkip(context: TestContext): void {
  context.skip(
    nginxPath === undefined,
    'nginx is not installed (Debian: apt-get install nginx-light), and NGINX_PATH is not set',
  )
}

/** Starts an nginx of its own in front of an app. */
export async function startNginx(options: NginxOptions = {}): Promise<ReverseProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'linkpass-nginx-'))
  const port = await closedPort()
  const config = join(folder, 'nginx.conf')
  const run = (...options: readonly string[]): void => {
    const { status, stderr } = spawnSync(nginxPath ?? 'nginx', [
      ...['-p', folder, '-c', config, '-e', join(folder, 'error.log'), ...options],
    ])
    if (status !== 0) throw new Error(`nginx failed: ${stderr.toString()}`)
  }
  return {
    origin: `http://localhost:${port}`,
    leadTo: (address) => {
      writeFileSync(config, configFor(folder, port, address, options))
      // It returns once the port is bound.
      run()
    },
    [Symbol.asyncDispose]: async () => {
      if (existsSync(join(folder, 'pid'))) {
        process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configFor(
  folder: string,
  port: number,
  address: string,
  { path = '/', caches = false }: NginxOptions,
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ')
  const cache = `proxy_cache test;
      proxy_cache_valid any 10m;
      add_header X-Cache-Status $upstream_cache_status always;`
  // The worker of a master that root started is another user, who cannot write into the folder.
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
events {}
http {
  access_log off;
  ${temporary}
  proxy_cache_path ${folder}/cache keys_zone=test:1m;
  server {
    listen 127.0.0.1:${port};
    location ${path} {
      proxy_pass ${address.replace('localhost', '127.0.0.1')}/;
      proxy_buffer_size 16k;
      proxy_buffers 8 16k;
      ${caches ? cache : ''}
    }
  }
}
`
}
