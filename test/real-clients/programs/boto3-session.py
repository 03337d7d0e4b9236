"""boto3's default session, asked who it is. Arguments and answers: see aws-cli.sh."""

import argparse
import json
import sys

import boto3

parser = argparse.ArgumentParser()
parser.add_argument("--profile")
parser.add_argument("--again", action="store_true")
arguments = parser.parse_args()
made = []


def session_and_client():
    if not made:
        session = boto3.Session(profile_name=arguments.profile)
        client = session.client("sts", region_name=session.region_name or "us-east-1")
        made.extend([session, client])
    return made


def answer():
    session, client = session_and_client()
    identity = client.get_caller_identity()
    return {
        "arn": identity["Arn"],
        "account": identity["Account"],
        "region": session.region_name or "",
        "source": session.get_credentials().method,
    }


def say():
    try:
        line = answer()
    except Exception as error:  # whatever goes wrong is the answer
        line = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(line), flush=True)


say()
if arguments.again and sys.stdin.readline():
    say()
