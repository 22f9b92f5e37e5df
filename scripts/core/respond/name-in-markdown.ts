import {plainLine} from '../model/plain-line.js'

/** WeCom's ids are 64 characters at most. */
const MOST_CHARACTERS = 64

/** A name or id as plain characters of a robot's markdown (WeCom 91770): nobody is called (`<@userid>`), nothing is linked. */
export const nameInMarkdown = (name: string): string => plainLine(name, MOST_CHARACTERS).replace(/[<>[\]()*`]/g, ' ')
