import type { Backend } from '../backend.ts'
import type { Sdk } from '../sdk.ts'
import { installFrontEnds } from './install.ts'
import { nextSdk } from './next.ts'
import { reactNativeSdk } from './react-native.ts'
import { reactSdk } from './react.ts'

/** The SDKs of front ends, and for each that cannot run here the reason. */
export async function createFrontEnds(
  backend: Backend,
): Promise<{ frontEnds: readonly Sdk[]; notRun: readonly string[] }> {
  const frontEnds: Sdk[] = []
  const notRun: string[] = []
  const attempt = async (name: string, create: () => Sdk | Promise<Sdk>): Promise<void> => {
    try {
      frontEnds.push(await create())
    } catch (error) {
      notRun.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  let folder: string
  try {
    folder = installFrontEnds()
  } catch {
    return { frontEnds, notRun: ['the SDKs of front ends could not be installed.'] }
  }
  await attempt('@descope/nextjs-sdk', () => nextSdk(folder, backend))
  await attempt('@descope/react-sdk', () => reactSdk(folder, backend))
  await attempt('@descope/react-native-sdk', () => reactNativeSdk(folder, backend))
  return { frontEnds, notRun }
}
