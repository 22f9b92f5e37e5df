/** Content limits of the WeCom API, sizes in UTF-8 bytes; the document number stands behind each. */

/** Text of a 1:1 welcome, 92137. */
export const MAX_TEXT_BYTES = 4000
/** Text of a group-welcome template, 92366 (the edit page prints 4000; the smaller figure is used). */
export const MAX_GROUP_WELCOME_BYTES = 3000
/** 92137. */
export const MAX_LINK_TITLE_BYTES = 128
export const MAX_LINK_DESCRIPTION_BYTES = 512
/** From errcode 40039; the page of the call gives no number (unconfirmed). */
export const MAX_URL_BYTES = 1024
/** 92137. */
export const MAX_MINIPROGRAM_TITLE_BYTES = 64
export const COVER_WIDTH = 520
export const COVER_HEIGHT = 416
/** Pictures go out as permanent `uploadimg` URLs up to 2 MB (90256), above that as temporary media up to 10 MB (90253). */
export const MAX_PICTURE_URL_BYTES = 2 * 1024 * 1024
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024
/** The text of errcode 45001 says 5 MB for images; sources disagree, so above it is a warning. */
export const DISPUTED_IMAGE_BYTES = 5 * 1024 * 1024
export const MAX_VIDEO_BYTES = 10 * 1024 * 1024
export const MAX_FILE_BYTES = 20 * 1024 * 1024
/** Media must exceed 5 bytes, 90253. */
export const MIN_MEDIA_BYTES = 6
/** Group-welcome templates of a corp, 92366. */
export const MAX_GROUP_WELCOMES = 100
/** Members of one contact way, departments expanded, 92228. */
export const MAX_CONTACT_WAY_MEMBERS = 100
