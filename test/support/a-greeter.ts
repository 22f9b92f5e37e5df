import {createGreeter, type Greeter} from '../../scripts/core/greet/create-greeter.js'
import type {RenderOptions} from '../../scripts/core/greet/render-welcome.js'
import type {Asset} from '../../scripts/core/model/config.js'
import type {Choice, Query, Welcome} from '../../scripts/core/model/choice.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {type Changes, configOf} from './a-config.js'

/** Who, when (an instant with offset, or Shanghai time without one) and through which code. */
export type Asked = Omit<Query, 'atMs'> & {readonly at: string}

export interface AskedGreeter {
  readonly greeter: Greeter
  choose(asked: Asked): Choice
  explain: (asked: Asked) => ReturnType<Greeter['explain']>
  /** A template id, `-` for silence on purpose, `built-in` for the last resort. */
  says(asked: Asked): string
  render(asked: Asked, options?: RenderOptions): Welcome
}

/** Shanghai time unless the text carries its own offset. */
export const instant = (at: string): number => Date.parse(/Z$|[+-]\d\d:\d\d$/.test(at) ? at : `${at}+08:00`)

/** A greeter over files, as `configOf` takes them. */
export function aGreeter(changes: Changes, assets: readonly Asset[] = []): AskedGreeter {
  const config = configOf(changes, assets)
  const greeter = createGreeter(assembleRelease(config), assembleDirectory(config))
  const choose = ({at, ...query}: Asked): Choice => greeter.choose({...query, atMs: instant(at)})
  return {
    greeter,
    choose,
    explain: ({at, ...query}) => greeter.explain({...query, atMs: instant(at)}),
    says: (asked) => {
      const {template, silent} = choose(asked)
      return silent ? '-' : (template ?? 'built-in')
    },
    render: (asked, options) => greeter.render(choose(asked), options),
  }
}

/** Small templates that say their own name. */
export const templates = (...ids: readonly string[]): Record<string, object> =>
  Object.fromEntries(ids.map((id) => [`templates/${id}.yaml`, {title: id, text: `这是 ${id}`}]))

/** A schedule file. */
export const schedule = (id: string, audience: object, body: object): Record<string, object> => ({
  [`schedules/${id}.yaml`]: {title: id, audience, ...body},
})

/** Members by id with their departments; more fields as wanted. */
export const members = (
  ...list: readonly {id: string; departments?: readonly string[]; [field: string]: unknown}[]
): Record<string, object> => ({
  'organization.yaml': {members: list.map((one) => ({departments: ['/总部'], ...one}))},
})

/** Takes the small start's own words away, so that only what a test writes can be said. */
export const BARE: Changes = {
  'facts.yaml': null,
  'links.yaml': null,
  'roles.yaml': null,
  'templates/hello.yaml': null,
  'schedules/all.yaml': null,
}
