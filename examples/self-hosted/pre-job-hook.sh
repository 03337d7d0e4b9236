#!/bin/bash
# The agent's pre-job hook: installs the program for the agent's user, once; later jobs find it there.
# With an agent that sources its hook, PATH reaches the job; with another, the job's prologue sets it by the same line.
export PATH="$HOME/.sem-aws-login/bin:$PATH"
curl -fsSL https://sem-aws-login.example/releases/install.sh | bash
