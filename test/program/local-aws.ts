import { afterAll, afterEach, beforeAll } from 'vitest';
import { type AwsOptions, type LocalAws, startAws } from '../aws-simulator/aws.ts';

/** One local AWS for all tests of a file. Faults end with their test. */
export function useAws(options?: AwsOptions): () => LocalAws {
  let aws: LocalAws | undefined;
  beforeAll(async () => {
    aws = await startAws(options);
  });
  afterEach(() => aws?.clearFaults());
  afterAll(() => aws?.close());
  return () => {
    if (aws === undefined) throw new Error('the local AWS runs within tests only');
    return aws;
  };
}
