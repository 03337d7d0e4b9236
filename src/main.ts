import { stdout } from 'node:process';

stdout.write('sem-aws-login\n');
