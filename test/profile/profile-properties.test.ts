import { describeProfileProperties } from './profile-properties.ts';

describeProfileProperties(Number(process.env['PROPERTY_RUNS'] ?? 1000));
