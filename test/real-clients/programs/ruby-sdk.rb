# The AWS SDK for Ruby's default chain, asked who it is. Arguments and answers: see aws-cli.sh.
require 'json'
require 'aws-sdk-core'

profile = nil
again = false
until ARGV.empty?
  case argument = ARGV.shift
  when '--profile' then profile = ARGV.shift
  when '--again' then again = true
  else abort "unknown argument: #{argument}"
  end
end

# This SDK takes a proxy in code only.
Aws.config[:http_proxy] = ENV['HTTPS_PROXY'] if ENV['HTTPS_PROXY']

def make_client(**options)
  client = Aws::STS::Client.new(**options)
  [client, client.config.region]
rescue Aws::Errors::MissingRegionError
  [Aws::STS::Client.new(region: 'us-east-1', **options), '']
end

def say
  puts JSON.generate(yield)
rescue StandardError => e
  puts JSON.generate(error: "#{e.class}: #{e.message}")
ensure
  $stdout.flush
end

client = nil
ask = lambda do
  client ||= make_client(**(profile ? { profile: profile } : {}))
  sts, region = client
  identity = sts.get_caller_identity
  { arn: identity.arn, account: identity.account, region: region, source: sts.config.credentials.class.name }
end

say(&ask)
say(&ask) if again && $stdin.gets
