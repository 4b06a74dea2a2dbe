// Load for a server, from connections that each send their next request when the last is answered.
import { createHistogram } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Client } from 'undici'

/**
 * Opens `connections` to `url`. `run` keeps all of them busy for a while and tells what a request
 * took: `us` of the clock with all connections together, `p99Ms` for one of them. `atRate` asks at
 * a steady rate instead.
 */
export function createLoad(url, { connections, headersOf }) {
  const clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }))
  let sent = 0

  async function ask(client, latencies, since = process.hrtime.bigint()) {
    const status = await statusOf(client, headersOf(sent++))
    if (status !== 200) throw new Error(`The route answered ${status}; nothing was measured.`)
    latencies.record(process.hrtime.bigint() - since)
  }

  return {
    async run(ms) {
      const latencies = createHistogram()
      const start = performance.now()
      const keepBusy = async (client) => {
        while (performance.now() - start < ms) {
          await ask(client, latencies)
        }
      }
      const asking = Promise.all(clients.map(keepBusy))
      await neverAsleep(asking)
      const us = (performance.now() - start) * 1000
      const answered = latencies.count
      return { us: us / answered, answered, p99Ms: latencies.percentile(99) / 1e6 }
    },

    /** Asks at a steady rate, whether answers come or not; waits count from when each was due. */
    async atRate(perSecond, ms) {
      const latencies = createHistogram()
      const start = process.hrtime.bigint()
      const interval = BigInt(Math.round(1e9 / perSecond))
      const total = Math.round((perSecond * ms) / 1000)
      const answers = []
      while (answers.length < total) {
        const due = start + BigInt(answers.length) * interval
        if (process.hrtime.bigint() < due) await nextTurn()
        else answers.push(ask(clients[answers.length % connections], latencies, due))
      }
      await Promise.all(answers)
      return { p50Ms: latencies.percentile(50) / 1e6, p99Ms: latencies.percentile(99) / 1e6 }
    },

    close: () => Promise.all(clients.map((client) => client.destroy())),
  }
}

/**
 * Waits for `work` without ever sleeping. A server would pay for waking this process with each answer,
 * and the fast ones, which leave it no time to sleep, would not.
 */
async function neverAsleep(work) {
  let turn
  const spin = () => (turn = setImmediate(spin))
  spin()
  try {
    await work
  } finally {
    clearImmediate(turn)
  }
}

function statusOf(client, headers) {
  return new Promise((resolve, reject) => {
    let status
    client.dispatch(
      { method: 'GET', path: '/', headers },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode
        },
        onResponseData() {},
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}
