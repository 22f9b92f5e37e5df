import type {WrittenCalendar} from './written.js'

/** Stands under `reviewedBy` until a second person has compared the year with the official notice. */
export const NOT_REVIEWED = '待复核'

export const isReviewed = ({reviewedBy}: Pick<WrittenCalendar['years'][string], 'reviewedBy'>): boolean =>
  reviewedBy.trim() !== NOT_REVIEWED
