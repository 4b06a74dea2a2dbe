import type { NamedFinding } from './diagnosis.ts'
import { diagnoses } from './diagnoses/index.ts'
import { type DoctorOptions, gatherFacts } from './facts.ts'

/** Examines the environment of an app, and the service as this machine reaches it. */
export async function examine(options: DoctorOptions): Promise<readonly NamedFinding[]> {
  const facts = await gatherFacts(options)
  return diagnoses.map(({ name, examine }) => ({ name, ...examine(facts) }))
}
