export { type FeedSources, type LiveFacts, SnapshotFeed } from './feed.js';
export { type DashboardOptions, isLoopback, type RunningDashboard, startDashboard } from './server.js';
export type { PipelineOutline, QueryNow, QueryOutline, ServiceState, Snapshot } from './snapshot.js';
