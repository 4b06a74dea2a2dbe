import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedPort } from './broken-server.ts'
import type { ReverseProxy } from './reverse-proxy.ts'

/** Where nginx is; undefined where it is not installed. */
export const nginxPath: string | undefined = [
  process.env['NGINX_PATH'] ?? '',
  '/usr/sbin/nginx',
  '/usr/bin/nginx',
  '/opt/homebrew/bin/nginx',
].find((path) => existsSync(path))

/** Starts an nginx of its own that serves an app below `/app/` and takes that path off. */
export async function startNginx(): Promise<ReverseProxy> {
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
      writeFileSync(config, configFor(folder, port, address))
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

function configFor(folder: string, port: number, address: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ')
  return `pid ${folder}/pid;
events {}
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    location /app/ {
      proxy_pass ${address.replace('localhost', '127.0.0.1')}/;
      proxy_buffer_size 16k;
      proxy_buffers 8 16k;
    }
  }
}
`
}
