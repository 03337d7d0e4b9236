import { describeReadProperties } from './profile-properties.ts';

describeReadProperties(Number(process.env['PROPERTY_RUNS'] ?? 1000));
