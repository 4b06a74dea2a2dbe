import type { TestAdapter } from './adapter.ts'
import { anyRequestCases } from './hostile/any-request.ts'
import { hostileLinkRequestCases } from './hostile/link-requests.ts'
import { scannerCases } from './hostile/scanners.ts'
import { hostileServiceCases } from './hostile/service.ts'
import { unusableResponseCases } from './hostile/unusable-responses.ts'

/** Hostile clients, mail scanners, and a service that responds wrongly. */
export function hostileCases(adapter: TestAdapter): void {
  scannerCases(adapter)
  anyRequestCases(adapter)
  hostileLinkRequestCases(adapter)
  hostileServiceCases(adapter)
  unusableResponseCases(adapter)
}
