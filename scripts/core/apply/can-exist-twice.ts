import type {GroupWelcomeValue, Step} from '../model/plan.js'

/** Creates that WeCom carries out once more when they are repeated; one that fills a free slot is an edit and is not. */
export const canExistTwice = ({kind, action, after}: Pick<Step, 'kind' | 'action' | 'after'>): boolean =>
  action === 'create' &&
  (kind === 'contact-way' || (kind === 'group-welcome' && (after as GroupWelcomeValue).slot === undefined))
