#!/bin/bash
# The agent's pre-job hook: installs the program for the agent's user, once; later jobs find it there.
# With an agent that sources its hook, PATH reaches the job.
curl -fsSL https://sem-aws-login.example/install.sh | bash
