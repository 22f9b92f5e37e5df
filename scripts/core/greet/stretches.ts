import type {Choice, Query} from '../model/choice.js'
import type {Greeter} from './create-greeter.js'

/** Choices that differ from the one before, each with the instant it begins at. */
export function stretchesOf(
  greeter: Greeter,
  {query, untilMs}: {readonly query: Query; readonly untilMs: number},
): Choice[] {
  const stretches: Choice[] = []
  let last = ''
  for (const choice of greeter.choicesUntil(query, untilMs)) {
    const key = answerKey(choice)
    if (key !== last) stretches.push(choice)
    last = key
  }
  return stretches
}

/** Everything about an answer but when and of whom it was asked. */
export const answerKey = ({level, template, silent, schedule, slot, successor, notices}: Choice): string =>
  `${level} ${template ?? (silent ? '-' : '')} ${schedule ?? ''} ${slot?.name ?? ''} ${slot?.startsOn ?? ''} ${successor ?? ''} ${notices.join()}`
