// The pipeline that a command is about: the user-activity pipeline with the settings' numbers, or one that a file of the user's exports.
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';
import type { Pipeline } from '../spark/pipeline/index.js';

/**
 * @param file TypeScript or JavaScript whose default export is a pipeline; undefined: the user-activity pipeline.
 * @throws PipelineError when the file cannot be loaded or its pipeline contradicts itself.
 */
export async function openPipeline(settings: Settings, file?: string): Promise<Pipeline> {
  const { loadPipeline, userActivity } = await import('../spark/pipeline/index.js');
  if (file !== undefined) return loadPipeline(file, join(settings.stateDir, 'pipelines'));
  const { watermarkDelayMs, sessionTimeoutMs, futureToleranceMs } = settings.pipeline;
  return userActivity({ topic: settings.topics.activity, watermarkDelayMs, sessionTimeoutMs, futureToleranceMs });
}
