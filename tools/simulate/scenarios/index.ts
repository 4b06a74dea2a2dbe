import { enchanted } from './enchanted.ts'
import { logout } from './logout.ts'
import { refresh } from './refresh.ts'
import type { Scenario } from './scenario.ts'

/** The scenarios, by name. */
export const scenarios = { refresh, enchanted, logout } as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios

export function isScenario(name: string): name is ScenarioName {
  return name in scenarios
}

/** The scenario of a schedule, where none was chosen: one after the other. */
export function scenarioOf(seed: number): ScenarioName {
  return (['refresh', 'enchanted', 'logout'] as const)[seed % 3] ?? 'refresh'
}
