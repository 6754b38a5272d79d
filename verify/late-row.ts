/** What a query left out because it came after the watermark: one event and one of its windows. */
export interface LateRow {
  readonly partition: number;
  readonly offset: number;
  readonly batchId: number;
  readonly eventTime: string;
  /** End of the window that was closed already. */
  readonly windowEnd: string;
  readonly watermark: string;
}

/** Late rows of several queries, told apart. */
export interface LateRowOfQuery extends LateRow {
  readonly query: string;
}
