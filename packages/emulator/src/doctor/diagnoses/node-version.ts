import type { Diagnosis } from '../diagnosis.ts'

const oldest = [20, 19] as const

export const nodeVersion: Diagnosis = {
  name: 'node-version',
  examine: ({ nodeVersion }) => {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
    const isNew = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
    if (isNew) return { status: 'ok', found: `Node ${nodeVersion}` }
    return {
      status: 'problem',
      found: `Node ${nodeVersion}`,
      expected: `Node ${oldest.join('.')} or newer`,
      fix: 'Install a maintained release of Node, such as 24.',
    }
  },
}
