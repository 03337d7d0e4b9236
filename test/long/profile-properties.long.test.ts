import { describeProfileProperties, describeReadProperties } from '../profile/profile-properties.ts';
import { describeProfileSequences } from '../profile/profile-sequences.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 10_000);

describeProfileProperties(runs);
describeReadProperties(runs);
describeProfileSequences(runs);
