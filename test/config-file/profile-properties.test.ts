import { describeProfileProperties } from './profile-properties.ts';
import { describeProfileSequences } from './profile-sequences.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 1000);

describeProfileProperties(runs);
describeProfileSequences(runs);
