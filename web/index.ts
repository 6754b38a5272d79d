export { type FeedSources, type LiveFacts, SnapshotFeed } from './feed.js';
export { type DashboardOptions, type RunningDashboard, startDashboard } from './server.js';
export type { PipelineOutline, QueryNow, QueryOutline, ServiceState, Verification } from './snapshot.js';
