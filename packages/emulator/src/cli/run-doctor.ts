import { examine } from '../doctor/examine.ts'
import { findingText } from '../doctor/report.ts'
import type { CliSettings, DoctorSettings } from './arguments.ts'

/** Runs `doctor`, prints its findings, and resolves to the exit code: 1 with a problem, else 0. */
export async function runDoctor(settings: CliSettings & DoctorSettings): Promise<number> {
  const { appUrl, tokenFile, envFile, projectId, json } = settings
  if (envFile !== undefined) {
    try {
      process.loadEnvFile(envFile)
    } catch {
      console.error(`--env: ${envFile} could not be read.`)
      return 2
    }
  }
  const findings = await examine({
    environment: {
      ...process.env,
      ...(projectId !== undefined && { DESCOPE_PROJECT_ID: projectId }),
    },
    folder: process.cwd(),
    nodeVersion: process.versions.node,
    appUrl,
    tokenFile,
    timeoutMs: settings.timeoutSeconds * 1000,
  })
  const exitCode = findings.some(({ status }) => status === 'problem') ? 1 : 0
  if (json) console.log(JSON.stringify({ exitCode, findings }))
  else for (const finding of findings) console.log(findingText(finding))
  return exitCode
}
