/** A real nginx that gives requests to the instances in turn. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedPort, eventually } from '@linkpass/testing'

/** Where nginx is; undefined where it is not installed. */
export const nginxPath: string | undefined = [
  '/usr/sbin/nginx',
  '/usr/bin/nginx',
  '/opt/homebrew/bin/nginx',
].find((path) => existsSync(path))

/** A balancer without stickiness. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
  /** Starts it for these instances. */
  start(ports: readonly number[]): Promise<void>
}

/** Makes one on a free port. */
export async function createBalancer(): Promise<Balancer> {
  if (nginxPath === undefined) throw new Error('nginx is not installed: apt-get install nginx')
  const program = nginxPath
  const port = await closedPort()
  const folder = mkdtempSync(join(tmpdir(), 'linkpass-nginx-'))
  const started: { end?: () => Promise<unknown> } = {}
  return {
    port,
    async start(ports) {
      const file = join(folder, 'nginx.conf')
      writeFileSync(file, configFor(folder, port, ports))
      const nginx = spawn(program, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
        stdio: 'ignore',
      })
      started.end = async () => {
        const exit = once(nginx, 'exit')
        nginx.kill('SIGTERM')
        await exit
      }
      await eventually('nginx listens', () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        ),
      )
    },
    async [Symbol.asyncDispose]() {
      await started.end?.()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configFor(folder: string, port: number, ports: readonly number[]): string {
  const servers = ports.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join('\n    ')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ')
  return `daemon off;
pid ${folder}/pid;
worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary}
  upstream app {
    ${servers}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffer_size 16k;
      proxy_buffers 8 16k;
      proxy_read_timeout 30s;
    }
  }
}
`
}
