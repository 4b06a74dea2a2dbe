// What runs in this process, by the inspector's precise coverage.
import { Session } from 'node:inspector/promises'

const packages = new URL('../../packages/', import.meta.url).href

/** Starts to count; returns what resolves to the files and functions of packages/ that work runs. */
export async function startCoverage() {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async (work) => {
    // Each call reports what ran since the last one.
    await session.post('Profiler.takePreciseCoverage')
    await work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const scripts = result
      .filter(({ url }) => url.startsWith(packages) && !url.includes('/node_modules/'))
      .map(({ url, functions }) => ({ file: url.slice(packages.length), ran: countRun(functions) }))
      .filter(({ ran }) => ran > 0)
    return {
      files: scripts.map(({ file }) => file).sort(),
      functions: scripts.reduce((sum, { ran }) => sum + ran, 0),
    }
  }
}

function countRun(functions) {
  return functions.filter(({ ranges }) => ranges[0].count > 0).length
}
