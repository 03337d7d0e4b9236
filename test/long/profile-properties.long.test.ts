import { describeProfileProperties, describeReadProperties } from '../config-file/profile-properties.ts';
import { describeProfileSequences } from '../config-file/profile-sequences.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 10_000);

describeProfileProperties(runs);
describeReadProperties(runs);
describeProfileSequences(runs);
