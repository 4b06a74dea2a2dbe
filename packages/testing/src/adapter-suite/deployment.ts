import type { TestAdapter } from './adapter.ts'
import { mountingCases } from './deployment/mounting.ts'
import { serviceOutageCases } from './deployment/service-outage.ts'
import { storeOutageCases } from './deployment/store-outage.ts'

/** Apps as they are deployed: where they are mounted, and outages. */
export function deploymentCases(adapter: TestAdapter): void {
  mountingCases(adapter)
  serviceOutageCases(adapter)
  storeOutageCases(adapter)
}
