#!/bin/bash
# The agent's post-job hook: runs also where a job was stopped and its epilogue did not.
sem-aws-login logout >/dev/null
