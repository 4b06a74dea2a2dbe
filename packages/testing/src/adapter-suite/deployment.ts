import type { TestAdapter } from './adapter.ts'
import { compressingGatewayCases } from './deployment/compressing-gateway.ts'
import { doubleClickCases } from './deployment/double-click.ts'
import { frontEndCases } from './deployment/front-ends.ts'
import { gatewayCases } from './deployment/gateway.ts'
import { endedElsewhereCases } from './deployment/ended-elsewhere.ts'
import { mountingCases } from './deployment/mounting.ts'
import { pathPrefixCases } from './deployment/path-prefix.ts'
import { responseHeaderCases } from './deployment/response-headers.ts'
import { neighbouringReleaseCases } from './deployment/neighbouring-releases.ts'
import { refreshAcrossInstancesCases } from './deployment/refresh-across-instances.ts'
import { serviceOutageCases } from './deployment/service-outage.ts'
import { storeOutageCases } from './deployment/store-outage.ts'

/** Apps as they are deployed: where they are mounted, and outages. */
export function deploymentCases(adapter: TestAdapter): void {
  mountingCases(adapter)
  frontEndCases(adapter)
  pathPrefixCases(adapter)
  doubleClickCases(adapter)
  endedElsewhereCases(adapter)
  neighbouringReleaseCases(adapter)
  refreshAcrossInstancesCases(adapter)
  serviceOutageCases(adapter)
  gatewayCases(adapter)
  compressingGatewayCases(adapter)
  responseHeaderCases(adapter)
  storeOutageCases(adapter)
}
