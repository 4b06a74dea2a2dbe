import type { Diagnosis } from '../diagnosis.ts'
import { projectIdPattern } from '../facts.ts'

export const projectId: Diagnosis = {
  name: 'project-id',
  examine: ({ projectId }) => {
    if (projectIdPattern.test(projectId)) return { status: 'ok', found: projectId }
    const expected = 'DESCOPE_PROJECT_ID is "P" and 27 to 40 letters and digits'
    if (projectId === '') {
      const fix =
        'Copy the id of the project from the console into DESCOPE_PROJECT_ID, or use --env FILE.'
      return { status: 'problem', found: 'DESCOPE_PROJECT_ID is not set', expected, fix }
    }
    const inside = /P[A-Za-z0-9]{27,40}/.test(projectId)
    return {
      status: 'problem',
      found: inside
        ? 'DESCOPE_PROJECT_ID has other characters around the id'
        : `DESCOPE_PROJECT_ID is no project id; its length is ${projectId.length}`,
      expected,
      fix: inside
        ? 'Remove quotes, spaces and comments around the id.'
        : 'Copy the id from the console. A management key begins with "K" and is no project id.',
    }
  },
}
