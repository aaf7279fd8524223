import { sha256 } from '@trace2/core'
import type { Split } from '@trace2/store'
import { raise } from '../errors.ts'

/** Which part of the groups falls into each split, in percent. */
export type SplitShares = { readonly [split in Split]: number }

/** All splits, in the usual order. */
export const splits: readonly Split[] = ['train', 'validation', 'holdout']

/** The shares of a dataset that declares none. */
export const usualShares: SplitShares = { train: 60, validation: 20, holdout: 20 }

/** The name of a split, or `undefined`. */
export function splitNamed(name: unknown): Split | undefined {
  return splits.find((split) => split === name)
}

/**
 * Shares from `60/20/20`: train, validation, holdout.
 *
 * @throws {Trace2Error} `T2_DATASET_SHARES` unless there are three that sum to 100.
 */
export function parseShares(text: string): SplitShares {
  const [train = Number.NaN, validation = Number.NaN, holdout = Number.NaN, ...more] = text
    .split('/')
    .map((part) => (/^\s*\d{1,3}(\.\d{1,6})?\s*$/.test(part) ? Number(part) : Number.NaN))
  const sum = train + validation + holdout
  if (more.length > 0 || !(Math.abs(sum - 100) < 1e-9)) {
    throw raise('T2_DATASET_SHARES', `${JSON.stringify(text)} are no shares of three splits.`)
  }
  return { train, validation, holdout }
}

/** What {@link parseShares} reads. */
export function sharesText({ train, validation, holdout }: SplitShares): string {
  return `${train}/${validation}/${holdout}`
}

/**
 * Returns the split of a group. It depends only on the name of the group and on the shares. New cases therefore move
 * nothing, and a group is in the same split of all datasets with these shares.
 */
export function splitOf(group: string, shares: SplitShares): Split {
  const place = (Number.parseInt(sha256(group).slice(0, 12), 16) / 16 ** 12) * 100
  if (place < shares.train) return 'train'
  return place < shares.train + shares.validation ? 'validation' : 'holdout'
}

const sharesAtEnd = /; split (\d[\d.]*\/\d[\d.]*\/\d[\d.]*)$/

/** The origin of a version, with the shares that its cases were split by at its end. */
export function originWithShares(origin: string, shares: SplitShares): string {
  return `${origin}; split ${sharesText(shares)}`
}

/** The shares in the origin of a version: what is added to it later is split alike. */
export function sharesOfOrigin(origin: string): SplitShares {
  const text = sharesAtEnd.exec(origin)?.[1]
  return text === undefined ? usualShares : parseShares(text)
}
